"""Settings of one realm's processes.

Everything that differs between deployments comes from the environment (`.env.example` documents
each variable). A secret has a default in development only; elsewhere its absence ends the start.
"""

from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from .environment import BASE_DIR, DATA_DIR, DEVELOPMENT, ENVIRONMENT, REALM, env, required
from .limits import *  # noqa: F403
from .sign_in import *  # noqa: F403
from .timeouts import *  # noqa: F403
from .timeouts import (
    DATABASE_CONNECT_SECONDS,
    DATABASE_LOCK_SECONDS,
    DATABASE_STATEMENT_SECONDS,
    REDIS_SECONDS,
)
from .variables import BROKERS, CACHE_SERVERS, HOST, database, made, mail

# --- Which deployment this is -------------------------------------------------------------------

DEBUG = DEVELOPMENT and env.bool("DEBUG", default=False)
REALM_RULES_BY_REALM = {
    "commercial": "cases.realm.RealmRules",
    "fedramp": "fedramp.policy.FedrampRules",
}
REALM_RULES = REALM_RULES_BY_REALM[REALM]

if DEVELOPMENT:
    made("DATA_DIR", DATA_DIR)

SECRET_KEY = (
    env.str("SECRET_KEY", default=f"development-only-{REALM}-{'x' * 40}")
    if DEVELOPMENT
    else required("SECRET_KEY")
)
# Keys before it: what they signed (sessions, links, the numbers of placeholders) still counts.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
_DEFAULT_HOST = {"commercial": "localhost", "fedramp": "fedramp.localhost"}[REALM]
PORT = env.int("PORT", default={"commercial": 8000, "fedramp": 8001}[REALM], most=65535)
if not DEVELOPMENT:
    required("SITE_URL")
SITE_URL = env.web("SITE_URL", f"http://{_DEFAULT_HOST}:{PORT}", is_site=True).rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", [str(urlsplit(SITE_URL).hostname)], each=HOST, expected="names of hosts"
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "supportdesk.apps.SupportdeskConfig",
    "unfold.apps.BasicAppConfig",  # the default one would put its own site in place of ours
    "unfold.contrib.filters",
    "supportdesk.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "simple_history",
    "cases.apps.CasesConfig",
    "escalations.apps.EscalationsConfig",
    "fedramp.apps.FedrampConfig",
]

MIDDLEWARE = [
    "supportdesk.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "supportdesk.middleware.NoNulMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "supportdesk.busy.BusyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "supportdesk.sign_in.session_ids.NewSessionIdMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "supportdesk.middleware.KeptByNobodyMiddleware",
    "supportdesk.audit.AuditMiddleware",
    "supportdesk.sign_in.session_timeout.SessionEndMiddleware",
    "supportdesk.middleware.StaffGateMiddleware",
    "supportdesk.middleware.ReaderTimeZoneMiddleware",
    "supportdesk.middleware.DenyByDefaultMiddleware",
    "supportdesk.middleware.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]
if REALM == "fedramp":
    MIDDLEWARE.insert(-1, "fedramp.scrubbing.middleware.TellWhatWasRemovedMiddleware")

ROOT_URLCONF = "supportdesk.urls"
WSGI_APPLICATION = "supportdesk.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "supportdesk.portal.context",
            ],
            # What people wrote is shown in one way, on every page and in every mail.
            "builtins": ["cases.templatetags.written"],
        },
    },
]

# --- Data stores --------------------------------------------------------------------------------

if not DEVELOPMENT:
    required("DATABASE_URL")
DATABASES = {"default": database("DATABASE_URL", DATA_DIR / "db.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock when it begins: without this, web, worker and beat
        # meet "database is locked" as soon as one of them reads before it writes.
        "transaction_mode": "IMMEDIATE",
        "timeout": DATABASE_LOCK_SECONDS,
        # A test needs no disk that survives a power cut, and setting up is twice as fast without.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous="
        + ("OFF;" if ENVIRONMENT == "test" else "FULL;"),
    }
else:
    DATABASES["default"]["ENGINE"] = "supportdesk.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["LOCK_SECONDS"] = DATABASE_LOCK_SECONDS
    DATABASES["default"]["STATEMENT_SECONDS"] = DATABASE_STATEMENT_SECONDS
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "connect_timeout", DATABASE_CONNECT_SECONDS
    )

if ENVIRONMENT == "test" and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file and not memory: threads and processes of a test must meet on the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

FILES_DIR = env.folder("FILES_DIR", DATA_DIR / "files")
_FILES_BACKEND = env.dotted("FILES_BACKEND", "")
STORAGES = {
    "default": {
        "BACKEND": _FILES_BACKEND or "cases.storage.FileStorage",
        "OPTIONS": {} if _FILES_BACKEND else {"location": FILES_DIR},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEVELOPMENT
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", BASE_DIR / "staticfiles")
NODE_STATIC = BASE_DIR / "node_modules" / "@alpinejs" / "csp" / "dist"
STATICFILES_DIRS = [("alpinejs", NODE_STATIC)] if NODE_STATIC.is_dir() else []
WHITENOISE_USE_FINDERS = DEVELOPMENT
# Each client of a test loads the middleware anew: it does not list all static files each time.
WHITENOISE_AUTOREFRESH = ENVIRONMENT == "test"
if DEVELOPMENT:
    made("STATIC_ROOT", STATIC_ROOT)  # whitenoise warns where it is missing

CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_PREFIX": REALM,
    }
}
if REDIS_CACHE_URL := env.url("CACHE_URL", "", CACHE_SERVERS):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_CACHE_URL,
        "KEY_PREFIX": REALM,
    }

# --- Celery -------------------------------------------------------------------------------------
# The broker is a doorbell: every task is a sweep over due rows, so a message lost is only a delay
# until the next beat.

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
# Mail has workers of its own: a mail server that hangs holds up nothing else.
CELERY_TASK_ROUTES = {"cases.tasks.deliver_notices": {"queue": f"supportdesk-{REALM}-mail"}}
CELERY_BEAT_SCHEDULER = "supportdesk.workers.beat:Scheduler"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- The boundary of the browser ----------------------------------------------------------------

_SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_NAME = f"supportdesk_{REALM}_session"
CSRF_COOKIE_NAME = f"supportdesk_{REALM}_csrf"
LANGUAGE_COOKIE_NAME = f"supportdesk_{REALM}_language"
# In a cookie of Django's own name the other realm would find them, on one machine.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT or _SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEVELOPMENT
SECURE_SSL_REDIRECT = not DEVELOPMENT
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc  # wherever the request says that it was sent to
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The hop that the proxy wrote itself, the last one: what stands before it anybody may write.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "style-src-attr": [NONE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # so that an oversized text gets a form error
DATA_UPLOAD_MAX_NUMBER_FILES = 200  # the form itself says how many fit, with the text in it
if REALM == "fedramp":  # what was not scrubbed yet lies nowhere under a name
    FILE_UPLOAD_HANDLERS = [
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
        "fedramp.quarantine.upload_handler.NamelessFileUploadHandler",
    ]
CSRF_FAILURE_VIEW = "supportdesk.portal.csrf_failure"

# --- Mail ---------------------------------------------------------------------------------------

MAIL_DIR = DATA_DIR / "mail"
if DEVELOPMENT and not env.str("EMAIL_URL"):
    EMAIL_BACKEND = "supportdesk.dev.mail_files.FileBackend"
else:
    vars().update(mail("EMAIL_URL", required("EMAIL_URL")))
    if vars()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "supportdesk.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = env.mailbox(
    "DEFAULT_FROM_EMAIL", default=f"Product Support <support@{_DEFAULT_HOST}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- The desk -----------------------------------------------------------------------------------

SUPPORT_PHONE = env.str(
    "SUPPORT_PHONE", "+1 555 0100", pattern=r"\d\D*\d\D*\d", expected="a telephone number"
)
#: HELP-1: the words on the button that asks for help; empty: those of the realm.
HELP_BUTTON_LABEL = env.str("HELP_BUTTON_LABEL", default="").strip()
#: MGT-9: so many business hours has an Escalation Owner to answer a new escalation.
ESCALATION_ANSWER_HOURS = env.int("ESCALATION_ANSWER_HOURS", default=2)
#: MGT-9: after this share of them the owners are warned.
ESCALATION_WARN_PERCENT = env.int("ESCALATION_WARN_PERCENT", default=75, most=100)
#: MGT-8: where urgency requests to management go; without an address the portal offers none.
MANAGEMENT_ATTENTION_ADDRESS = env.mailbox(
    "MANAGEMENT_ATTENTION_ADDRESS",
    default=f"management-attention@{_DEFAULT_HOST}" if DEVELOPMENT else "",
    may_be_empty=True,
)
#: MGT-8: so many of these requests has a case within 24 hours.
MANAGEMENT_ATTENTION_PER_DAY = env.int("MANAGEMENT_ATTENTION_PER_DAY", default=3)
KNOWLEDGE_BASE_URL = env.web("KNOWLEDGE_BASE_URL", default="")
TUTORIALS_URL = env.web("TUTORIALS_URL", default="")
STATUS_PAGE_URL = env.web("STATUS_PAGE_URL", default="")
#: FED-1: where the commercial portal sends the contacts of a FedRAMP organization.
FEDRAMP_PORTAL_URL = env.web(
    "FEDRAMP_PORTAL_URL",
    # `make run` is told the port of each realm.
    default=f"http://fedramp.localhost:{env.str('PORT_FEDRAMP', default='') or 8001}"
    if DEVELOPMENT
    else "",
)
#: ACC-5: business days in which who asked for access is given it, or declined.
ACCESS_DUE_DAYS = env.int("ACCESS_DUE_DAYS", default=2)
# RESP-1 and RESP-2, in business days: to the notice, to the closure, between the two.
CLOSING_NOTICE_AFTER_DAYS = env.int("CLOSING_NOTICE_AFTER_DAYS", default=2)
CLOSING_AFTER_DAYS = env.int("CLOSING_AFTER_DAYS", default=3)
CLOSING_DAYS_AFTER_NOTICE = env.int("CLOSING_DAYS_AFTER_NOTICE", default=1)
# Logs are long, and the FedRAMP realm scrubs them as a stream.
_MEGABYTES = env.int("ATTACHMENT_MAX_MB", default=100 if REALM == "fedramp" else 25, most=10_000)
ATTACHMENT_MAX_BYTES = _MEGABYTES * 1024 * 1024
ATTACHMENTS_PER_ENTRY = 10
CLAMD_URL = env.url("CLAMD_URL", "", ("tcp", "unix"))

# --- Words, time, history, logs -----------------------------------------------------------------

LANGUAGE_CODE = "en"
# One language: nothing is looked up in a catalogue, which each page did some hundred times.
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
SIMPLE_HISTORY_REVERT_DISABLED = True  # a revert would go past the state machine
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # an account that is locked for all addresses is stricter

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": f"%(asctime)s {REALM} %(levelname)s %(name)s %(message)s"},
    },
    "filters": {"cleaned": {"()": "supportdesk.logs.Cleaned"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["cleaned"],
        }
    },
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", "INFO", LEVELS)},
    "loggers": {
        "axes": {"level": "WARNING"},
        "waitress": {"level": "WARNING"},  # below that it tells of each browser that went away
        "waitress.queue": {"level": "ERROR"},  # how many wait, with each that does
        "authlib": {"level": "WARNING"},  # below that it writes secrets of a sign-in
        "fido2": {"level": "WARNING"},  # below that it tells which key was used
        "celery": {"level": env.choice("CELERY_LOG_LEVEL", "WARNING", LEVELS)},
    },
}

from supportdesk.navigation import UNFOLD  # noqa: E402, F401
from supportdesk.settings.strength import refuse_weak  # noqa: E402

refuse_weak(vars())
