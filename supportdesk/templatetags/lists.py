"""The rows of the staff's lists: Unfold's look at a tenth of the work.

For each row Unfold renders the headers again, two templates for each checkbox and the same thirty
classes for each cell: half the time of a queue page. Here they are made once per list. Features
that our lists do not use are left out: editing in place, row actions and sections, dragging.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.templatetags.unfold_list import CHECKBOX_CLASSES, ROW_CLASSES, result_headers
from unfold.utils import display_for_field, display_for_value

register = Library()


@register.inclusion_tag("admin/result_list.html")
def result_list(change_list: Any) -> dict[str, Any]:
    """The table of the list: its headers, and its rows."""
    headers = list(result_headers(change_list))
    return {
        "cl": change_list,
        "result_headers": headers,
        "num_sorted_fields": sum(1 for each in headers if each.get("sorted")),
        "rows": list(rows(change_list, headers)),
    }


def rows(change_list: Any, headers: list[dict[str, Any]]) -> Iterator[SafeString]:
    """The cells of each row, one row after the other."""
    columns = change_list.list_display
    empty = change_list.model_admin.get_empty_value_display()
    holes = (_hole(change_list, *each) for each in zip(columns, headers, strict=True))
    pattern = "".join(holes)
    for row in change_list.result_list:
        yield format_html(pattern, *(cell(change_list, name, row, empty) for name in columns))


def _hole(change_list: Any, name: Any, header: dict[str, Any]) -> str:
    """A cell of the column with a gap for its content: a pattern for `format_html`."""
    if name == "action_checkbox":
        classes, label = CHECKBOX_CLASSES, "Select record"
    else:
        classes, label = [f"field-{_word(name)}", *ROW_CLASSES], header["text"]
    tag = "th" if name in (change_list.list_display_links or ())[:1] else "td"
    begin = format_html('<{} class="{}" data-label="{}">', tag, " ".join(classes), label)
    return begin.replace("{", "{{").replace("}", "}}") + f"{{}}</{tag}>"


def _word(name: Any) -> str:
    return name if isinstance(name, str) else str(name.__name__)


def cell(change_list: Any, name: Any, row: models.Model, empty: str) -> Any:
    """What the column shows for the row, or `empty`; a link to its page in a link column."""
    try:
        field, told_by, value = lookup_field(name, row, change_list.model_admin)
    except ObjectDoesNotExist:
        return empty
    if field is None or field.auto_created:
        empty = getattr(told_by, "empty_value_display", empty)
        said = display_for_value(value, empty, getattr(told_by, "boolean", False))
    elif isinstance(field.remote_field, models.ManyToOneRel):
        said = empty if value is None else value
    else:
        said = display_for_field(value, field, empty)
    if name not in (change_list.list_display_links or ()):
        return said
    kept = {"preserved_filters": change_list.preserved_filters, "opts": change_list.opts}
    address = add_preserved_filters(kept, change_list.url_for_result(row))
    return format_html('<a class="{}" href="{}">{}</a>', _LINK, address, said)


_LINK = "text-font-important-light dark:text-font-important-dark"
