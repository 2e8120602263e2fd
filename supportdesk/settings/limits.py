"""Limits of sign-in and sessions, and of everything the desk waits for: how often, how long.

The FedRAMP realm has the values of its controls (docs/fedramp-controls.md); a deployment may be
stricter, by the environment. Nothing that the desk waits for may block it: no sender of a
request, no lock, and no server (database, mail, files, keys).
"""

import sys

from .environment import DEVELOPMENT, REALM, env
from .variables import FINGERPRINT

_FEDRAMP = REALM == "fedramp"

# --- AC-8: the system-use notice ------------------------------------------------------------------

_NOTICE = """\
You are accessing a system that serves the United States Government.

System usage may be monitored, recorded, and subject to audit.
Unauthorized use of the system is prohibited and subject to criminal and civil penalties.
Use of the system indicates consent to monitoring and recording."""

#: Acknowledged before the sign-in, in the FedRAMP realm only. In development it may be empty.
SYSTEM_USE_NOTICE = env.str(
    "SYSTEM_USE_NOTICE", multiline=True, may_be_empty=True, default=_NOTICE
).strip()
if _FEDRAMP and not SYSTEM_USE_NOTICE and not DEVELOPMENT:
    sys.exit("supportdesk: SYSTEM_USE_NOTICE is empty. The FedRAMP realm needs one (AC-8).")

# --- AC-7: failed sign-ins ------------------------------------------------------------------------

AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURE_LIMIT", default=3 if _FEDRAMP else 5)
AXES_COOLOFF_TIME = env.float("SIGN_IN_LOCK_HOURS", default=0.5, least=0.01)
#: Failures add up while the time from one to the next is shorter than this.
SIGN_IN_FAILURE_MINUTES = env.float(
    "SIGN_IN_FAILURE_MINUTES", default=15.0 if _FEDRAMP else AXES_COOLOFF_TIME * 60, least=1
)
#: The account is locked for all addresses; in the commercial realm for one address only.
AXES_LOCKOUT_PARAMETERS: list[str | list[str]] = (
    ["username"] if _FEDRAMP else [["username", "ip_address"]]
)
#: A lock does not become longer, however often somebody tries meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = not _FEDRAMP
AXES_HANDLER = "supportdesk.sign_in.lockout.Handler"

# --- AC-11, AC-12, SC-10: the end of a session ----------------------------------------------------

SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
#: Minutes without a click after which a session is over; 0: it ends only by its age. With such a
#: limit, SESSION_HOURS counts from the sign-in, whatever is done meanwhile.
STAFF_IDLE_MINUTES = env.float("STAFF_IDLE_MINUTES", default=10.0 if _FEDRAMP else 0.0)
CONTACT_IDLE_MINUTES = env.float("CONTACT_IDLE_MINUTES", default=15.0 if _FEDRAMP else 0.0)
#: How long before the end the page asks whether anybody is there.
SESSION_WARNING_SECONDS = 120
_within = 0 < STAFF_IDLE_MINUTES <= 10 and 0 < CONTACT_IDLE_MINUTES <= 15
if _FEDRAMP and not DEVELOPMENT and not (_within and SESSION_COOKIE_AGE <= 12 * 3600):
    sys.exit(
        "supportdesk: in the FedRAMP realm STAFF_IDLE_MINUTES is 10, CONTACT_IDLE_MINUTES 15 and "
        "SESSION_HOURS 12 at most, and none of them 0 (AC-11, AC-12)."
    )

# --- AC-2: unused accounts ------------------------------------------------------------------------

#: FedRAMP realm: days after the last sign-in, joining or enabling until an account is disabled.
DORMANT_DAYS = env.int("DORMANT_DAYS", default=35)

# --- The boundary ---------------------------------------------------------------------------------

#: The output of `manage.py fingerprints` in the other realm: a process with any of it refuses.
OTHER_REALM_FINGERPRINTS: list[str] = env.list(
    "OTHER_REALM_FINGERPRINTS", [], each=FINGERPRINT, expected="what manage.py fingerprints prints"
)


# --- Web processes (gunicorn.conf.py) -------------------------------------------------------------

WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", 3, most=256)
#: In each process, this many threads for reading pages, and as many for carrying out forms.
WEB_THREADS = env.int("WEB_THREADS", 4, most=256)

# --- Requests (supportdesk/web_server.py) ---------------------------------------------------------

#: Seconds until the head of a request must have arrived.
REQUEST_HEAD_SECONDS = env.float("REQUEST_HEAD_SECONDS", 20.0, least=0.1)
#: The additional time for its body, extended by one second for this many received bytes: a slower
#: line is cut off. A file of 100 MB may take hours, a form sent byte by byte half a minute.
REQUEST_BODY_SECONDS = env.float("REQUEST_BODY_SECONDS", 30.0, least=0.1)
REQUEST_BYTES_PER_SECOND = env.int("REQUEST_BYTES_PER_SECOND", 4096)
#: A connection without traffic is closed after this.
CONNECTION_IDLE_SECONDS = env.int("CONNECTION_IDLE_SECONDS", 60)

# --- The database ---------------------------------------------------------------------------------

#: Seconds to wait for a row that another transaction locks, and for one statement; 0: for ever.
#: (`manage.py` waits longer: nobody waits for a page.)
DATABASE_LOCK_SECONDS = env.float("DATABASE_LOCK_SECONDS", 4.0)
DATABASE_STATEMENT_SECONDS = env.float("DATABASE_STATEMENT_SECONDS", 30.0)
DATABASE_CONNECT_SECONDS = env.int("DATABASE_CONNECT_SECONDS", 5)

# --- Other servers --------------------------------------------------------------------------------

#: Mail: one answer of the server, and the whole of one mail.
EMAIL_TIMEOUT = 20
EMAIL_TOTAL_SECONDS = env.float("EMAIL_TOTAL_SECONDS", 60.0, least=0.1)
#: One answer of clamd, and of Redis.
CLAMD_SECONDS = 60
REDIS_SECONDS = 5
