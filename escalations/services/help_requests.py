"""Requests by a contact's form: an escalation, or a review by the Case Owner (HELP)."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction

from cases.actors import Actor
from cases.errors import Invalid, SentBefore
from cases.models import Case, Entry
from cases.notices import notify
from cases.persistence import save, save_case
from cases.rules.texts import tidied
from cases.services.entries import write_entry
from cases.services.locks import lock_case
from cases.services.texts import checked

from .. import questions
from ..errors import NotEligible, QuestionsChanged
from ..models import Escalation, EscalationEntry, EscalationReason, OwnerReview
from ..questions import Asked
from ..rules.criteria import Eligibility, ReasonKind
from ..selectors import as_codes, eligibility
from .answer_clock import answer_clock
from .owner_requests import ask_case_owner, made_before
from .persistence import asker, require_designated, require_same, write_feed
from .refusal_counts import counted

IMPACT_NEEDED = "Say how the issue is causing significant business impact."


@counted
def request_help(
    *,
    case_id: int,
    actor: Actor,
    now: dt.datetime,
    reason: str,
    details: str = "",
    impact: str = "",
    answers: Mapping[int, str] | None = None,
    asked: Mapping[str, Asked] | None = None,
    submission: uuid.UUID | None = None,
) -> Escalation | OwnerReview:
    """An escalation is Requested, or the Case Owner is asked for a review, as the reason routes.

    `answers` are those to the reason's prompts, by the prompt's primary key; `asked` is what the
    form showed, by the reason's code: an answer is stored under the question that its writer read,
    or not at all (HELP-2). None means that no form was shown. The criteria are gathered and judged
    here, on the locked case, whatever the page showed (ESC-14); two requests at once end in one
    escalation, by the lock and by the database's constraint (ESC-5). A time stamp is in the case
    (HELP-5), and the owners are told, with the Technical Account Manager (PLAN-3). HELP-3 reasons
    need an open case, nothing else. A second call with the same `submission` returns what the first
    one made.

    Raises NotAllowed (ACC-1), NotEligible with the criteria that refuse, NotPossible (a closed
    case, or the same request is open), QuestionsChanged, Invalid (reason, details, impact,
    answers), CaseChanged.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        require_designated(actor, case)
        made = made_before(case, submission, actor)
        # Read once: the answers are stored under the same prompts that are compared with the form.
        chosen = EscalationReason.objects.filter(code=reason).prefetch_related("prompts").first()
        if made:
            _require_same_request(made, chosen, asked, details, impact, answers or {})
            return made
        chosen = _offered(chosen, reason, asked)
        details = checked("details", details)
        impact = checked("impact", impact)
        if chosen.kind is ReasonKind.OWNER_REVIEW:
            review = OwnerReview(
                kind=OwnerReview.Kind.HELP,
                reason=chosen,
                details=_details(chosen, details),
                answers=_with_impact(_answers(chosen, answers or {}), impact),
                submission=submission,
            )
            return ask_case_owner(review, case, actor=actor, now=now)
        verdict = eligibility(
            case=case, contact=actor.person, now=now, reason=chosen, impact=impact
        )
        _refuse(verdict)
        if chosen.needs_impact and not impact:
            raise Invalid("impact", IMPACT_NEEDED)
        escalation = Escalation(
            case=case,
            requested_by=asker(actor),
            requested_at=now,
            reason=chosen,
            details=_details(chosen, details),
            answers=_answers(chosen, answers or {}),
            impact=impact,
            criteria=as_codes(verdict),
            severity=case.severity,
            **answer_clock(case, now),
            submission=submission,
        )
        _store(escalation, case, chosen, actor=actor, now=now)
    found: Escalation | OwnerReview = escalation
    return found


def _store(
    escalation: Escalation, case: Case, reason: EscalationReason, *, actor: Actor, now: dt.datetime
) -> None:
    try:
        with transaction.atomic():
            save(escalation, actor=actor, now=now, why="requesting.request_help")
    except IntegrityError:
        # Another request was faster: the constraint's refusal is reported as the criterion's.
        _refuse(eligibility(case=case, contact=actor.person, now=now, reason=reason, impact="x"))
        raise
    save_case(case, actor=actor, now=now, why="requesting.request_help", public=True, fields=[])
    write_entry(
        case, actor=actor, now=now, event=Entry.Event.ESCALATED, to_value=reason.label[:120]
    )
    entry = write_feed(
        escalation,
        actor=actor,
        now=now,
        event=EscalationEntry.Event.REQUESTED,
        body="\n\n".join(filter(None, [escalation.answers, escalation.details, escalation.impact])),
        to_value=reason.label[:120],
    )
    for event in ("escalation_received", "escalation_requested"):
        notify(event, f"e{entry.pk}", case=case, actor=actor, now=now, escalation=escalation)


# --- Parts --------------------------------------------------------------------------------------


def _refuse(verdict: Eligibility) -> None:
    """Raises what the verdict says: a missing impact is an error of its field, all else is not."""
    if verdict.eligible:
        return
    if {outcome.reason for outcome in verdict.refusals} == {"impact_not_stated"}:
        raise Invalid("impact", IMPACT_NEEDED)
    raise NotEligible(verdict)


def _offered(
    reason: EscalationReason | None, code: str, asked: Mapping[str, Asked] | None
) -> EscalationReason:
    """The chosen reason, with the questions that the form showed. Raises Invalid,
    QuestionsChanged."""
    offered = reason if reason and reason.is_active else None
    if asked is not None:
        now = questions.asked(offered) if offered else None
        if said := questions.changes(asked.get(code), now):
            raise QuestionsChanged(said)
    if offered is None:
        raise Invalid("reason", "Choose a reason.")
    return offered


def _require_same_request(
    made: Escalation | OwnerReview,
    reason: EscalationReason | None,
    asked: Mapping[str, Asked] | None,
    details: str,
    impact: str,
    answers: Mapping[int, str],
) -> None:
    """Raises SentBefore if the second click differs from the first one, compared by the questions
    that both of them read."""
    if reason is None:
        raise SentBefore
    require_same(made, reason=reason, details=details)
    shown = (asked or {}).get(reason.code) or questions.asked(reason)
    said = _text_of((each.text, answers.get(each.pk, "")) for each in shown.questions)
    if isinstance(made, Escalation):
        require_same(made, answers=said, impact=impact)
    else:
        require_same(made, answers=_with_impact(said, impact))


def _details(reason: EscalationReason, details: str) -> str:
    if reason.needs_details and not details:
        raise Invalid("details", "Say why in your own words.")
    return details


def _answers(reason: EscalationReason, answers: Mapping[int, str]) -> str:
    """The prompts with their answers, as text: later changes of a prompt change no answer."""
    said = []
    for prompt in reason.prompts.all():
        if prompt.is_active:
            needed = "Please answer this." if prompt.is_required else ""
            answer = checked(f"prompt_{prompt.pk}", answers.get(prompt.pk, ""), needed=needed)
            said.append((prompt.question, answer))
    return _text_of(said)


def _text_of(said: Iterable[tuple[str, str]]) -> str:
    answered = [(question, tidied(answer)) for question, answer in said]
    return "\n\n".join(f"{question}\n{answer}" for question, answer in answered if answer)


def _with_impact(answers: str, impact: str) -> str:
    """What the Case Owner reads from the form besides its details."""
    return "\n\n".join(filter(None, [answers, _text_of([("Business impact", impact)])]))
