"""FED-7: the writer sees at once what was removed, by kind and count, never by value."""

from collections import Counter
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from .cleaning import collecting, in_words

REMOVED = (
    "Removed before anything was stored: {words}. A placeholder such as [PERSON-1] stands where "
    "it was; the same number is the same value throughout the case."
)


class TellWhatWasRemovedMiddleware:
    """After a form that was carried out, a message says what was removed from its texts and files.

    A form that comes back was not stored, and what was typed in it stands as it was typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self.get_response(request)
        removed: Counter[str] = Counter()
        with collecting(removed):
            response = self.get_response(request)
        done = response.status_code in (302, 303) or "HX-Redirect" in response.headers
        if done and removed:
            messages.warning(request, REMOVED.format(words=in_words(removed)))
        return response
