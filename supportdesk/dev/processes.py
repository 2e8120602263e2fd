"""The processes of `make run`: when those of one realm end, the other realm continues."""

import datetime as dt
from typing import Any

from honcho.manager import Manager

#: How long a process has to end by itself when its realm ends.
PATIENCE = dt.timedelta(seconds=10)


class Realms(Manager):
    """Runs processes named `realm-process`. When one ends, the rest of its realm is ended too.

    The loop ends when every realm has ended, or with Ctrl-C.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ended: dict[str, dt.datetime] = {}

    def _any_stopped(self) -> bool:
        """The loop asks this repeatedly: whether it is time to end everything."""
        for name, process in self._processes.items():
            realm, _, what = name.partition("-")
            if process.get("returncode") is not None and realm not in self._ended:
                self._ended[realm] = self._clock.now()
                if not self._terminating:
                    self._end(realm, what, process["returncode"])
        for realm, at in self._ended.items():
            if self._clock.now() - at > PATIENCE:
                self._signal(realm, self._procmgr.kill)
        return self._terminating or self._ended.keys() == {*self._realms()}

    def _realms(self) -> list[str]:
        return [name.partition("-")[0] for name in self._processes]

    def _end(self, realm: str, what: str, code: int) -> None:
        others = sorted({*self._realms()} - {*self._ended})
        self._system_print(
            f"the {realm} realm ends, since its {what} did (exit code {code}); see its last lines "
            "above. "
            + (f"The {' and '.join(others)} realm goes on. " if others else "")
            + "Ctrl-C, and start again.\n"
        )
        self._signal(realm, self._procmgr.terminate)

    def _signal(self, realm: str, send: Any) -> None:
        for name, process in self._processes.items():
            if name.partition("-")[0] == realm and process.get("returncode") is None:
                send(process["pid"])
