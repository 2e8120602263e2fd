"""The demo world's escalations: each state, each criterion that disables the button, and a past.

The realm's first Designated Contact asks for all of them; sign in as that person to see the button
disabled for each reason, and enabled once. Everything goes through the services.
"""

import datetime as dt

from cases import realm
from cases.demo.play import Stage
from cases.models import Case
from cases.roles import ESCALATION_OWNER, PRODUCT_SUPPORT_MANAGER, SUPPORT_EXPERT
from cases.services.feeds import post_entry
from cases.services.lifecycle import act
from cases.services.new_cases import open_case

from .errors import NotEligible
from .models import Escalation, EscalationReason
from .selectors import newest_support_entry
from .services import management
from .services.feeds import post_in_feed
from .services.help_requests import request_help
from .services.owner_requests import request_severity_change
from .services.owner_reviews import engage_manager
from .services.read_marks import mark_read

CRITICAL, HIGH, MEDIUM, LOW = 1, 2, 3, 4
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
#: Age of the last update in a case that can be escalated: long enough for the business days.
LONG_AGO = 20 * DAY
IMPACT = "Forty agents are working around it by hand, and callers wait twice as long as last month."


def scenes(stage: Stage) -> None:
    """Add all scenes to the world, with each case opened by the first Designated Contact."""
    play = Scenes(stage)
    play.past()
    play.criteria()
    play.states()
    play.requests()


class Scenes:
    """The people of the scenes, and the few things that all scenes do."""

    def __init__(self, stage: Stage) -> None:
        self.now = stage.now
        first = stage.world.contacts[0]
        home = next(iter(first.roles))
        self.contact = stage.actors[first.email]
        by_role = {each.role: stage.actors[each.email] for each in reversed(stage.world.staff)}
        self.expert = by_role[SUPPORT_EXPERT]
        self.owner = by_role[ESCALATION_OWNER]
        self.manager = by_role[PRODUCT_SUPPORT_MANAGER]
        self.deployment = next(
            each for (short_name, _), each in stage.deployments.items() if short_name == home
        )

    # --- What all scenes do --------------------------------------------------------------------

    def case(
        self,
        subject: str,
        *,
        ago: dt.timedelta,
        severity: int = MEDIUM,
        read: bool = True,
        taken: bool = True,
    ) -> Case:
        """A case that the Case Owner took, and last wrote in `ago`."""
        at = self.now - ago
        case = open_case(
            actor=self.contact,
            now=at - (5 * MINUTE if severity == CRITICAL else HOUR),
            deployment=self.deployment,
            subject=subject,
            description=f"{subject}. It started after the last change window and comes and goes.",
            business_impact=IMPACT,
            priority=severity,
            phone_24x7="+1 555 0142" if severity == CRITICAL else "",
        )
        if taken:
            case = act(
                case_id=case.pk,
                action="take",
                actor=self.expert,
                now=at,
                text="I'm looking into it and will update you as soon as I know more.",
            )
            if read:
                self.read(case, at + 5 * MINUTE)
        return case

    def read(self, case: Case, at: dt.datetime) -> None:
        newest = newest_support_entry(case)
        if newest is not None:
            mark_read(case=case, entry_id=newest, actor=self.contact, now=at)

    def ask(self, case: Case, at: dt.datetime, reason: str = "lack_of_progress") -> Escalation:
        prompts = EscalationReason.objects.get(code=reason).prompts.filter(is_required=True)
        made = request_help(
            case_id=case.pk,
            actor=self.contact,
            now=at,
            reason=reason,
            details="We've asked for a date twice and haven't got one.",
            impact=IMPACT,
            answers={prompt.pk: "A date for the fix." for prompt in prompts},
        )
        assert isinstance(made, Escalation)
        return made

    def taken(self, case: Case, at: dt.datetime, after: dt.timedelta = HOUR) -> Escalation:
        escalation = self.ask(case, at)
        return management.take_review(escalation_id=escalation.pk, actor=self.owner, now=at + after)

    def accepted(
        self,
        case: Case,
        at: dt.datetime,
        *,
        next_word: dt.datetime,
        importance: int = 2,
        urgency: int = 2,
        after: dt.timedelta = HOUR,
    ) -> Escalation:
        escalation = self.taken(case, at, after)
        return management.accept(
            escalation_id=escalation.pk,
            actor=self.owner,
            now=at + after + 10 * MINUTE,
            importance=importance,
            urgency=urgency,
            next_steps=(
                "Development is looking at the traces with us today. I'll let you know what "
                "they find."
            ),
            next_word_due_at=next_word,
        )

    def declined(self, case: Case, at: dt.datetime, after: dt.timedelta = HOUR) -> Escalation:
        escalation = self.taken(case, at, after)
        return management.decline(
            escalation_id=escalation.pk,
            actor=self.owner,
            now=at + after + 20 * MINUTE,
            codes=["product_support_does_not_wait_for_the_customer"],
            words="We're still missing the traces that Product Support asked for. Once they're in "
            "the case, the analysis continues; nothing is lost in the meantime.",
        )

    def closed(self, escalation: Escalation, at: dt.datetime) -> Escalation:
        return management.close(
            escalation_id=escalation.pk,
            actor=self.owner,
            now=at,
            justification="The fix is in place, and the issue hasn't come back for a week.",
        )

    # --- Scenes --------------------------------------------------------------------------------

    def criteria(self) -> None:
        """One case for each criterion that disables the button, and one where it is enabled."""
        ago = LONG_AGO
        self.case("Button enabled: wrong prompt in the callback offer", ago=ago)
        self.case("Not read: an update waits for you", ago=ago, read=False)
        closed = self.case("Closed: chat bot answered in the wrong language", ago=ago)
        act(
            case_id=closed.pk,
            action="close",
            actor=self.expert,
            now=self.now - 2 * DAY,
            text="The language is now set per flow.",
        )
        question = self.case("Question open: which trunk drops the calls?", ago=ago)
        proposed = self.case("Resolution proposed: recordings end early", ago=ago)
        for case, action, text in (
            (question, "ask", "Which trunk do the dropped calls use?"),
            (proposed, "propose", "Please set the retention to 30 days and try again."),
        ):
            at = self.now - 3 * HOUR
            act(case_id=case.pk, action=action, actor=self.expert, now=at, text=text)
            self.read(case, at + MINUTE)
        high = self.case("High, updated today: supervisors see no queues", ago=ago, severity=HIGH)
        medium = self.case("Medium, updated today: report is missing a column", ago=ago)
        for case in (high, medium):
            at = self.now - 3 * HOUR
            text = "Development has been on it since this morning."
            post_entry(case_id=case.pk, actor=self.expert, now=at, body=text)
            self.read(case, at + MINUTE)
        critical = self.case("Critical: calls don't connect", ago=2 * HOUR, severity=CRITICAL)
        engage_manager(
            case_id=critical.pk,
            actor=self.expert,
            now=self.now - HOUR,
            manager=self.manager.person,
            note="All sites are down; the customer has called twice.",
        )
        if realm.current().escalates_assigned_cases_only:
            self.case("Not assigned: hold music is silent", ago=ago, taken=False)

    def states(self) -> None:
        """Each state of an escalation, with overdue updates and an overdue answer."""
        now, ago = self.now, LONG_AGO
        self.ask(self.case("Transfers to the bank line fail", ago=ago), now - 30 * MINUTE)
        self.ask(self.case("Voicemail doesn't reach agents", ago=ago), now - 3 * DAY)
        self.taken(self.case("Wrap-up codes disappear", ago=ago), now - HOUR, 20 * MINUTE)
        late = self.accepted(
            self.case("Screen pop shows another caller", ago=ago),
            now - 4 * DAY,
            next_word=now - 5 * HOUR,
            importance=1,
            urgency=1,
        )
        self.assess(late, "declining")
        watched = self.accepted(
            self.case("Outbound campaign dials twice", ago=ago),
            now - 3 * DAY,
            next_word=now - 2 * DAY,
            importance=1,
        )
        management.give_word(
            escalation_id=watched.pk,
            actor=self.owner,
            now=now - DAY,
            body=(
                "We've found the cause: two rules match the same contact. The fix is being tested."
            ),
            next_word_due_at=now + DAY,
        )
        self.assess(watched, "improving", on_watch=True)
        if realm.current().contacts_write_in_escalations:
            post_in_feed(
                escalation_id=watched.pk,
                actor=self.contact,
                now=now - 20 * HOUR,
                body="Thanks. Please let us know before it goes live.",
            )
        self.declined(self.case("Trace wanted for one-way audio", ago=ago), now - 2 * DAY)
        ended = self.case("Agents lose their status", ago=ago)
        escalation = self.accepted(ended, now - 8 * DAY, next_word=now - 6 * DAY)
        self.closed(escalation, now - 5 * DAY)

    def assess(self, escalation: Escalation, trend: str, *, on_watch: bool = False) -> None:
        management.assess(
            escalation_id=escalation.pk,
            actor=self.owner,
            now=self.now - 4 * HOUR,
            importance=escalation.importance or 2,
            urgency=escalation.urgency or 2,
            trend=trend,
            on_watch=on_watch,
        )

    def requests(self) -> None:
        """Requests in the Case Owner's review queue (MGT-6)."""
        low = self.case("Low: tooltip covers the button", ago=LONG_AGO, severity=LOW)
        request_severity_change(
            case_id=low.pk,
            actor=self.contact,
            now=self.now - 5 * HOUR,
            severity=MEDIUM,
            details="It now hides the button for our whole second-level team.",
        )
        medium = self.case("Wallboard lags by a minute", ago=LONG_AGO)
        request_severity_change(
            case_id=medium.pk,
            actor=self.contact,
            now=self.now - HOUR,
            severity=HIGH,
            details="It's ten minutes behind now, and our supervisors rely on it.",
            callback_phone="+1 555 0142",
        )
        asked = self.case("Weekly export is late", ago=4 * DAY)
        request_help(
            case_id=asked.pk,
            actor=self.contact,
            now=self.now - 2 * HOUR,
            reason="case_update",
            details="Our auditors are asking for a date.",
        )

    def past(self) -> None:
        """Three months of escalations, so that the operations page has something to show."""
        for number, subject in enumerate(("Echo on long calls", "Forecast is off by a week")):
            case = self.case(subject, ago=100 * DAY)
            for round_ in range(6):
                at = self.now - (88 - 14 * round_ - 5 * number) * DAY
                late = 30 * HOUR if (round_ + number) % 4 == 3 else HOUR
                if round_ % 3 == 2:
                    self.declined(case, at, late)
                    continue
                promised = at + late + 2 * DAY
                escalation = self.accepted(case, at, next_word=promised, after=late)
                management.give_word(
                    escalation_id=escalation.pk,
                    actor=self.owner,
                    now=promised + (5 * HOUR if round_ % 2 else -HOUR),
                    body="Development has reproduced it and will test the next build tomorrow.",
                    next_word_due_at=promised + 2 * DAY,
                )
                self.closed(escalation, promised + DAY)
            for days in (80, 45, 21):
                self.refused(case, self.now - (days - number) * DAY)

    def refused(self, case: Case, at: dt.datetime) -> None:
        """Somebody who asks right after an update of the case."""
        post_entry(case_id=case.pk, actor=self.expert, now=at - HOUR, body="We're testing a fix.")
        try:
            self.ask(case, at)
        except NotEligible:
            self.read(case, at + MINUTE)
