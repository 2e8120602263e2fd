"""Who is told of an account: the mails of allauth, by the name that it has for each."""

from cases.notice_types import NoticeType
from cases.recipients import Addressee, Groups, Occasion

#: What happened, by the name of the templates in `account/email/` and `mfa/email/`.
WORDS = {
    "password_reset_key": "Somebody asks for a link to choose a new password.",
    "password_reset": "A new password was chosen by such a link.",
    "password_changed": "The password was changed.",
    "totp_activated": "An app for codes became the second factor.",
    "totp_deactivated": "The app for codes is no longer the second factor.",
    "recovery_codes_generated": "There are new recovery codes.",
    "webauthn_added": "A security key was added.",
    "webauthn_removed": "A security key was removed.",
}


def account_holder(groups: Groups, occasion: Occasion) -> list[Addressee]:
    """The address of the account."""
    return [Addressee(occasion.words["email"], occasion.words["reader"])]


def _row(event: str, what: str, stored_as: str = "") -> NoticeType:
    to, subject = (account_holder,), "{subject}"
    return NoticeType(event, what, to, subject=subject, template="account", stored_as=stored_as)


TYPES = [
    # The FedRAMP realm invites contacts by a mail of its own, which the outbox calls the same.
    _row("account_invitation", "Somebody has an account, and never signed in.", "invitation"),
    *(_row(event, what) for event, what in WORDS.items()),
]
