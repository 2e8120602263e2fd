"""The case and its state machine (CASE-3).

A transition changes fields in memory: no query, no save, no mail. Only services call them, on a
row that was read again under its lock.
"""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django_fsm import GET_STATE, ConcurrentTransitionMixin, FSMField, transition

from .. import realm
from ..fields import PersonCharField, PersonTextField
from .history import history
from .incidents import Incident
from .parties import Deployment, Membership, Organization, Person

# Crockford's alphabet: no characters that are misheard or misread on the telephone.
NUMBER_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH = 7


class State(models.TextChoices):
    NEW = "new", "New"
    IN_PROGRESS = "in_progress", "In Progress"
    AWAITING_CUSTOMER = "awaiting_customer", "Awaiting Customer"
    AWAITING_THIRD_PARTY = "awaiting_third_party", "Awaiting Third Party"
    RESOLUTION_PROPOSED = "resolution_proposed", "Resolution Proposed"
    CLOSED = "closed", "Closed"


OPEN_STATES = [state for state in State if state is not State.CLOSED]
OWNED_STATES = [state for state in OPEN_STATES if state is not State.NEW]


class Severity(models.IntegerChoices):
    """SEV-1. Assigned by Product Support; only staff change it (SEV-2)."""

    CRITICAL = 1, "1 - Critical"
    HIGH = 2, "2 - High"
    MEDIUM = 3, "3 - Medium"
    LOW = 4, "4 - Low"


class Priority(models.IntegerChoices):
    """SEV-2. Designated by the customer; severity starts from it."""

    CRITICAL = 1, "Critical"
    HIGH = 2, "High"
    MEDIUM = 3, "Medium"
    LOW = 4, "Low"


class ThirdParty(models.TextChoices):
    """The third party for which a case in Awaiting Third Party waits."""

    DEVELOPMENT = "development", "Development"
    CLOUD_OPERATIONS = "cloud_operations", "Cloud Operations"
    OTHER = "other", "A 3rd party"


def new_case_number() -> str:
    """A number such as C-7Q4M2KX (CASE-10): random, so that it tells nothing of other customers."""
    body = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(NUMBER_LENGTH))
    return f"{realm.current().case_number_prefix}-{body}"


class CaseQuerySet(models.QuerySet["Case"]):
    """Contacts reach cases only through `visible_to` (ACC-4); staff see all of their realm."""

    def visible_to(self, person: Person, roles: Sequence[Membership] | None = None) -> Self:
        """The cases of the organizations of which this contact is a member (ACC-2, ACC-4).

        `roles` are the contact's memberships, if they were read already: the organizations are then
        named by their keys. For a join PostgreSQL expects hardly any case, and sorts all cases of
        a contact of several organizations to find the newest.
        """
        if not person.is_active:
            return self.none()
        if roles is not None:
            assert all(role.person_id == person.pk for role in roles), "roles of somebody else"
            return self.filter(organization_id__in=[role.organization_id for role in roles])
        return self.filter(
            organization_id__in=Membership.objects.filter(person=person).values("organization_id")
        )

    def open(self) -> Self:
        # Written like the partial indexes: SQLite uses one only if the two are the same.
        return self.exclude(state="closed")

    def by_urgency(self) -> Self:
        """SEV-3: by severity, then by the next deadline, then by age."""
        return self.order_by("severity", F("next_due_at").asc(nulls_last=True), "id")

    def unassigned(self) -> Self:
        return self.filter(state="new")

    def owned_by(self, person: Person) -> Self:
        return self.open().filter(owner=person)


class Case(ConcurrentTransitionMixin, models.Model):
    """One issue of one organization, from the customer's form to the closing words."""

    number = models.CharField(max_length=12, unique=True, default=new_case_number, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="cases")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="cases")
    contact = models.ForeignKey(Person, models.PROTECT, related_name="opened_cases")
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_cases",
        verbose_name="Case Owner",
    )
    #: SLA-3: a case is platform-level while it belongs to an incident.
    incident = models.ForeignKey(
        Incident,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name="platform incident",
    )

    #: CASE-1: the texts that the opening form asks for, in the order of its page. The form, the
    #: pages, the search, a second click and redaction read this list; a test compares them.
    OPENING_TEXTS = ("subject", "description", "business_impact", "conversation_id")
    subject = PersonCharField(max_length=200)
    description = PersonTextField()
    business_impact = PersonTextField()
    conversation_id = PersonCharField("conversation ID", max_length=100, blank=True)
    #: ACC-6: the number to call, as in the profile: not a text of the case, and not scrubbed.
    phone_24x7 = models.CharField("24x7 telephone number", max_length=40, blank=True)

    priority = models.PositiveSmallIntegerField(choices=Priority)
    severity = models.PositiveSmallIntegerField(choices=Severity)
    state = FSMField(choices=State, default=State.NEW, protected=True, editable=False)
    third_party = models.CharField(max_length=20, choices=ThirdParty, blank=True)
    third_party_name = PersonCharField(max_length=100, blank=True)

    created_at = models.DateTimeField()
    state_since_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    #: The time of the newest public entry by anybody: lists are sorted by it.
    updated_at = models.DateTimeField()
    #: ESC-13: the time of the newest public entry or visible change by Product Support.
    staff_updated_at = models.DateTimeField(null=True, blank=True)
    #: The earliest open clock, denormalised so that a queue is one index scan. It repeats the
    #: clocks, so it is kept out of the history; only `services.clocks` writes it.
    next_due_at = models.DateTimeField(null=True, blank=True, editable=False)

    #: Counts every change; staff forms carry it. `public_version` counts what contacts can see,
    #: so that an internal entry never makes a contact's page stale (FEED-3).
    version = models.PositiveIntegerField(default=1, editable=False)
    public_version = models.PositiveIntegerField(default=1, editable=False)
    #: One per form shown: a second click of the same form finds the first one's case.
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = CaseQuerySet.as_manager()
    history = history(excluded_fields=["next_due_at"])

    class Meta:
        ordering = ["-pk"]
        permissions = [
            ("work_case", "Can work cases: take, ask, propose, close, reopen"),
            ("assign_case", "Can assign cases to others"),
            ("change_severity", "Can change the severity of cases"),
            ("write_internal_entry", "Can write internal entries"),
            ("lead_unassigned", "Leads the unassigned queue: is told when nobody responds"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state_known"),
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values, priority__in=Priority.values),
                name="case_severity_and_priority_known",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="case_closed_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="new") | Q(owner=None), name="case_new_has_no_owner"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[s.value for s in OWNED_STATES]) | Q(owner__isnull=False),
                name="case_worked_has_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(state="awaiting_third_party", third_party__in=ThirdParty.values)
                | (~Q(state="awaiting_third_party") & Q(third_party="")),
                name="case_third_party_is_recorded",
            ),
            models.CheckConstraint(
                condition=(~Q(severity=1) & ~Q(priority=1)) | ~Q(phone_24x7=""),
                name="case_critical_has_a_24x7_number",
                violation_error_message="A Critical case needs a 24x7 telephone number.",
            ),
        ]
        # PostgreSQL keeps nulls last in an ascending index, as `by_urgency` orders them.
        indexes = [
            models.Index(
                fields=["severity", "next_due_at", "id"],
                condition=~Q(state="closed"),
                name="case_open_queue",
            ),
            models.Index(
                fields=["severity", "next_due_at", "id"],
                condition=Q(state="new"),
                name="case_unassigned_queue",
            ),
            models.Index(
                fields=["owner", "severity", "next_due_at", "id"],
                condition=~Q(state="closed"),
                name="case_owner_queue",
            ),
            models.Index(
                fields=["organization", "-updated_at", "-id"], name="case_of_organization"
            ),
            # For a contact of several organizations: the index above would leave all to be sorted.
            # 0.2 ms in the database for a page of 100,000 cases, and 100 ms without it.
            models.Index(fields=["-updated_at", "-id"], name="case_newest"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/cases/{self.number}/"

    @property
    def opening_text(self) -> str:
        """All of `OPENING_TEXTS`, for the search."""
        return "\n".join(getattr(self, name) for name in self.OPENING_TEXTS)

    @property
    def opening_paragraphs(self) -> list[tuple[str, str]]:
        """Heading and text of each long text that was filled in, for the pages."""
        return self._opening(models.TextField)

    @property
    def opening_lines(self) -> list[tuple[str, str]]:
        """Label and text of each short text that was filled in, besides the subject."""
        return self._opening(models.CharField)

    def _opening(self, kind: type["models.Field[Any, Any]"]) -> list[tuple[str, str]]:
        fields = [self._meta.get_field(name) for name in self.OPENING_TEXTS if name != "subject"]
        return [
            (capfirst(str(field.verbose_name)), text)
            for field in fields
            if isinstance(field, kind) and (text := getattr(self, field.name))
        ]

    @property
    def state_fields(self) -> Any:
        """The state field. django-fsm would search all fields for it, for each case read."""
        return (self._meta.get_field("state"),)

    @property
    def takes_calls(self) -> bool:
        """PLAN-2: whether the customer calls about it: Critical, or with telephone support."""
        return self.severity == Severity.CRITICAL or self.organization.has_telephone_support

    @property
    def is_open(self) -> bool:
        found: bool = self.state != State.CLOSED
        return found

    @property
    def is_platform(self) -> bool:
        """SLA-3, SLA-4: whether the issue is one of the platform and not only of this customer."""
        return self.incident_id is not None

    @property
    def waits_for(self) -> str:
        """For whom the case waits, in words that start a sentence."""
        if self.state != State.AWAITING_THIRD_PARTY:
            return ""
        if self.third_party == ThirdParty.OTHER:
            return self.third_party_name or "A 3rd party"
        return self.get_third_party_display()

    # --- Transitions (CASE-3): who may make each one, what it writes and who is told is in the
    # --- table of `rules/actions.py`.

    def _enter(self, now: dt.datetime) -> None:
        self.state_since_at = now
        self.third_party = ""
        self.third_party_name = ""

    @transition(field=state, source=State.NEW, target=State.IN_PROGRESS)
    def assign(self, *, now: dt.datetime, owner: Person) -> None:
        """CASE-4: an owner is assigned, or takes it."""
        self._enter(now)
        self.owner = owner

    @transition(field=state, source=State.IN_PROGRESS, target=State.AWAITING_CUSTOMER)
    def ask(self, *, now: dt.datetime) -> None:
        """CASE-5: a question is asked."""
        self._enter(now)

    @transition(
        field=state,
        source=[State.AWAITING_CUSTOMER, State.RESOLUTION_PROPOSED],
        target=State.IN_PROGRESS,
    )
    def answer(self, *, now: dt.datetime) -> None:
        """CASE-5, RESP-3: any public entry by a Designated Contact brings it back."""
        self._enter(now)

    @transition(field=state, source=State.IN_PROGRESS, target=State.AWAITING_THIRD_PARTY)
    def engage(self, *, now: dt.datetime, third_party: str, third_party_name: str = "") -> None:
        """CASE-3: waits for Development, Cloud Operations or a 3rd party, which is recorded."""
        self._enter(now)
        self.third_party = third_party
        self.third_party_name = third_party_name

    @transition(
        field=state,
        source=[State.AWAITING_CUSTOMER, State.AWAITING_THIRD_PARTY, State.RESOLUTION_PROPOSED],
        target=State.IN_PROGRESS,
    )
    def resume(self, *, now: dt.datetime) -> None:
        """Staff resume work: the answer came by telephone, the third party delivered."""
        self._enter(now)

    @transition(
        field=state,
        source=[State.IN_PROGRESS, State.AWAITING_CUSTOMER, State.AWAITING_THIRD_PARTY],
        target=State.RESOLUTION_PROPOSED,
    )
    def propose(self, *, now: dt.datetime) -> None:
        """CASE-6: a resolution is proposed."""
        self._enter(now)

    @transition(field=state, source=State.RESOLUTION_PROPOSED, target=State.CLOSED)
    def accept(self, *, now: dt.datetime) -> None:
        """CASE-6: a Designated Contact accepts the resolution."""
        self._enter(now)
        self.closed_at = now

    @transition(field=state, source=State.RESOLUTION_PROPOSED, target=State.IN_PROGRESS)
    def persist(self, *, now: dt.datetime) -> None:
        """CASE-6: a Designated Contact reports that the issue persists."""
        self._enter(now)

    @transition(field=state, source=OWNED_STATES, target=State.NEW)
    def release(self, *, now: dt.datetime) -> None:
        """The owner can no longer work it: it waits for a new one."""
        self._enter(now)
        self.owner = None

    @transition(field=state, source=OPEN_STATES, target=State.CLOSED)
    def close(self, *, now: dt.datetime) -> None:
        """CASE-7: closed with a reason, from any open state."""
        self._enter(now)
        self.closed_at = now

    @transition(
        field=state,
        source=State.CLOSED,
        target=GET_STATE(
            lambda case, **kwargs: State.IN_PROGRESS if case.owner_is_active() else State.NEW,
            states=[State.IN_PROGRESS, State.NEW],
        ),
    )
    def reopen(self, *, now: dt.datetime) -> None:
        """CASE-8: back to its owner if that person is still active, else to New."""
        if not self.owner_is_active():
            self.owner = None
        self._enter(now)
        self.closed_at = None

    def owner_is_active(self) -> bool:
        """Whether the owner can still work the case. The caller has loaded the owner."""
        return self.owner is not None and self.owner.is_active and self.owner.is_staff
