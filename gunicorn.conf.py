"""How the desk is served, by `make run` and in production alike.

gunicorn reads this file where it is started in this folder, or is told `--config`. What its command
line says counts more, and so do WEB_CONCURRENCY (processes) and WEB_THREADS.
"""

import os

from supportdesk.settings.limits import WEB_CONCURRENCY, WEB_THREADS

worker_class = "supportdesk.web_server.Worker"
workers = WEB_CONCURRENCY
# So many read pages, and as many carry out forms; each may hold a connection to the database.
threads = WEB_THREADS
backlog = 1024
# A process whose loop stands still for so long is killed, and another one started.
timeout = 60
graceful_timeout = 20
# It would lie in the home folder, the same for both realms.
control_socket_disable = True
# Where processes say that they are alive: never on a disk that may be slow.
if os.access("/dev/shm", os.W_OK):  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108
