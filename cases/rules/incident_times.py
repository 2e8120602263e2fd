"""How long a platform-level issue took (SLA-9). Pure; elapsed time, around the clock."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class IncidentTimes:
    """What is known of an incident. None means that it has not happened or is not known."""

    #: When its first case or the incident itself was opened: used if nothing else is known.
    opened_at: dt.datetime
    impact_began_at: dt.datetime | None = None
    restored_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None

    @property
    def began_at(self) -> dt.datetime:
        """When both times begin: when the impact began, if known."""
        return self.impact_began_at or self.opened_at

    @property
    def to_restore(self) -> dt.timedelta | None:
        """The time to restore; None until the service is restored."""
        return self._since(self.restored_at)

    @property
    def to_resolve(self) -> dt.timedelta | None:
        """The time to resolve; None until the root cause is resolved."""
        return self._since(self.resolved_at)

    def _since(self, at: dt.datetime | None) -> dt.timedelta | None:
        return None if at is None else max(at - self.began_at, dt.timedelta(0))
