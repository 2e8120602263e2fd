"""The words for this app's codes in the history; see `cases.change_reasons`."""

from cases.change_reasons import REASONS

REASONS |= {
    "accepting.bring": "File submitted for review",
    "accepting.decide": "File review decided",
    "access.ask": "Access requested",
    "access.decide": "Access decided",
    "bootstrap": "First access administrator",
    "dormancy.disable": "Disabled: not used for too long",
    "flagging.flag": "Flagged as a FedRAMP organization",
    "invitations.accept": "Invitation accepted",
    "invitations.invite": "Invited",
    "invitations.replace": "Replaced by a newer invitation",
    "pins.check": "PIN checked",
    "pins.count": "PIN try counted",
    "pins.give": "PIN issued",
    "pins.match": "PIN matched",
    "redacting.ask": "Redaction requested",
    "redacting.decide": "Redaction decided",
    "redacting.redirect": "Case redirected",
    "removals.missed": "Missed value reported",
    "removals.not_personal": "False positive reported",
    "removals.review": "Report reviewed",
    "skills.attest": "Skill attested",
    "skills.end_with_sign_in": "Skill ended: the sign-in changed",
    "skills.replace": "Skill replaced",
    "skills.withdraw": "Skill withdrawn",
}
