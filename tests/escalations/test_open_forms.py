"""A form for help that is open while its reasons and questions are edited (HELP-2)."""

import html
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse

from escalations.errors import QuestionsChanged
from escalations.models import Escalation, EscalationReason, OwnerReview, ReasonPrompt
from escalations.questions import asked, read
from tests.portal.conftest import browse, fields_of
from tests.portal.test_kept import sign_in
from tests.stored import everything_stored
from tests.world import NOW

from .asking import asked as asked_now
from .asking import refused

__all__ = ["browse"]

pytestmark = pytest.mark.rule("HELP-2")

TYPED = "A date for the fix & a word."


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


class Form:
    """A contact's open form: the reason "lack of progress" is chosen, and its question answered."""

    def __init__(self, client, case):
        self.client, self.case = client, case
        self.address = reverse("escalations:help", args=[case.number])
        self.prompt = ReasonPrompt.objects.get(reason__code="lack_of_progress")
        self.fields = fields_of(client.get(self.address), action=self.address)
        self.typed = {
            "reason": "lack_of_progress",
            f"prompt_{self.prompt.pk}": TYPED,
            "details": "Since May.",
            "impact": "Forty agents call back by hand.",
        }

    def send(self, **changes):
        return self.client.post(self.address, {**self.fields, **self.typed, **changes})

    def comes_back(self, *, status=409, **changes):
        """The page, once it refused the form and stored nothing; as a browser shows it."""
        before = everything_stored()
        answer = self.send(**changes)
        assert answer.status_code == status
        assert everything_stored() == before
        self.fields = fields_of(answer, action=self.address)
        page = answer.content.decode()
        areas = re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', page, re.S)
        self.typed |= {name: html.unescape(text).strip() for name, text in areas}
        for name in list(self.typed):
            if name.startswith("prompt_") and name not in dict(areas):
                del self.typed[name]
        return html.unescape(page)


@pytest.fixture
def form(office, client):
    client.force_login(office.desk.designated)
    return Form(client, office.case())


def test_a_form_whose_questions_stand_is_sent_with_what_it_asked(form):
    assert form.send().status_code == 302
    assert Escalation.objects.get().answers == f"{form.prompt.question}\n{TYPED}"


def test_an_answer_is_not_stored_under_a_question_that_was_never_shown(form):
    old = form.prompt.question
    ReasonPrompt.objects.filter(pk=form.prompt.pk).update(question="Who promised it?")
    page = form.comes_back()
    assert f"Instead of “{old}” the form now asks: “Who promised it?”" in page
    assert form.typed[f"prompt_{form.prompt.pk}"] == TYPED
    form.typed[f"prompt_{form.prompt.pk}"] = "In the first call."
    assert form.send().status_code == 302
    assert Escalation.objects.get().answers == "Who promised it?\nIn the first call."


def test_the_answer_to_a_question_that_is_gone_stands_in_the_details(form):
    ReasonPrompt.objects.filter(pk=form.prompt.pk).update(is_active=False)
    page = form.comes_back()
    assert f"“{form.prompt.question}” is no longer asked." in page
    assert "now under “Details”" in page
    assert form.typed["details"] == f"Since May.\n\n{form.prompt.question}\n{TYPED}"
    assert form.send().status_code == 302
    made = Escalation.objects.get()
    assert made.answers == ""
    assert TYPED in made.details
    assert made.impact == "Forty agents call back by hand."


def test_a_reason_that_is_gone_says_so_and_every_word_stays(form):
    EscalationReason.objects.filter(code="lack_of_progress").update(is_active=False)
    page = form.comes_back()
    assert "“Lack of progress” is no longer offered: choose another reason." in page
    assert TYPED in form.typed["details"]
    assert form.send(reason="other").status_code == 302
    assert TYPED in Escalation.objects.get().details


def test_a_reason_that_goes_elsewhere_now_is_not_sent_there_unseen(form):
    EscalationReason.objects.filter(code="lack_of_progress").update(routing="owner_review")
    assert "“Lack of progress” goes to the Case Owner for review now." in form.comes_back()
    assert form.send().status_code == 302
    assert OwnerReview.objects.get().answers == (
        f"{form.prompt.question}\n{TYPED}\n\nBusiness impact\nForty agents call back by hand."
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": "It stands still"}, "“Lack of progress” is now called “It stands still”."),
        ({"help_text": "Only for old cases."}, "The explanation of “Lack of progress” has changed"),
    ],
)
def test_another_name_or_explanation_is_told(form, change, said):
    EscalationReason.objects.filter(code="lack_of_progress").update(**change)
    assert said in form.comes_back()
    assert form.send().status_code == 302


def test_a_new_question_is_put_before_anything_is_sent(form):
    reason = form.prompt.reason
    new = reason.prompts.create(question="Since when?", is_required=True)
    assert "“Since when?” is now asked." in form.comes_back()
    assert "Please answer this." in form.comes_back(status=200)
    assert form.send(**{f"prompt_{new.pk}": "May."}).status_code == 302
    assert "Since when?\nMay." in Escalation.objects.get().answers


def test_what_changed_for_another_reason_holds_nobody_up(form):
    EscalationReason.objects.filter(code="other").update(is_active=False)
    assert form.send().status_code == 302


def test_a_form_that_is_wrong_anyway_loses_no_answer(form):
    """The reason was not chosen yet, so no service was asked."""
    ReasonPrompt.objects.filter(pk=form.prompt.pk).update(is_active=False)
    page = form.comes_back(reason="", status=200)
    assert "Choose a reason." in page
    assert TYPED in form.typed["details"]


@pytest.mark.parametrize("asked", ["", "forged", None])
def test_a_form_that_does_not_prove_what_it_asked_comes_back(form, asked):
    ReasonPrompt.objects.filter(pk=form.prompt.pk).update(is_active=False)
    if asked is None:
        asked = form.fields["asked"][:-3] + "abc"
    assert "The form is too old" in form.comes_back(asked=asked, status=200)
    assert f"{form.prompt.question}\n{TYPED}" in form.typed["details"]
    assert form.send().status_code == 302


def test_a_second_click_after_a_change_is_what_the_first_one_made(form):
    assert form.send().status_code == 302
    form.prompt.reason.prompts.update(question="Who promised it?")
    EscalationReason.objects.filter(code="lack_of_progress").update(is_active=False)
    assert form.send().status_code == 302
    assert Escalation.objects.count() == 1


def test_without_any_reason_the_page_has_words_and_the_number(form, settings):
    EscalationReason.objects.update(is_active=False)
    page = form.comes_back()
    assert "There are no reasons to choose from at the moment." in page
    assert settings.SUPPORT_PHONE in page
    assert TYPED in form.typed["details"], "what was typed stays in sight"
    assert ">Send</button>" not in page
    page = form.client.get(form.address).content.decode()
    assert "There are no reasons to choose from at the moment." in page
    assert "<textarea" not in page
    assert 'type="radio"' not in page


def test_the_service_compares_under_its_lock(office):
    case = office.case()
    reason = EscalationReason.objects.get(code="lack_of_progress")
    prompt = reason.prompts.get()
    shown = read(asked_now())
    assert shown["lack_of_progress"] == asked(reason)
    prompt.question = "Who promised it?"
    prompt.save()
    sent = {"reason": reason.code, "answers": {prompt.pk: TYPED}, "asked": shown}
    error = refused(office, case, error=QuestionsChanged, **sent)
    assert len(error.changes) == 1
    assert "Who promised it?" in error.message
    assert office.ask(case, **{**sent, "asked": read(asked_now())}).answers


def test_what_was_kept_over_a_sign_in_loses_no_answer(office, browse):
    client = browse(office.desk.designated)
    form = Form(client, office.case())
    Session.objects.all().delete()
    form.send()
    ReasonPrompt.objects.filter(pk=form.prompt.pk).update(is_active=False)
    sign_in(client, office.desk.designated, form.address)
    answer = client.get(form.address)
    page = html.unescape(answer.content.decode())
    assert "Here is what you wrote" in page
    assert f"{form.prompt.question}\n{TYPED}" in page
    assert "now under “Details”" in page
    assert read(fields_of(answer, action=form.address)["asked"]) == read(asked_now())


@pytest.mark.parametrize("severity", [2, 3])
def test_the_form_asks_for_the_business_impact(office, client, severity):
    client.force_login(office.desk.designated)
    form = Form(client, office.case(severity=severity))
    page = client.get(form.address).content.decode()
    label = re.search(r'<label for="id_impact">Business impact', page)
    assert label
    assert "who cannot do what, and how many" in page
    assert form.send(reason="case_update", impact="Nobody can sell.").status_code == 302
    review = OwnerReview.objects.get()
    assert "Business impact\nNobody can sell." in review.answers
    assert "Nobody can sell." in form.case.entries.get(event="help_asked").body
