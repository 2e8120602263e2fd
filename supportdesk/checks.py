"""System checks of the project: what must never be deployed."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from cases import gates


@register(Tags.urls)
def every_view_states_its_access(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Deny by default: a view without a declared gate is an error before it is a page."""
    return [
        Error(f"The view of /{path} declares no access.", id="supportdesk.E001")
        for path, view in walk(get_resolver().url_patterns)
        if not gates.is_stated(view)
    ]


def walk(patterns: Sequence[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every (path, view) of the URLconf, including those of included ones."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.callback
