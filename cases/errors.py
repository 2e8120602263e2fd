"""Why a service refused. Each message is for the person who asked; nothing was stored or sent."""


class Refused(Exception):
    """The request is refused; `message` says why and what can be done."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(Refused):
    """This person may not do this, whatever state the case is in."""


class NotPossible(Refused):
    """This cannot be done in the state that the case is in."""


class Invalid(Refused):
    """A typed or chosen value cannot be accepted; `field` names the form's field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class CaseChanged(Refused):
    """The case changed since the page was shown: the person should look again first."""

    def __init__(self) -> None:
        super().__init__(
            "The case changed while you were writing. See what is new. Your text is kept below: "
            "press the button again to send it."
        )


class SentBefore(CaseChanged):
    """The same form was sent before with other contents: neither may be lost."""

    def __init__(self) -> None:
        Refused.__init__(
            self,
            "You sent this form before, with different text or files, and that was processed. "
            "What you wrote now is kept below: press the button again to send it.",
        )


class StorageFailed(Exception):
    """A file could not be written, through no fault of the person's. Nothing of it is kept."""

    def __init__(self, *, is_full: bool) -> None:
        super().__init__("the storage is full" if is_full else "the storage does not answer")
        self.is_full = is_full
