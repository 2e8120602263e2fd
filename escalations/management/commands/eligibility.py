import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cases.models import Case, Person
from cases.rules.search import case_number_in
from escalations import wording
from escalations.models import EscalationReason
from escalations.rules.criteria import Eligibility, evaluate
from escalations.selectors import as_codes, gather

#: Exit codes, so that a script can tell a refusal from a mistake.
ELIGIBLE, REFUSED, NOT_FOUND = 0, 1, 2


class Command(BaseCommand):
    help = (
        "Show for each criterion whether a contact may escalate a case, and why not. "
        "Exit code 0: yes; 1: no; 2: no such case, contact or reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case", help="the case number, in any spelling")
        parser.add_argument("--contact", required=True, metavar="EMAIL", help="the contact")
        parser.add_argument(
            "--reason",
            metavar="CODE",
            help="the chosen reason; without one, what the button shows before the form",
        )
        parser.add_argument(
            "--at",
            metavar="TIME",
            help="evaluate at this time, such as 2026-03-03T14:05-05:00; default: now",
        )
        parser.add_argument("--json", action="store_true", help="print codes for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        case = self._case(options["case"])
        contact = self._contact(options["contact"], case)
        reason = self._reason(options["reason"])
        now = self._time(options["at"])
        facts = gather(case=case, contact=contact, now=now, reason=reason)
        verdict = evaluate(facts)
        possible = verdict.may_ask if reason is None else _only_impact_missing(verdict)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(case, verdict, now, possible), indent=2))
        else:
            with timezone.override(contact.time_zone):
                self._print(case, contact, verdict, now, possible)
        if not possible:
            raise SystemExit(REFUSED)

    def _print(
        self, case: Case, contact: Person, verdict: Eligibility, now: dt.datetime, possible: bool
    ) -> None:
        self.stdout.write(
            f"{case.number}, {case.get_state_display()}, severity {case.get_severity_display()}; "
            f"{contact}, at {wording.moment(now)}"
        )
        for outcome in verdict.outcomes:
            line = wording.line(outcome)
            mark = "met    " if line.met else "in form" if outcome.in_form else "NOT MET"
            self.stdout.write(f"  {mark}  {line.rule:7} {line.asks}")
            if not line.met:
                self.stdout.write(f"             {' ' * 7}{line.reason} {line.remedy}")
        if possible:
            self.stdout.write("An escalation can be asked for.")
        elif verdict.possible_from:
            when = wording.moment(verdict.possible_from)
            self.stdout.write(f"Not now. Possible from {when}, if nothing else happens.")
        else:
            self.stdout.write("Not now, and waiting alone will not change it.")

    def _case(self, typed: str) -> Case:
        cases = Case.objects.select_related("organization__calendar", "deployment")
        case: Case | None = cases.filter(number=case_number_in(typed)).first()
        if case is None:
            raise CommandError(f"There is no case {typed}.", returncode=NOT_FOUND)
        return case

    def _contact(self, email: str, case: Case) -> Person:
        contact = Person.objects.filter(
            email__iexact=email.strip(), memberships__organization_id=case.organization_id
        ).first()
        if contact is None:
            raise CommandError(
                f"{email} is no contact of the organization of {case.number}.", returncode=NOT_FOUND
            )
        return contact

    def _reason(self, code: str | None) -> EscalationReason | None:
        if code is None:
            return None
        reason = EscalationReason.objects.filter(code=code).first()
        if reason is None:
            known = ", ".join(EscalationReason.objects.values_list("code", flat=True))
            raise CommandError(f"There is no reason {code}. Known: {known}.", returncode=NOT_FOUND)
        return reason

    def _time(self, typed: str | None) -> dt.datetime:
        if typed is None:
            return timezone.now()
        try:
            at = parse_datetime(typed)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            raise CommandError(
                "--at takes a date and time with its offset, such as 2026-03-03T14:05-05:00.",
                returncode=NOT_FOUND,
            )
        return at.astimezone(dt.UTC)


def _only_impact_missing(verdict: Eligibility) -> bool:
    """With a reason chosen, the form can still add only the statement of impact."""
    return all(outcome.reason == "impact_not_stated" for outcome in verdict.refusals)


def _as_json(
    case: Case, verdict: Eligibility, now: dt.datetime, possible: bool
) -> dict[str, object]:
    at = verdict.possible_from
    return {
        "case": case.number,
        "at": now.isoformat(),
        "possible": possible,
        "possible_from": at.isoformat() if at else None,
        "criteria": as_codes(verdict),
    }
