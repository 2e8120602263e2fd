"""The numbers of placeholders in a file, for a job that reads for a minute and holds no lock."""

from contextlib import ExitStack
from types import TracebackType

from django.db import transaction

from cases.models import Case
from cases.services.locks import lock_case

from ..models import Placeholder
from .case_numbers import digests_of, first_number, known_numbers, last_numbers

#: A case remembers the numbers of this many values. Further ones have the number 0: a log may hold
#: a million addresses, and every text that is written in the case looks through all of them.
REMEMBERED_MOST = 20_000
MANY = 0


class FileNumbers:
    """The same numbers as in the case's texts, and new ones for new values.

    The case is locked from the first new value of a block until `settle`: during the replacing,
    but not during the reading. Used as a context, it leaves no lock behind.
    """

    def __init__(self, case: Case, *, internal: bool) -> None:
        self._case, self._internal = case, internal
        self._newest = 0
        self._known: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._new: list[Placeholder] = []
        self._lock: ExitStack | None = None

    def __enter__(self) -> "FileNumbers":
        self._read()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        lock, self._lock = self._lock, None
        if lock:
            lock.__exit__(kind, error, trace)

    def number(self, kind: str, value: str) -> int:
        digest, *older = digests_of(self._case, kind, value)
        for old in older:
            if old in self._known:
                return self._known[old]
        if digest not in self._known and self._lock is None:
            self._take_lock()  # somebody may have given it a number meanwhile
        if digest not in self._known:
            if len(self._known) >= REMEMBERED_MOST:
                return MANY
            last = self._last.get(kind)
            number = last + 1 if last else first_number(internal=self._internal)
            self._new.append(
                Placeholder(
                    case=self._case,
                    kind=kind,
                    number=number,
                    digest=digest,
                    is_internal=self._internal,
                )
            )
            self._known[digest] = self._last[kind] = number
        return self._known[digest]

    def settle(self) -> None:
        """New values are stored, and the case is unlocked."""
        if self._lock is None:
            return
        Placeholder.objects.bulk_create(self._new, batch_size=500)
        self._new = []
        lock, self._lock = self._lock, None
        lock.close()

    def _take_lock(self) -> None:
        self._lock = ExitStack()
        self._lock.enter_context(transaction.atomic())
        lock_case(self._case.pk)
        self._read()

    def _read(self) -> None:
        newest = Placeholder.objects.filter(case=self._case).order_by("-pk")
        newest_key = newest.values_list("pk", flat=True).first() or 0
        if newest_key != self._newest:
            self._known = known_numbers(self._case, internal=self._internal)
            self._last = last_numbers(self._case, internal=self._internal)
            self._newest = newest_key
