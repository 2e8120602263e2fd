"""Settings of the log: one cleaned line to the console for each event."""

from .environment import REALM, env

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": f"%(asctime)s {REALM} %(levelname)s %(name)s %(message)s"}},
    "filters": {"scrubbed": {"()": "supportdesk.logs.ScrubFilter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["scrubbed"]}
    },
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", "INFO", LEVELS)},
    "loggers": {
        "axes": {"level": "WARNING"},
        "waitress": {"level": "WARNING"},  # below that it reports each browser that went away
        "waitress.queue": {"level": "ERROR"},  # below that each waiting request
        "authlib": {"level": "WARNING"},  # below that it writes secrets of a sign-in
        "fido2": {"level": "WARNING"},  # below that it reports which key was used
        "celery": {"level": env.choice("CELERY_LOG_LEVEL", "WARNING", LEVELS)},
    },
}
