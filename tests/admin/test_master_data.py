"""Calendars, notices, mails of development, and other pages that operations need."""

import pytest
import time_machine
from django.contrib.admin.sites import site
from django.urls import reverse

from cases.admin.base import NEW_ROWS
from cases.jobs import run
from cases.models import BusinessCalendar, Notice, OpeningHours
from cases.roles import ACCESS_ADMINISTRATOR, OPERATIONS_ADMINISTRATOR
from tests import world
from tests.admin.pages import text_of


@pytest.fixture
def client(desk, sign_in):
    return sign_in(world.person("oscar@support.example", roles=(OPERATIONS_ADMINISTRATOR,)))


def calendar_form(rows, **fields):
    form = {
        "name": "Berlin",
        "time_zone": "Europe/Berlin",
        "opening_hours-TOTAL_FORMS": len(rows),
        "opening_hours-INITIAL_FORMS": 0,
        "days-TOTAL_FORMS": 0,
        "days-INITIAL_FORMS": 0,
        **fields,
    }
    for number, (weekday, opens, closes) in enumerate(rows):
        form |= {
            f"opening_hours-{number}-weekday": weekday,
            f"opening_hours-{number}-opens": opens,
            f"opening_hours-{number}-closes": closes,
        }
    return form


@pytest.mark.rule("SLA-8")
def test_a_calendar_is_written_as_people_write_times(client):
    add = reverse("admin:cases_businesscalendar_add")
    rows = [(0, "9:00", "12:30"), (0, "13:00", "17:00"), (5, "00:00", "24:00")]
    assert client.post(add, calendar_form(rows)).status_code == 302
    hours = OpeningHours.objects.filter(calendar__name="Berlin")
    assert set(hours.values_list("weekday", "opens", "closes")) == {
        (0, 540, 750),
        (0, 780, 1020),
        (5, 0, 1440),
    }


@pytest.mark.rule("SLA-8")
@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "needs opening hours"),
        ([(0, "09:00", "12:00"), (0, "11:59", "17:00")], "Monday: the opening hours overlap."),
        ([(0, "9 o'clock", "17:00")], "Write the time like 09:00."),
        ([(0, "09:00", "25:00")], "A day ends at 24:00."),
        ([(0, "17:00", "09:00")], ""),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(client, rows, words):
    answer = client.post(reverse("admin:cases_businesscalendar_add"), calendar_form(rows))
    assert answer.status_code == 200
    assert words in text_of(answer).replace("&#x27;", "'")
    assert not BusinessCalendar.objects.filter(name="Berlin").exists()


def test_an_unknown_time_zone_is_refused(client):
    form = calendar_form([(0, "09:00", "17:00")], time_zone="Mars/Olympus")
    client.post(reverse("admin:cases_businesscalendar_add"), form)
    assert not BusinessCalendar.objects.filter(name="Berlin").exists()


def test_a_notice_that_was_given_up_is_sent_again(client, desk):
    desk.case()
    notice = Notice.objects.get()
    address = reverse("admin:cases_notice_resend", args=[notice.pk])
    client.post(address)
    assert Notice.objects.get().state == "queued"
    assert Notice.history.filter(history_change_reason="notices.resend").count() == 0
    Notice.objects.update(state="failed", due_at=None, attempts=12)
    assert client.get(address).status_code == 405
    words = text_of(client.post(address, follow=True))
    assert "The notice has been queued again." in words
    again = Notice.objects.get()
    assert (again.state, again.attempts, again.message_id) == ("queued", 0, notice.message_id)
    assert again.due_at is not None


def test_nobody_reads_a_secret_mail(client, desk):
    desk.case()
    page = reverse("admin:cases_notice_change", args=[Notice.objects.get().pk])
    Notice.objects.update(text="TOKEN-IN-TEXT")
    assert "TOKEN-IN-TEXT" in client.get(page).content.decode()
    Notice.objects.update(is_secret=True)
    assert "TOKEN" not in client.get(page).content.decode()
    history = reverse("admin:cases_notice_history", args=[Notice.objects.get().pk])
    assert "TOKEN" not in client.get(history).content.decode()


def test_mails_of_development_are_read_and_escaped(client, settings):
    settings.MAIL_DIR.mkdir(parents=True)
    mail = b"To: a@b.example\nSubject: Hello\n\n<script>alert(1)</script>\n"
    (settings.MAIL_DIR / "one@localhost.eml").write_bytes(mail)
    assert "Hello" in text_of(client.get(reverse("admin:mails")))
    page = client.get(reverse("admin:mail", args=["one@localhost"])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert client.get("/admin/mails/..%2F..%2Fdb.sqlite3/").status_code == 404
    assert client.get("/admin/mails/nothing/").status_code == 404


def test_a_mail_that_the_desk_sent_is_read_where_its_file_lies(client, desk, settings):
    settings.EMAIL_BACKEND = "supportdesk.dev.mail_files.FileBackend"
    with time_machine.travel(world.NOW, tick=False):
        case = desk.case()
        assert run("deliver-notices") == 1
    listed = text_of(client.get(reverse("admin:mails")))
    assert case.number in listed
    assert "dana@acme.example" in listed
    file = next(settings.MAIL_DIR.glob("*.eml"))
    assert case.number in text_of(client.get(reverse("admin:mail", args=[file.stem])))


def test_mails_are_for_those_who_may_read_notices(desk, sign_in):
    stranger = sign_in(world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,)))
    assert stranger.get(reverse("admin:mails")).status_code == 403
    assert stranger.get(reverse("admin:mail", args=["nothing"])).status_code == 403
    people = stranger.get(reverse("admin:cases_person_changelist"))
    assert reverse("admin:mails") not in people.content.decode()


def test_outside_development_there_are_no_mails(settings):
    from supportdesk.admin_site import DeskAdminSite

    settings.DEVELOPMENT = False
    assert "mails" not in {getattr(each, "name", "") for each in DeskAdminSite().get_urls()}


def test_packages_bring_no_pages_of_their_own(client):
    from django.contrib import admin

    labels = {model._meta.app_label for model in admin.site._registry}
    assert labels <= {"cases", "escalations", "fedramp"}
    for path in ("auth/group/", "mfa/authenticator/", "account/emailaddress/", "search/?s=a"):
        assert client.get(f"/admin/{path}").status_code == 404


def every_inline():
    """Each table of rows on a form of the admin, with the form's model."""
    return [(model, inline) for model, pages in site._registry.items() for inline in pages.inlines]


@pytest.mark.parametrize(
    ("model", "inline"), every_inline(), ids=lambda each: each.__name__ if each else ""
)
def test_rows_that_a_form_only_claims_to_have_are_not_built(db, rf, desk, model, inline):
    """`TOTAL_FORMS=2000` is a line of a request; each row of it would be a form."""
    parent = model._base_manager.first()
    request = rf.post("/", {})
    request.user = world.person("boss@support.example", roles=("Auditor",), is_superuser=True)
    rows = inline(model, site).get_formset(request, parent)
    prefix = rows.get_default_prefix()
    sent = {f"{prefix}-TOTAL_FORMS": "2000", f"{prefix}-INITIAL_FORMS": "0"}
    formset = rows(data=sent, instance=parent)
    stored = formset.get_queryset().count() if parent else 0
    assert len(formset.forms) == stored + NEW_ROWS
    assert not formset.is_valid()
    assert "at most" in str(formset.non_form_errors())


@pytest.mark.rule("SLA-8")
def test_a_calendar_with_too_many_new_rows_is_refused_in_words(client):
    form = calendar_form([(0, "09:00", "17:00")]) | {"days-TOTAL_FORMS": 2000}
    answer = client.post(reverse("admin:cases_businesscalendar_add"), form)
    assert "Please submit at most 100 forms." in text_of(answer)
    assert not BusinessCalendar.objects.filter(name="Berlin").exists()
