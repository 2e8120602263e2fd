"""The demo's incidents, from ongoing to the follow-up meeting; and clocks that warn."""

import datetime as dt

from .. import realm
from ..actors import Actor
from ..jobs import clocks
from ..models import Case, Deployment, Incident
from ..promises import plan_features
from ..roles import SUPPORT_EXPERT
from ..rules.targets import DEFINED_RESPONSE_TARGETS, ENHANCED_RESPONSE_TARGETS
from ..services.incidents import restore_service
from ..services.lifecycle import act
from ..services.new_cases import open_case
from .play import Stage
from .script import CRITICAL, HIGH, MEDIUM

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
#: Customers that each incident affects, with that of the first Designated Contact among them.
CUSTOMERS = 3
IMPACT = "Callers are waiting, and some hang up before an agent can answer."
SUMMARY = (
    "A pair of media servers lost its connection to the registry after a routine restart. "
    "Calls set up through it had no audio. We took the pair out of service, and all calls now "
    "go through the others. We're still analysing what caused the loss."
)
ANALYSIS = (
    "The registry's certificate was renewed two days earlier, but only read at the restart. "
    "One intermediate certificate was missing on the two servers. Renewals now check every "
    "server, and restarts are tried on one server before the others."
)


def scenes(stage: Stage) -> None:
    """Incidents in each state, and cases whose clocks warn or are breached."""
    play = _Scenes(stage)
    play.going_on("Audio lost in some regions", CRITICAL, ago=200 * MINUTE)
    play.going_on("Reports arrive hours late", HIGH, ago=6 * DAY)
    play.restored("Slow sign-in for many users", MEDIUM, ago=2 * DAY)
    play.analysed("Outbound dialling stopped", HIGH, ago=9 * DAY)
    play.discussed("Recordings could not be played", CRITICAL, ago=20 * DAY)
    play.waiting("Agents drop out of every queue", CRITICAL, ago=8 * MINUTE)
    play.waiting("Busy signal on the main number", CRITICAL, ago=25 * MINUTE)
    while clocks.breach_due(stage.now) or clocks.warn_due(stage.now):
        pass


class _Scenes:
    def __init__(self, stage: Stage) -> None:
        self.now = stage.now
        self.expert = next(
            stage.actors[each.email] for each in stage.world.staff if each.role == SUPPORT_EXPERT
        )
        self.customers: dict[str, tuple[Actor, Deployment]] = {}
        for member in stage.world.contacts:
            for short_name, role in member.roles.items():
                organization = stage.organizations[short_name]
                cloud = [
                    deployment
                    for (name, _), deployment in stage.deployments.items()
                    if name == short_name and deployment.region
                ]
                may_open = realm.current().may_open_for(organization)
                if role == "designated" and cloud and may_open:
                    self.customers.setdefault(short_name, (stage.actors[member.email], cloud[0]))

    def going_on(self, subject: str, severity: int, *, ago: dt.timedelta) -> list[Case]:
        """An incident that began `ago`, with the cases of several customers."""
        cases: list[Case] = []
        incident: Incident | None = None
        for number, (contact, deployment) in enumerate(list(self.customers.values())[:CUSTOMERS]):
            at = self.now - ago + number * MINUTE
            case = self._open(subject, severity, contact, deployment, at)
            self._act(
                "take",
                case,
                at + 4 * MINUTE,
                "Thanks for reporting this. I'm looking into it right away.",
            )
            case = self._act(
                "join_incident",
                case,
                at + 9 * MINUTE,
                "Other customers are seeing this too: it's the platform, so no need to "
                "look further.",
                incident=incident,
                title="" if incident else subject,
            )
            incident = case.incident
            cases.append(case)
        return cases

    def restored(self, subject: str, severity: int, *, ago: dt.timedelta) -> list[Case]:
        cases = self.going_on(subject, severity, ago=ago)
        at = self.now - ago + 3 * HOUR
        restore_service(
            incident_id=cases[0].incident.pk if cases[0].incident else 0,
            restored_at=at,
            summary=SUMMARY,
            actor=self.expert,
            now=at + 10 * MINUTE,
        )
        return cases

    def analysed(self, subject: str, severity: int, *, ago: dt.timedelta) -> list[Case]:
        """Restored; the first customer asked for the analysis, got it, and asks for more."""
        cases = self.restored(subject, severity, ago=ago)
        at = self.now - ago + DAY
        asks = next(iter(self.customers.values()))[0]
        self._act("ask_analysis", cases[0], at, "Our auditors have asked for it.", actor=asks)
        self._act("deliver_analysis", cases[0], at + 2 * DAY, ANALYSIS)
        more = "Could you add the times when each region was affected?"
        self._act("ask_documents", cases[0], at + 3 * DAY, more, actor=asks)
        return cases

    def discussed(self, subject: str, severity: int, *, ago: dt.timedelta) -> None:
        """Everything up to the meeting; the other customers closed their cases with the summary."""
        cases = self.restored(subject, severity, ago=ago)
        at = self.now - ago + DAY
        (asks, _), *others = list(self.customers.values())[:CUSTOMERS]
        self._act(
            "ask_discussion",
            cases[0],
            at,
            "With our voice team, please. Mornings are best.",
            actor=asks,
        )
        self._act("deliver_analysis", cases[0], at + 3 * DAY, ANALYSIS)
        met = at + 5 * DAY
        words = "We went through the analysis together. No open questions."
        self._act("record_meeting", cases[0], met + HOUR, words, held_at=met)
        for case, (contact, _) in zip(cases[1:], others, strict=False):
            self._act("close", case, at, "The summary covers what we need, thanks.", actor=contact)

    def waiting(self, subject: str, severity: int, *, ago: dt.timedelta) -> None:
        """A new case that nobody has taken: its clock warns or is breached."""
        plain = (each for each in self.customers.values() if _has_plain_targets(each[1]))
        contact, deployment = next(plain, next(iter(self.customers.values())))
        self._open(subject, severity, contact, deployment, self.now - ago)

    def _open(
        self, subject: str, severity: int, contact: Actor, deployment: Deployment, at: dt.datetime
    ) -> Case:
        return open_case(
            actor=contact,
            now=at,
            deployment=deployment,
            subject=subject,
            description=f"{subject}. It started suddenly; nothing has changed on our side.",
            business_impact=IMPACT,
            priority=severity,
            phone_24x7="+1 555 0142" if severity == CRITICAL else "",
        )

    def _act(
        self,
        action: str,
        case: Case,
        at: dt.datetime,
        text: str,
        *,
        actor: Actor | None = None,
        **given: object,
    ) -> Case:
        return act(
            case_id=case.pk,
            action=action,
            actor=actor or self.expert,
            now=at,
            text=text,
            **given,  # type: ignore[arg-type]
        )


def _has_plain_targets(deployment: Deployment) -> bool:
    """Whether ten minutes are ten minutes for this customer (SLA-1, SLA-2)."""
    features = plan_features(deployment.organization)
    return DEFINED_RESPONSE_TARGETS in features and ENHANCED_RESPONSE_TARGETS not in features
