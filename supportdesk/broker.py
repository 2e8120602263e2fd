"""The embedded broker: messages as files in the realm's own folder, of kombu's making.

Kombu's `_put` opens a file under its final name and writes into it afterwards; a worker that looks
in between takes an empty message and dies of it, and with it all that `make run` started. And it
reads a message in the machine's folder for temporary files, which the realms share. Here a file
has its name when it is whole, and never leaves its folder.
"""

import os
from contextlib import suppress
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """As kombu's, but what others see is whole, whoever is stopped at whatever moment."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        _appear(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message of the queue, for one reader alone; raises Empty."""
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f".{uuid4()}"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue  # another reader was quicker
            text = taken.read_text()
            taken.unlink()
            return loads(text)
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        file: Path = self._exchange_file(exchange)
        if not file.exists():
            _appear(file, "[]")
        super()._queue_bind(exchange, routing_key, pattern, queue)


def _appear(file: Path, text: str) -> None:
    """The file is there with all of its text, or not at all; one that is there already stays."""
    part = file.with_name(f".{uuid4()}")
    part.write_text(text)
    with suppress(FileExistsError):
        file.hardlink_to(part)
    part.unlink()


class Transport(filesystem.Transport):
    Channel = Channel
