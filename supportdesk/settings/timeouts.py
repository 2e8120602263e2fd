"""Settings of how long anything may take before somebody is told so.

Nothing that the desk waits for may hold what
waits: not a sender of a request, nor a lock, the database, or a server of mail, files or keys.
"""

from .environment import env

# --- Web processes (gunicorn.conf.py) -------------------------------------------------------------

WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", 3, most=256)
#: Of each process: so many read pages, and as many carry out forms.
WEB_THREADS = env.int("WEB_THREADS", 4, most=256)

# --- Requests (supportdesk/web_server.py) ---------------------------------------------------------

#: Seconds in which the head of a request has arrived.
REQUEST_HEAD_SECONDS = env.float("REQUEST_HEAD_SECONDS", 20.0, least=0.1)
#: So many more has its body, and for each so many bytes that came, one second more: a line that
#: brings less is cut off. A file of 100 MB may take hours, a form sent byte by byte half a minute.
REQUEST_BODY_SECONDS = env.float("REQUEST_BODY_SECONDS", 30.0, least=0.1)
REQUEST_BYTES_PER_SECOND = env.int("REQUEST_BYTES_PER_SECOND", 4096)
#: A connection on which nothing moves is closed after this.
CONNECTION_IDLE_SECONDS = env.int("CONNECTION_IDLE_SECONDS", 60)

# --- The database ---------------------------------------------------------------------------------

#: Seconds to wait for a row that somebody else works on, and of one statement; 0: for ever.
#: (`manage.py` waits longer: nobody looks at a page meanwhile.)
DATABASE_LOCK_SECONDS = env.float("DATABASE_LOCK_SECONDS", 4.0)
DATABASE_STATEMENT_SECONDS = env.float("DATABASE_STATEMENT_SECONDS", 30.0)
DATABASE_CONNECT_SECONDS = env.int("DATABASE_CONNECT_SECONDS", 5)

# --- Servers beside it ----------------------------------------------------------------------------

#: Mail: one answer of the server, and the whole of one mail.
EMAIL_TIMEOUT = 20
EMAIL_TOTAL_SECONDS = env.float("EMAIL_TOTAL_SECONDS", 60.0, least=0.1)
#: One answer of clamd, and of Redis.
CLAMD_SECONDS = 60
REDIS_SECONDS = 5
