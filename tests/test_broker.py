"""The embedded broker: workers take only whole messages from the folder."""

import contextlib
import json
import threading
from collections import Counter
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from django.conf import settings
from kombu import Connection, Consumer, Exchange, Producer, Queue
from kombu.transport import filesystem

# The same class in both realms.
pytestmark = [pytest.mark.realm("commercial"), pytest.mark.embedded]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    filesystem.Transport.global_state.clear()  # declared in the folder of another test
    return tmp_path


def channel(folder: Path) -> Any:
    """As web, worker and beat each have one."""
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
    }
    connection = Connection(
        settings.CELERY_BROKER_URL,
        transport=settings.CELERY_BROKER_TRANSPORT,
        transport_options=options,
    )
    return connection.channel()


class Looking:
    """A value in a message that reads the queue while the message is being written."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.saw: Any = None

    def __json__(self) -> str:
        try:
            self.saw = self.reader._get("desk")
        except Empty:
            self.saw = Empty
        return "written"


def test_a_message_is_seen_when_it_is_whole(folder: Path) -> None:
    """A worker that took half a message would die, and end the whole desk."""
    writer, reader = channel(folder), channel(folder)
    word = Looking(reader)
    writer._put("desk", {"word": word})
    assert word.saw is Empty
    assert reader._get("desk") == {"word": "written"}
    assert list((folder / "messages").iterdir()) == []
    with pytest.raises(Empty):
        reader._get("desk")


def test_each_message_is_taken_once_and_none_is_lost(folder: Path) -> None:
    taken: Counter[int] = Counter()
    faults: list[Exception] = []
    written = threading.Event()

    def write(first: int) -> None:
        own = channel(folder)
        for number in range(first, first + 100):
            own._put("desk", number)

    def read() -> None:
        own = channel(folder)
        while True:
            ended = written.is_set()
            try:
                taken[own._get("desk")] += 1
            except Empty:
                if ended:
                    return
            except Exception as error:  # noqa: BLE001 - the test looks at it
                faults.append(error)
                return

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 100, 200)]
    readers = [threading.Thread(target=read) for _ in range(3)]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    written.set()
    for thread in readers:
        thread.join()
    assert faults == []
    assert taken == Counter(range(300))


def test_many_processes_declare_the_same_queue_at_once(folder: Path) -> None:
    """As web, worker and beat do on the very first start."""
    faults: list[Exception] = []
    barrier = threading.Barrier(8)

    def declare(exchange: str) -> None:
        own = channel(folder)
        barrier.wait()
        try:
            own._queue_bind(exchange, "desk", "", "desk")
            assert own.get_table(exchange)[0].queue == "desk"
        except Exception as error:  # noqa: BLE001 - the test looks at it
            faults.append(error)

    for round_ in range(25):
        threads = [threading.Thread(target=declare, args=(f"desk{round_}",)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert faults == []


#: Files left by a power cut or changed by hand, by the number of the fault that was found.
BROKEN = {
    "Q1": b"",
    "Q2": b'{"body": "AAA',
    "no text": b"\xff\xfe\x00",
    "no object": b"[1, 2]",
    "a number": b"5",
    "empty": b"{}",
    "no properties": b'{"body": "e30=", "headers": {}}',
    "no delivery": b'{"properties": {"delivery_tag": "x"}, "headers": {}}',
    "a body that is none": json.dumps(
        {
            "properties": {"delivery_tag": "x", "delivery_info": {}, "body_encoding": "base64"},
            "headers": {},
            "body": "A",
        }
    ).encode(),
    "a task without a number": json.dumps(
        {"properties": {"delivery_tag": "x", "delivery_info": {}}, "headers": {"task": "one"}}
    ).encode(),
}


QUEUE = Queue("desk", Exchange("desk"), routing_key="desk")


def taken_by_a_worker(connection: Connection) -> list[Any]:
    """Everything that a consumer of the queue gets until it is empty."""
    bodies: list[Any] = []
    with connection, Consumer(connection, [QUEUE], accept=["json"]) as consumer:
        consumer.register_callback(lambda body, message: (bodies.append(body), message.ack()))
        for _ in range(10):
            with contextlib.suppress(TimeoutError):
                connection.drain_events(timeout=1)
            if bodies:
                break
    return bodies


def told(connection: Connection) -> Connection:
    with Producer(connection) as producer:
        producer.publish(
            {"word": "good"},
            exchange=QUEUE.exchange,
            routing_key="desk",
            serializer="json",
            declare=[QUEUE],
        )
    return connection


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_message_ends_no_worker(folder: Path, content: bytes, caplog) -> None:
    """It is put aside, or dropped, and logged; the next message is taken."""
    connection = channel(folder).connection.client
    broken = folder / "messages" / "0_x.desk.msg"  # before all others, by name
    broken.write_bytes(content)
    assert taken_by_a_worker(told(connection)) == [{"word": "good"}]
    assert not broken.exists()
    assert len(caplog.records) == 1
    if content in (BROKEN["Q1"], BROKEN["Q2"], BROKEN["no text"]):
        assert (folder / "broken" / broken.name).read_bytes() == content
