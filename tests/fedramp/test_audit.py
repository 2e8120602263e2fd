"""The audit log (AU-2, AU-3, AU-9): who read, who was refused, whose rights changed; for good."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases.actors import Actor
from cases.models import Attachment, Membership, Person
from cases.roles import ACCESS_ADMINISTRATOR, AUDITOR, ESCALATION_OWNER, SUPPORT_EXPERT
from cases.services.feeds import post_entry
from cases.services.files import check_files
from fedramp.audit import Event, record
from fedramp.models import AuditEntry
from fedramp.models.audit import NeverChanged
from tests import world
from tests.admin.pages import page_url, text_of
from tests.stored import everything_stored
from tests.world import NOW, person

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

LIST = "/admin/fedramp/auditentry/"


def entries(event, who=None):
    rows = AuditEntry.objects.filter(event=event).order_by("pk")
    if who is not None:
        rows = rows.filter(person=who)
    return list(rows.values_list("page", "about", "detail"))


@pytest.fixture
def case(desk):
    case = desk.owned_case(subject="The secret subject")
    post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.designated),
        now=NOW,
        body="With a secret file.",
        files=check_files([SimpleUploadedFile("secret.log", b"secret")]),
    )
    return case


def test_reads_of_cases_and_files_are_recorded_without_content(desk, case, sign_in):
    contact, staff = sign_in(desk.designated), sign_in(desk.expert)
    file = f"/files/{Attachment.objects.get().public_id}/"
    for client, address in (
        (contact, case.get_absolute_url()),
        (contact, file),
        (staff, page_url(case)),
        (staff, file),
    ):
        assert client.get(address).status_code == 200
    key = file.split("/")[2]
    assert entries("read", desk.designated) == [
        ("portal:case", case.number, "GET 200"),
        ("portal:file", key, "GET 200"),
    ]
    assert entries("read", desk.expert) == [
        ("admin:cases_case_change", case.number, "GET 200"),
        ("portal:file", key, "GET 200"),
    ]
    assert "secret" not in repr(list(AuditEntry.objects.values_list())).lower()


def test_a_refusal_is_recorded_though_nothing_else_of_its_request_is(desk, case, sign_in):
    number = case.number
    outsider, reader = sign_in(desk.outsider), sign_in(desk.read_only)
    before = everything_stored()
    assert outsider.get(case.get_absolute_url()).status_code == 404
    assert reader.post(f"{case.get_absolute_url()}close/", {"text": "Forged."}).status_code == 403
    assert outsider.get("/cases/What I made up; it may be content/").status_code == 404
    assert entries("denied", desk.outsider) == [
        ("portal:case", number, "GET 404"),
        ("portal:case", "", "GET 404"),
    ]
    assert entries("denied", desk.read_only) == [("portal:act", number, "POST 403")]
    after = everything_stored()
    before.pop("django_session"), after.pop("django_session")
    assert after == before


def test_staff_without_the_skill_leave_a_record(desk, sign_in):
    newcomer = person("new@support.example", roles=(SUPPORT_EXPERT,), skill=False)
    client = sign_in(newcomer)
    assert client.get("/admin/cases/case/").status_code == 403
    assert entries("denied", newcomer)[0][2] == "GET 403"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_refusal_in_a_transaction_is_recorded_after_its_rollback(desk, sign_in):
    case = desk.case()
    client = sign_in(desk.read_only)
    assert client.post(f"{case.get_absolute_url()}close/", {"text": "Forged."}).status_code == 403
    assert not connection.in_atomic_block
    assert entries("denied", desk.read_only) == [("portal:act", case.number, "POST 403")]


def test_what_is_not_recorded_is_not_answered(desk, case, sign_in, monkeypatch):
    client = sign_in(desk.designated)
    client.raise_request_exception = False
    monkeypatch.setattr(AuditEntry, "save", lambda self, **kwargs: 1 / 0)
    answer = client.get(case.get_absolute_url())
    assert answer.status_code == 500
    assert case.subject not in answer.content.decode()


def test_changes_of_rights_are_recorded_with_who_made_them(desk, sign_in):
    ada = person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    start = AuditEntry.objects.latest("pk").pk
    someone = person("someone@support.example", roles=(SUPPORT_EXPERT,), skill=False)
    groups = {group.name: group.pk for group in world.Group.objects.all()}
    form = {"name": "S", "email": someone.email, "time_zone": "UTC", "is_staff": "on"}
    form |= {"is_active": "on", "groups": [groups[ESCALATION_OWNER]]}
    answer = sign_in(ada).post(f"/admin/cases/person/{someone.pk}/change/", form)
    assert answer.status_code == 302
    world.admit(someone)
    Membership.objects.get(person=desk.read_only).delete()
    rows = AuditEntry.objects.filter(event="rights", pk__gt=start).order_by("pk")
    found = {(row.about, row.detail, row.person) for row in rows}
    of = f"person {someone.pk}"
    assert (of, "is_active True, is_staff True", None) in found
    assert (of, f"role {SUPPORT_EXPERT} given", None) in found
    assert (of, f"role {SUPPORT_EXPERT} taken", ada) in found
    assert (of, f"role {ESCALATION_OWNER} given", ada) in found
    assert (of, "skill attested", None) in found
    taken = f"read_only of organization {desk.organization.pk} taken"
    assert (f"person {desk.read_only.pk}", taken, None) in found


def test_a_change_that_was_rolled_back_is_not_recorded(desk):
    start = AuditEntry.objects.count()
    with transaction.atomic():
        person("gone@support.example", roles=(SUPPORT_EXPERT,), skill=False)
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == start


def test_nothing_in_the_log_is_ever_changed(desk):
    record(Event.READ, now=NOW, person=desk.expert, about="F-0000000")
    entry = AuditEntry.objects.latest("pk")
    entry.about = "nothing"
    for change in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(about=""),
        lambda: AuditEntry.objects.bulk_update([entry], ["about"]),
    ):
        with pytest.raises(NeverChanged), transaction.atomic():
            change()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in (
            "UPDATE fedramp_auditentry SET about = ''",
            "DELETE FROM fedramp_auditentry",
            "TRUNCATE fedramp_auditentry",
            "TRUNCATE cases_person CASCADE",
        ):
            with (
                pytest.raises(DatabaseError, match="never changed"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    assert AuditEntry.objects.get(pk=entry.pk).about == "F-0000000"


def test_auditors_alone_read_it_and_nothing_else(desk, case, sign_in):
    auditor = person("audrey@support.example", roles=(AUDITOR,))
    everybody_else = world.staff_of_every_role()
    del everybody_else[AUDITOR]
    root = person("root@support.example", roles=(SUPPORT_EXPERT,))
    Person.objects.filter(pk=root.pk).update(is_superuser=True)
    for someone in (*everybody_else.values(), root):
        assert sign_in(someone).get(LIST).status_code == 403
    client = sign_in(auditor)
    assert client.get("/admin/").url == LIST
    sign_in(desk.designated).get(case.get_absolute_url())
    page = text_of(client.get(f"{LIST}?q={case.number}"))
    assert desk.designated.name in page
    assert "portal:case" in page
    assert client.get(page_url(case)).status_code in (302, 403)
    assert client.get("/admin/cases/case/").status_code == 403
    pk = AuditEntry.objects.first().pk
    for address in (f"{LIST}add/", f"{LIST}{pk}/change/", f"{LIST}{pk}/delete/"):
        assert client.post(address, {"post": "yes"}).status_code in (302, 404)
    assert AuditEntry.objects.filter(pk=pk).exists()
    assert entries("read", auditor)[0][0] == "admin:fedramp_auditentry_changelist"


def test_the_list_costs_as_many_queries_with_many_rows(desk, sign_in):
    from django.test.utils import CaptureQueriesContext

    client = sign_in(person("audrey@support.example", roles=(AUDITOR,)))
    counts = []
    for rows in (3, 60):
        for _ in range(rows):
            record(Event.READ, now=timezone.now(), person=desk.expert, about="F-0000000")
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
