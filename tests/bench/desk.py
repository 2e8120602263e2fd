"""Pages, an entry, and sweeps at several sizes of the desk, on PostgreSQL.

The rows are made by `tests.many`. Pages are asked for in this process, through all middleware and
templates, by a signed-in person; no network and no web server are in the figures.
"""

import datetime as dt
import json
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from cases.documents import paragraph
from cases.jobs.clocks import close_due
from cases.models import Case
from cases.roles import sync_roles
from tests import many, world
from tests.concurrency.forks import environment

from . import floors, plot

#: Milliseconds; at the size that the budgets speak of.
BUDGETS = {"queue page": 60.0, "case page": 60.0, "portal list": 20.0, "posting an entry": 20.0}
AT_SIZE = 100_000
GROWTH = 1.3
IDLE_BUDGET = 5.0
SWEEP_BUDGET = 10.0
SWEPT = 5_000
MEMORY_GROWTH = 1.15
#: A median of so many, of the best of so many rounds: others may use the machine.
CALLS, ROUNDS = 9, 3
FAR = dt.timedelta(days=90)


@dataclass
class Figures:
    """What was measured at one size: milliseconds by name, with the floor's."""

    size: int
    made_in: float
    took: dict[str, float] = field(default_factory=dict)
    floor: dict[str, float] = field(default_factory=dict)
    idle: float = 0.0
    #: A sum that is always the same, timed before and after the pages: how fast the machine was.
    yardstick: float = 0.0


def report(sizes: Sequence[int], due: Sequence[int], picture: Path) -> tuple[str, list[str]]:
    """The section of docs/benchmarks.md, and the budgets that are broken."""
    with own_database():
        sync_roles()
        desk = world.build()
        many.make_organizations(desk, max(20, max(sizes) // 500))
        measured = [measure(desk, size) for size in sorted(sizes)]
        sweeps = {count: sweep(desk, count, workers=1) for count in due}
        double = sweep(desk, SWEPT if SWEPT in due else max(due), workers=2)
    curves = {each: [(one.size, one.took[each]) for one in measured] for each in BUDGETS}
    picture.write_text(plot.lines(curves, BUDGETS, title="Milliseconds by number of cases"))
    broken = over_budget(measured, sweeps, double)
    return table(measured, sweeps, double, picture.name), broken


@contextmanager
def own_database() -> Iterator[None]:
    """Within, the connection is to a database of the bench, which ends with it."""
    if connection.vendor != "postgresql":
        raise SystemExit("The benchmarks need PostgreSQL: set DATABASE_URL, or use `make bench`.")
    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = "supportdesk_bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measure(desk: world.Desk, size: int) -> Figures:
    """The desk has so many cases; its pages and an entry are timed."""
    have = Case.objects.count()
    begun, begun_at = time.perf_counter(), timezone.now()
    many.make_cases(desk, size - have, timezone.now(), due_in=FAR)
    vacuum()
    figures = Figures(size, time.perf_counter() - begun)
    staff, contact = signed_in(desk.expert), signed_in(desk.designated)
    own = Case.objects.filter(organization=desk.organization, state="in_progress")
    case = own.order_by("pk").last()
    assert case is not None
    before = timed(fixed_sum)
    pages = {
        "queue page": (staff, "/admin/cases/case/?queue=open", floors.QUEUE),
        "case page": (staff, f"/admin/cases/case/{case.pk}/change/", floors.CASE),
        "portal list": (contact, "/cases/", floors.PORTAL),
    }
    for name, (client, address, sql) in pages.items():
        figures.took[name] = timed(lambda c=client, a=address: ok(c.get(a)))
        ids = {"case": case.pk, "person": desk.designated.pk}
        rendering = floors.rendering_of(client, address)
        figures.floor[name] = timed(lambda s=sql, i=ids: floors.rows(s, i)) + timed(rendering)
    figures.took["posting an entry"] = timed(
        lambda form: ok(contact.post(f"{case.get_absolute_url()}entry/", form), 302),
        prepare=lambda: [form_of(case)],
    )
    posted = case.entries.filter(author=desk.designated, created_at__gte=begun_at).count()
    assert posted == 1 + ROUNDS * CALLS, posted
    figures.floor["posting an entry"] = timed(floors.writing_again(case))
    figures.yardstick = (before + timed(fixed_sum)) / 2
    figures.idle = idle_milliseconds()
    tell(f"{figures.size:,} cases: {figures.took}, floor {figures.floor}, idle {figures.idle:.2f}")
    return figures


def fixed_sum() -> int:
    return sum(number * number for number in range(100_000))


def growth(measured: Sequence[Figures]) -> float:
    """Of the queue page from the smallest desk to the largest, on a machine of the same speed."""
    small, large = measured[0], measured[-1]
    same_speed = small.yardstick / large.yardstick
    return large.took["queue page"] / small.took["queue page"] * same_speed


def tell(words: str) -> None:
    """A line while it runs: it takes its time."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def signed_in(person: Any) -> Client:
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def ok(response: Any, status: int = 200) -> None:
    assert response.status_code == status, response.status_code


def form_of(case: Case) -> dict[str, object]:
    """What the composer sends that was shown for the case as it is now."""
    version = Case.objects.values_list("public_version", flat=True).get(pk=case.pk)
    return {"body": many.WORDS, "version": version, "submission": str(uuid.uuid4())}


def timed(call: Callable[..., object], prepare: Callable[[], Sequence[Any]] = tuple) -> float:
    """Milliseconds: the best round's median. What a call is given is prepared before its time."""
    call(*prepare())
    rounds = []
    for _ in range(ROUNDS):
        took = []
        for _ in range(CALLS):
            given = prepare()
            begun = time.perf_counter()
            call(*given)
            took.append(time.perf_counter() - begun)
        rounds.append(statistics.median(took))
    return min(rounds) * 1e3


def idle_milliseconds() -> float:
    """How long a sweep that finds nothing due waits for the database: the shortest of some."""
    took: list[float] = []

    def stopwatch(execute: Callable[..., Any], *query: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*query)
        finally:
            took[-1] += time.perf_counter() - begun

    with connection.execute_wrapper(stopwatch):
        for _ in range(21):
            took.append(0.0)
            assert close_due(timezone.now()) == 0
    return min(took) * 1e3


def vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


# --- Sweeps -------------------------------------------------------------------------------------


@dataclass
class Swept:
    """A sweep of due cases by some workers; memory is a worker's at its most, in MB."""

    cases: int
    workers: int
    seconds: float
    memory: float
    processor: float
    floor: float


def sweep(desk: world.Desk, count: int, *, workers: int) -> Swept:
    """So many due cases are closed by processes of their own, as workers are."""
    now = timezone.now()
    world.open_always(desk.organization.calendar)
    before = Case.objects.order_by("pk").last()
    assert before is not None
    half = count // 2
    for state, cases in (("awaiting_customer", half), ("resolution_proposed", count - half)):
        many.make_cases(desk, cases, now, state=state)
    vacuum()
    processes = [start_worker() for _ in range(workers)]
    for each in processes:
        assert each.stdout is not None
        each.stdout.readline()  # it has loaded everything
    answers = []
    for each in processes:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in processes:
        assert each.stdout is not None
        answers.append(json.loads(each.stdout.readline()))
        each.communicate()
    assert sum(each["done"] for each in answers) == count, answers
    assert not Case.objects.filter(pk__gt=before.pk).exclude(state="closed").exists()
    tell(f"{count:,} due cases, {workers} at work: {answers}")
    return Swept(
        cases=count,
        workers=workers,
        seconds=max(each["seconds"] for each in answers),
        memory=max(each["memory"] for each in answers),
        processor=sum(each["processor"] for each in answers),
        floor=floors.sweep_seconds(before.pk) if workers == 1 and count <= SWEPT else 0.0,
    )


def start_worker() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
        env=environment(Path(settings.DATA_DIR)),
    )


# --- What is written ----------------------------------------------------------------------------


def over_budget(measured: Sequence[Figures], sweeps: dict[int, Swept], double: Swept) -> list[str]:
    broken = []
    for figures in measured:
        if figures.idle > IDLE_BUDGET:
            broken.append(f"idle sweep at {figures.size:,}: {figures.idle:.1f} ms")
        if figures.size == AT_SIZE:
            broken += [
                f"{name}: {figures.took[name]:.0f} ms"
                for name, budget in BUDGETS.items()
                if figures.took[name] > budget
            ]
    if growth(measured) > GROWTH:
        broken.append(f"queue page grows {growth(measured):.2f} times")
    single = sweeps.get(SWEPT)
    if single and single.seconds > SWEEP_BUDGET:
        broken.append(f"sweep of {SWEPT:,}: {single.seconds:.1f} s")
    if single and double.seconds >= single.seconds:
        broken.append(f"two workers take {double.seconds:.1f} s, one {single.seconds:.1f} s")
    few, many_due = sweeps[min(sweeps)], sweeps[max(sweeps)]
    if many_due.memory > MEMORY_GROWTH * few.memory:
        broken.append(f"memory grows from {few.memory:.0f} to {many_due.memory:.0f} MB")
    return broken


def table(
    measured: Sequence[Figures], sweeps: dict[int, Swept], double: Swept, picture: str
) -> str:
    sizes = "".join(f" {each.size:,} |" for each in measured)
    lines = [
        "## Pages and an entry",
        "",
        *paragraph(
            "Milliseconds in the process that answers: the median of "
            f"{CALLS} calls, in the best of {ROUNDS} rounds. The figure after the stroke is the "
            "multiple of the floor. For a page, the floor is the same rows read by hand-written "
            "SQL and the same template rendered without a view; for an entry, it is the same rows "
            "written once more by one statement. One tenth of the cases is open. Every tenth case "
            "belongs to one large customer, whose contact asks."
        ),
        "",
        f"| cases | budget at {AT_SIZE:,} |{sizes}",
        f"| --- | ---: |{' ---: |' * len(measured)}",
    ]
    for name, budget in BUDGETS.items():
        cells = "".join(
            f" {each.took[name]:.1f} / {each.took[name] / each.floor[name]:.1f} |"
            for each in measured
        )
        lines.append(f"| {name} | {budget:.0f} |{cells}")
    idle = "".join(f" {each.idle:.1f} |" for each in measured)
    made = "".join(f" {each.made_in:.0f} s |" for each in measured)
    speed = "".join(f" {each.yardstick:.1f} |" for each in measured)
    lines += [
        f"| idle sweep, wait for the database | {IDLE_BUDGET:.0f} |{idle}",
        f"| (a fixed sum: the machine's speed at that time) | |{speed}",
        f"| (time to make the rows) | |{made}",
        "",
        *paragraph(
            f"The queue page at {measured[-1].size:,} cases takes {growth(measured):.2f} times as "
            f"long as at {measured[0].size:,}, corrected for the speed of the machine by the "
            f"fixed sum. The budget is {GROWTH}."
        ),
        "",
        f"![Milliseconds by number of cases]({picture})",
        "",
        "## Sweeps",
        "",
        *paragraph(
            "Worker processes close due cases, with history, feed, clocks and notices, in a desk "
            f"of {measured[-1].size:,} cases. Budget: {SWEPT:,} in {SWEEP_BUDGET:.0f} s by one "
            "worker, faster by two, and memory that grows by a factor of at most "
            f"{MEMORY_GROWTH}."
        ),
        "",
        "| due cases | workers | seconds | cases per second | CPU, ms per case | peak memory, MB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in [*sweeps.values(), double]:
        lines.append(
            f"| {each.cases:,} | {each.workers} | {each.seconds:.1f} "
            f"| {each.cases / each.seconds:.0f} | {each.processor / each.cases * 1e3:.2f} "
            f"| {each.memory:.0f} |"
        )
    for each in sweeps.values():
        if each.floor:
            lines += [
                "",
                *paragraph(
                    f"The floor for {each.cases:,} is {each.floor:.2f} s: the rows that the sweep "
                    "wrote, written once more by one statement for each table. The sweep takes "
                    f"{each.seconds / each.floor:.0f} times as long."
                ),
            ]
    return "\n".join(lines) + "\n"
