"""The brokers, embedded and Redis: what lies in them and is no message ends no worker.

The embedded one is kombu's: messages as files in the realm's own folder. Kombu's `_put` opens a
file under its final name and writes into it afterwards; a worker that looks in between takes an
empty message and dies of it, and with it all that `make run` started. And it reads a message in the
machine's folder for temporary files, which the realms share. Here a file has its name when it is
whole, and never leaves its folder.

A message that cannot be read is put aside (files), or dropped (Redis), and the log says so: it is a
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

#: Messages that could not be read lie here, beside the folder of the messages.
PUT_ASIDE = "broken"


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
    """The file is there with all of its text, or not at all; one that is there already stays."""
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
        except ValueError:  # what was taken from the list is no JSON
            log.error("a message that cannot be read was dropped from Redis")
            raise Empty from None

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            return super()._get(queue)
        except ValueError:
            log.error("a message that cannot be read was dropped from Redis")
            raise Empty from None


class _Careful:
    """Hands on what is a message, and drops the rest."""

    channels: Any

    def _deliver(self, message: Any, queue: str) -> None:
        if why := why_no_message(message, self.channels):
            log.error("what is no message was dropped from %s: %s", queue, why)
        else:
            super()._deliver(message, queue)  # type: ignore[misc]


def why_no_message(message: Any, channels: Any = ()) -> str:
    """What kombu or Celery would stumble over in it; empty where it is a message."""
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
