"""Settings of the workers and of the broker.

The broker is a doorbell: every task is a sweep over due rows, so a lost message is only a delay
until the next beat.
"""

from .environment import DATA_DIR, DEVELOPMENT, REALM, env, required
from .limits import REDIS_SECONDS
from .variables import BROKERS, made

if not DEVELOPMENT:
    required("BROKER_URL")
CELERY_BROKER_URL = env.url("BROKER_URL", "filesystem://localhost", BROKERS)
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT = "supportdesk.workers.broker:Transport"
    _BROKER_DIR = env.folder("BROKER_DIR", DATA_DIR / "broker")
    for _name in ("messages", "control"):
        made("BROKER_DIR", _BROKER_DIR / _name)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER_DIR / "messages"),
        "data_folder_out": str(_BROKER_DIR / "messages"),
        "control_folder": str(_BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
else:
    if CELERY_BROKER_URL.startswith(("redis://", "rediss://")):
        CELERY_BROKER_TRANSPORT = "supportdesk.workers.broker:RedisTransport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_timeout": REDIS_SECONDS,
        "socket_connect_timeout": REDIS_SECONDS,
        "socket_keepalive": True,
        "visibility_timeout": 900,
        "unacked_restore_throttle": 1,
        "unacked_restore_interval": 10,
    }
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = f"supportdesk-{REALM}"
CELERY_BEAT_SCHEDULER = "supportdesk.workers.beat:Scheduler"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
