"""Unfold makes the headers of a list anew for each of its rows, a quarter of the page's time.

They are the same for all rows, so they are made once for each list that is shown. To be taken out
when Unfold does it itself; the version is pinned.
"""

from collections.abc import Iterator
from typing import Any

from unfold.templatetags import unfold_list

_make = unfold_list.result_headers


def _once(change_list: Any) -> Iterator[dict[str, Any]]:
    """The headers, kept on the list of this request."""
    if not hasattr(change_list, "desk_headers"):
        change_list.desk_headers = list(_make(change_list))
    return iter(change_list.desk_headers)


def make_once() -> None:
    unfold_list.result_headers = _once
