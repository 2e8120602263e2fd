"""The brokers, embedded and Redis: a malformed message ends no worker.

The embedded one is kombu's: messages are files in the realm's own folder. Kombu's `_put` opens a
file under its final name and then writes into it; a worker that looks in between takes an empty
message and dies of it, and with it everything that `make run` started. It also reads messages in
the machine's temporary folder, which the realms share. Here a file gets its name once it is
complete, and never leaves its folder.

A message that cannot be read is put aside (files) or dropped (Redis), and logged: it is only a
doorbell, and beat rings again.
"""

import logging
import os
from contextlib import suppress
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem, redis
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)

#: The folder for messages that could not be read, beside the folder of messages.
PUT_ASIDE = "broken"


class Channel(filesystem.Channel):
    """Like kombu's, but others see only whole files, even if a writer is killed half-way."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        _appear(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message of the queue, given to one reader only; raises Empty."""
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f".{uuid4()}"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue  # another reader was faster
            try:
                message = loads(taken.read_text())
            except ValueError:
                _put_aside(taken, name)
                continue
            taken.unlink()
            return message
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        file: Path = self._exchange_file(exchange)
        if not file.exists():
            _appear(file, "[]")
        super()._queue_bind(exchange, routing_key, pattern, queue)


def _appear(file: Path, text: str) -> None:
    """The file exists with its whole text or not at all; an existing file is not changed."""
    part = file.with_name(f".{uuid4()}")
    part.write_text(text)
    with suppress(FileExistsError):
        file.hardlink_to(part)
    part.unlink()


def _put_aside(file: Path, name: str) -> None:
    folder = file.parent.parent / PUT_ASIDE
    folder.mkdir(exist_ok=True)
    file.rename(folder / name)
    log.error("a message that cannot be read was put aside: %s", folder / name)


class RedisChannel(redis.Channel):
    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)
        except ValueError:  # what was taken from the list is not JSON
            log.error("a message that cannot be read was dropped from Redis")
            raise Empty from None

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            return super()._get(queue)
        except ValueError:
            log.error("a message that cannot be read was dropped from Redis")
            raise Empty from None


class _Careful:
    """Passes on valid messages and drops the rest."""

    channels: Any

    def _deliver(self, message: Any, queue: str) -> None:
        if why := why_no_message(message, self.channels):
            log.error("what is no message was dropped from %s: %s", queue, why)
        else:
            super()._deliver(message, queue)  # type: ignore[misc]


def why_no_message(message: Any, channels: Any = ()) -> str:
    """What would make kombu or Celery fail on it; empty if it is a valid message."""
    if not isinstance(message, dict):
        return "no object"
    properties, headers = message.get("properties"), message.get("headers")
    if not isinstance(properties, dict) or not isinstance(headers, dict):
        return "no properties, or no headers"
    if not isinstance(properties.get("delivery_tag"), str):
        return "no delivery tag"
    if not isinstance(properties.get("delivery_info"), dict):
        return "no delivery information"
    if "task" in headers and not all(isinstance(headers.get(each), str) for each in ("task", "id")):
        return "no name or number of a task"
    try:
        for channel in channels[:1]:
            channel.decode_body(message.get("body") or "", properties.get("body_encoding"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return f"its body ({type(error).__name__})"
    return ""


class Transport(_Careful, filesystem.Transport):
    Channel = Channel


class RedisTransport(_Careful, redis.Transport):
    Channel = RedisChannel
