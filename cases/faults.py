"""Faults of what the desk depends on: a lock that is held, a database that is away, a full disk.

They pass, or operations fix them; no code is wrong. So they are recognized here, for the pages that
say "try again" (`supportdesk.busy`), for the log, and for the sweeps, which try again soon.
"""

import errno
from enum import Enum

from django.db import DatabaseError, InterfaceError, OperationalError

from .errors import StorageFailed


class Fault(Enum):
    """The kind of fault."""

    LOCKED = "Somebody else is working on this"
    SLOW = "This took too long"
    AWAY = "The database does not answer"
    FULL = "The storage is full"
    STORAGE = "The storage does not answer"


#: By PostgreSQL's code; with any other code of the classes 08, 53, 57 and 58, it is away.
_BY_CODE = {
    "55P03": Fault.LOCKED,  # lock_timeout
    "40P01": Fault.LOCKED,  # a deadlock, in which this transaction was ended
    "57014": Fault.SLOW,  # statement_timeout
    "53100": Fault.FULL,
}
_AWAY_CLASSES = ("08", "53", "57", "58")
#: SQLite raises the same class for errors in a statement, so the words decide.
_BY_WORDS = {
    "is locked": Fault.LOCKED,
    "disk is full": Fault.FULL,
    "disk I/O error": Fault.AWAY,
    "unable to open database": Fault.AWAY,
    "readonly database": Fault.AWAY,
}
_FULL = {errno.ENOSPC, errno.EDQUOT}


def fault_of(error: BaseException | None) -> Fault | None:
    """The fault that this exception indicates; None if something else is wrong."""
    if isinstance(error, StorageFailed):
        return Fault.FULL if error.is_full else Fault.STORAGE
    if isinstance(error, InterfaceError):
        return Fault.AWAY
    if isinstance(error, DatabaseError):
        return _of_database(error)
    if isinstance(error, OSError):
        return of_storage(error) if error.errno in _FULL | {errno.EROFS} else None
    return None


def of_storage(error: OSError) -> Fault:
    """The fault that an error raised by a storage indicates."""
    return Fault.FULL if error.errno in _FULL else Fault.STORAGE


def _of_database(error: DatabaseError) -> Fault | None:
    from_server = error.__cause__
    code = getattr(from_server, "sqlstate", None)
    if code in _BY_CODE:
        return _BY_CODE[code]
    if not isinstance(error, OperationalError):
        return None
    if code is not None:
        return Fault.AWAY if code.startswith(_AWAY_CLASSES) else None
    if type(from_server).__module__ == "sqlite3":
        return next((each for words, each in _BY_WORDS.items() if words in str(error)), None)
    return Fault.AWAY
