"""`make run`: both realms on this machine, each with web, worker, mail and beat.

Prepares the databases, starts eight processes under honcho, and prints where to sign in once both
realms answer. Ctrl-C ends all of them. The next start ends what a killed start left behind.
"""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from supportdesk.dev.processes import Realms

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTS = {"commercial": "localhost", "fedramp": "fedramp.localhost"}
DEFAULT_PORTS = {"commercial": 8000, "fedramp": 8001}
#: An environment variable of every process that a start makes, so that the next start knows them.
MARK = "SUPPORTDESK_STARTED_IN"
READY_SECONDS = 60


def main() -> int:
    """Run until Ctrl-C, or until a process of each realm has ended; return the exit code."""
    if sys.version_info[:2] != (3, 11):
        return fail(f"Python 3.11 is needed; this is {sys.version.split()[0]}.")
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    try:
        refuse_shared()
        ports = {realm: read_port(realm) for realm in HOSTS}
        make_writable(data)
        refuse_second_start(data)
    except ValueError as error:
        return fail(str(error))
    end_leftovers(data)
    for realm, port in ports.items():
        if is_taken(port):
            return fail(
                f"port {port} is taken. Stop what listens there, or choose another: "
                f"make run PORT_{realm.upper()}={port + 100}"
            )
    environments = {realm: environment(realm, port, data) for realm, port in ports.items()}
    signins = prepare(environments, data)
    if signins is None:
        return 1
    (data / "start.pid").write_text(str(os.getpid()))
    manager = Realms()
    for realm, env in environments.items():
        for name, command in commands(realm, ports[realm]).items():
            manager.add_process(f"{realm}-{name}", command, env=env, cwd=str(ROOT))
    threading.Thread(target=announce, args=(ports, data, signins), daemon=True).start()
    manager.loop()
    (data / "start.pid").unlink(missing_ok=True)
    interrupted = manager.returncode in {130, 143}
    return 0 if interrupted else manager.returncode or 0


def fail(message: str) -> int:
    sys.stderr.write(f"supportdesk: {message}\n")
    return 1


def refuse_shared() -> None:
    """Raise ValueError if the environment sets something that each realm must have for itself."""
    for name in (
        "DATABASE_URL",
        "BROKER_URL",
        "BROKER_DIR",
        "FILES_DIR",
        "SECRET_KEY",
        "CACHE_URL",
        "SITE_URL",
    ):
        if os.environ.get(name):
            raise ValueError(f"{name} is set, and both realms would share it: unset it.")


def read_port(realm: str) -> int:
    """The realm's port from PORT_COMMERCIAL or PORT_FEDRAMP. Raises ValueError."""
    name = f"PORT_{realm.upper()}"
    text = os.environ.get(name) or str(DEFAULT_PORTS[realm])
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError(f"{name} is {text!r}; it must be a port number.")
    return int(text)


def make_writable(data: Path) -> None:
    """Make sure that the data folder exists and is writable. Raises ValueError."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ValueError(
            f"cannot write to {data} ({error.strerror}). Choose another folder: "
            "make run DATA_DIR=/path/to/folder"
        ) from error


def refuse_second_start(data: Path) -> None:
    """Raise ValueError if another start is still running on this data folder."""
    try:
        pid = int((data / "start.pid").read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if b"supportdesk.dev.start" in command:
        raise ValueError(
            f"the desk runs already on {data} (process {pid}): end it there with Ctrl-C."
        )


def leftovers(data: Path) -> Iterator[int]:
    """Processes of a start on this folder that was killed before it could end them."""
    mark = f"{MARK}={data}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in variables and int(entry.name) != os.getpid():
            yield int(entry.name)


def end_leftovers(data: Path) -> None:
    """Ask them to end, then kill those that are left; none is running afterwards."""
    for sign, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        if not (pids := list(leftovers(data))):
            return
        print(f"Ending {len(pids)} processes that a killed start left behind ...")
        for pid in pids:
            try:
                os.kill(pid, sign)
            except ProcessLookupError:
                continue
        end = time.monotonic() + patience
        while time.monotonic() < end and any(leftovers(data)):
            time.sleep(0.1)


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def environment(realm: str, port: int, data: Path) -> dict[str, str]:
    """The environment of the realm's processes."""
    return {
        **os.environ,
        "ENVIRONMENT": os.environ.get("ENVIRONMENT", "development"),
        "DJANGO_SETTINGS_MODULE": "supportdesk.settings",
        "REALM": realm,
        "PORT": str(port),
        "DATA_DIR": str(data),
        "PYTHONUNBUFFERED": "1",
        MARK: str(data),
    }


def commands(realm: str, port: int) -> dict[str, str]:
    """The four processes of a realm, as shell commands."""
    python = f"exec '{sys.executable}' -m"
    worker = (
        f"{python} celery --app supportdesk --quiet worker --pool threads"
        " --without-gossip --without-mingle --loglevel WARNING"
    )
    reload = " --reload" if os.environ.get("RELOAD") else ""
    return {
        "web": (
            f"{python} gunicorn supportdesk.wsgi --config gunicorn.conf.py"
            f" --bind 127.0.0.1:{port} --workers 1 --log-level warning --graceful-timeout 5{reload}"
        ),
        "worker": f"{worker} --hostname work@%h --concurrency 4",
        "mail": (f"{worker} --hostname mail@%h --concurrency 2 --queues supportdesk-{realm}-mail"),
        "beat": f"{python} celery --app supportdesk --quiet beat --loglevel WARNING --pidfile=",
    }


def fingerprint(data: Path) -> str:
    """Changes if there may be something to prepare: migrations, roles, or other databases."""
    digest = hashlib.sha256()
    apps = ("cases", "escalations", "fedramp")
    sources = [path for app in apps for path in sorted((ROOT / app).glob("migrations/*.py"))]
    for path in (*sources, ROOT / "cases/roles.py", ROOT / "requirements.txt"):
        digest.update(path.name.encode() + path.read_bytes())
    for realm in HOSTS:
        database = data / realm / "db.sqlite3"
        digest.update(str(database.stat().st_ino if database.exists() else None).encode())
    return digest.hexdigest()


def prepare(environments: dict[str, dict[str, str]], data: Path) -> dict[str, list[str]] | None:
    """Migrate both realms at once; create the demo world on the first start only.

    Does nothing if nothing changed since the last start. Returns each realm's demo sign-ins, line
    by line; None if a realm could not be prepared.
    """
    prepared = data / "prepared.json"
    try:
        stored = json.loads(prepared.read_text())
    except (OSError, ValueError):
        stored = {}
    embedded = not os.environ.get("DATABASE_URL")
    if embedded and stored.get("fingerprint") == fingerprint(data):
        signins: dict[str, list[str]] = stored["signins"]
        return signins
    print("Preparing both realms ...")
    demo = [] if os.environ.get("DEMO") == "0" else ["--demo"]
    running = {
        realm: subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, str(ROOT / "manage.py"), "prepare", *demo],
            env=env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for realm, env in environments.items()
    }
    lines = {realm: process.communicate()[0] for realm, process in running.items()}
    failed = [realm for realm, process in running.items() if process.returncode]
    for realm in failed:
        fail(f"the {realm} realm could not be prepared; see above.")
    if failed:
        return None
    signins = {realm: text.splitlines() for realm, text in lines.items()}
    prepared.write_text(json.dumps({"fingerprint": fingerprint(data), "signins": signins}))
    return signins


def announce(ports: dict[str, int], data: Path, signins: dict[str, list[str]]) -> None:
    """Print the addresses and demo sign-ins as soon as both realms answer."""
    end = time.monotonic() + READY_SECONDS
    for realm, port in ports.items():
        while not answers(realm, port):
            if time.monotonic() > end:
                return
            time.sleep(0.2)
    lines = ["", "The support desk is ready. Ctrl-C ends it.", ""]
    for realm, port in ports.items():
        address = f"http://{HOSTS[realm]}:{port}"
        lines += [f"  {realm:<12}{address}", *(f"    {line}" for line in signins[realm]), ""]
    lines += [f"  Data, mails and files of both realms: {data}", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def answers(realm: str, port: int) -> bool:
    """Whether the realm's web process serves and its database answers."""
    request = Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": HOSTS[realm]})
    try:
        with urlopen(request, timeout=5) as response:  # noqa: S310
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
