"""FED-7: writers see at once what was removed, by kind and count, never by value; and what is kept
of their files."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from cases.models import Case

from .texts import Feedback, collecting, in_words

MESSAGE = (
    "Scrubbed before anything was stored: {words}. A placeholder such as [PERSON-1] takes "
    "its place; the same number means the same value throughout the case."
)
WITH_LINK = MESSAGE + ' <a class="telling" href="{address}">This was not personal</a>'


class ScrubFeedbackMiddleware:
    """After a form was carried out, a message says what was removed from its texts and files, and
    links to where the writer can report that it was not personal.

    A form that comes back was not stored, and its texts are as they were typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self.get_response(request)
        with collecting() as feedback:
            response = self.get_response(request)
        done = response.status_code in (302, 303) or "HX-Redirect" in response.headers
        if done and feedback.counts:
            messages.warning(request, message(request, feedback))
        if done:
            for words in feedback.told:
                messages.info(request, words)
        return response


def message(request: HttpRequest, feedback: Feedback) -> str:
    """What was scrubbed; with the link if it was one case."""
    words = in_words(feedback.counts)
    cases = {case.pk: case for case in feedback.cases}
    if len(cases) != 1 or None in cases:
        return MESSAGE.format(words=words)
    return format_html(WITH_LINK, words=words, address=address(request, *cases.values()))


def address(request: HttpRequest, case: Case) -> str:
    """The page on which this person sees what was scrubbed from their texts of the case."""
    if getattr(request.user, "is_staff", False):
        return reverse("admin:fedramp_scrubreport_of", args=[case.pk])
    return reverse("fedramp:removed", args=[case.number])
