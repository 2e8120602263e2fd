"""Settings of the log: one line to the console for each thing that happens, cleaned."""

from .environment import REALM, env

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": f"%(asctime)s {REALM} %(levelname)s %(name)s %(message)s"},
    },
    "filters": {"scrubbed": {"()": "supportdesk.logs.ScrubFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["scrubbed"],
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
