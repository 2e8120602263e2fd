"""The words for this app's codes in the history; see `cases.change_reasons`."""

from cases.change_reasons import REASONS

from .models import EscalationEntry, ManagementAttention

REASONS |= {
    "answering.recomputed": "Answer due time recalculated",
    "asking.ask_case_owner": "Request to the Case Owner",
    "asking.record_call": "Call recorded",
    "asking.withdraw_request": "Request withdrawn",
    "attention.send": "Management attention requested",
    "feeds.move": "Message moved",
    "feeds.move_to_case": "Message moved to Case Details",
    "feeds.move_to_escalation": "Message moved to Escalation Details",
    "feeds.post_in_feed": "Written in the escalation feed",
    "managing.accept": "Accepted",
    "managing.assess": "Reassessed",
    "managing.close": "Closed",
    "managing.close_with_case": "Closed with the case",
    "managing.decline": "Declined",
    "managing.give_word": "Update posted",
    "managing.hand_over": "Handed over",
    "managing.take": "Taken for review",
    "reading.mark_read": "Read",
    "requesting.request_help": "Help requested",
    "reviewing.answer_review": "Request answered",
    "reviewing.engage_manager": "Manager engaged",
    "reviewing.lapse_reviews": "Request lapsed",
    **{f"escalation.{event.value}": f"Entry: {event.label}" for event in EscalationEntry.Event},
    **{f"settling.{state.value}": f"Request: {state.label}" for state in ManagementAttention.State},
}
