"""The visible mail: every template's HTML, its links, its text, its threads."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from cases.actors import Actor
from cases.jobs.sweeps import deliver_one
from cases.mail_messages import as_html, mail_text
from cases.models import Notice
from cases.services.feeds import post_entry
from tests import mail_reader
from tests.outbox import queue_mail
from tests.world import NOW

HERE = Path(__file__).parents[2]
LINE = "a & b <c> http://x.example/?a=1&b=2"
ARABIC = "\u0645\u0631\u062d\u0628\u0627 (SIP 488)\u061f"
URL = "https://desk.example/cases/C-1234567/?from=mail&copy=1"
TEMPLATES = sorted(
    str(path.relative_to(folder))
    for app in ("cases", "escalations", "fedramp", "supportdesk")
    for folder in [HERE / app / "templates"]
    for path in [*folder.glob("mail/*.txt"), *folder.glob("account/email/*_message.txt")]
    if not path.name.startswith("_")
)


class Anything:
    """Stands for whatever a template asks for: it has every attribute, and reads as LINE."""

    def __getattr__(self, name):
        if name.startswith("_") or name in {
            "resolve_expression",
            "items",
            "do_not_call_in_templates",
        }:
            raise AttributeError(name)
        if name.endswith("_at"):
            return NOW
        return Anything()

    def __iter__(self):
        return iter([LINE])

    def __str__(self):
        return LINE


class Names(dict):
    """The context of a template in which every name is known."""

    def __contains__(self, name):
        return name not in {"True", "False", "None", "block"}

    def __missing__(self, name):
        if name.endswith("_at") or name == "timestamp":
            return NOW
        return URL if name.endswith("url") else Anything()


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_mail_reads_in_html_as_in_text(template):
    """M1, M2: of every template, with what a person may type wherever a value stands."""
    text = mail_text(template, Names())
    notice = Notice(subject=LINE, text=text)
    seen = mail_reader.assert_reads_as_its_text(notice)
    if LINE in text:
        assert "http://x.example/?a=1&b=2" in seen.links
    if URL in text:
        assert seen.links[URL] == URL
    if template not in {"mail/account.txt", "mail/management_attention.txt"}:
        assert LINE in text or URL in text, "nothing in it was tried"


def test_there_are_templates_to_try():
    assert {"mail/opened.txt", "mail/fedramp_invitation.txt", "mail/review_answered.txt"} <= set(
        TEMPLATES
    )
    assert len(TEMPLATES) >= 50


@pytest.mark.realm("commercial")  # the other realm's mails carry no content (FED-13)
def test_an_entry_reads_in_the_mail_as_it_was_written(desk):
    """M2 and the shape of texts: one link, `a & b <c>`, tabs, indentation and blank lines."""
    case = desk.owned_case()
    body = f"{LINE}\n\n\n    def f():\n\treturn 1\n{ARABIC}\nASP.NET, mail erin@x.example."
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=NOW, body=body)
    seen = mail_reader.read(notice := Notice.objects.latest("pk"))
    assert body in seen.text
    assert body in notice.text
    assert set(seen.links) == {
        "http://x.example/?a=1&b=2",
        "mailto:erin@x.example",
        f"{settings.SITE_URL}{case.get_absolute_url()}",
    }
    html = as_html(notice)
    assert f'<div dir="auto">{ARABIC}</div>' in html
    assert "white-space:pre-wrap" in html


def test_the_link_of_a_case_is_a_link(desk):
    """M1."""
    case = desk.case()
    notice = Notice.objects.get()
    assert f'<a href="{settings.SITE_URL}/cases/{case.number}/"' in as_html(notice)
    assert "&lt;" not in as_html(notice)


def test_the_mails_of_one_case_hang_together(desk, settings):
    """H1: each has its own Message-ID and answers one ID, which is the case's."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    case, other = desk.case(), desk.case()
    desk.act("take", case)
    desk.act("ask", case, text="Which trunk?")
    queue_mail(
        key="account",
        words="About no case.",
        subject="x",
        email=desk.designated.email,
        now=NOW,
    )
    while deliver_one(timezone.now()):
        pass
    sent = [each.message() for each in mail.outbox]
    of = {
        number: [each for each in sent if number in each["Subject"]]
        for number in (case.number, other.number)
    }
    assert [len(each) for each in of.values()] == [3, 1]
    (thread,) = {each["References"] for each in of[case.number]}
    assert thread.startswith(f"<case.{case.number.lower()}@")
    assert {each["In-Reply-To"] for each in of[case.number]} == {thread}
    assert of[other.number][0]["References"] != thread
    assert len({each["Message-ID"] for each in sent}) == 5
    (account,) = [each for each in sent if each["Subject"] == "x"]
    assert account["References"] is account["In-Reply-To"] is None
