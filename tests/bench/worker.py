"""One worker of the benchmark: closes what is due, and tells what it took."""

import json
import sys
import time
from pathlib import Path


def memory() -> float:
    """Megabytes that this process held at most.

    `getrusage` would tell those of the process that started this one, where that is larger.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    import django

    django.setup()

    from django.db import connection

    from cases.job_table import JOBS, ring
    from cases.jobs import sweep

    connection.ensure_connection()
    # A worker of Celery has its connection to the broker, and what it needs for it.
    ring(JOBS["deliver-notices"])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begun, processor = time.perf_counter(), time.process_time()
    done = sweep(JOBS["close-silent-cases"].some, seconds=3600)
    figures = {
        "done": done,
        "seconds": time.perf_counter() - begun,
        "processor": time.process_time() - processor,
        "memory": memory(),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
