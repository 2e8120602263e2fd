"""Settings of files: attachments, uploads, and the static files of the pages."""

from .environment import BASE_DIR, DATA_DIR, DEVELOPMENT, REALM, env
from .variables import made

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
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", BASE_DIR / "staticfiles")
NODE_STATIC = BASE_DIR / "node_modules" / "@alpinejs" / "csp" / "dist"
STATICFILES_DIRS = [("alpinejs", NODE_STATIC)] if NODE_STATIC.is_dir() else []
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = False
if DEVELOPMENT:
    made("STATIC_ROOT", STATIC_ROOT)  # whitenoise warns if it is missing

DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # so that an oversized text gets a form error
DATA_UPLOAD_MAX_NUMBER_FILES = 200  # the form itself states its limit, and keeps the text
if REALM == "fedramp":  # unscrubbed content never has a file name
    FILE_UPLOAD_HANDLERS = [
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
        "fedramp.quarantine.upload_handler.NamelessFileUploadHandler",
    ]

# Logs are long, and the FedRAMP realm scrubs them as a stream.
_MEGABYTES = env.int("ATTACHMENT_MAX_MB", default=100 if REALM == "fedramp" else 25, most=10_000)
ATTACHMENT_MAX_BYTES = _MEGABYTES * 1024 * 1024
ATTACHMENTS_PER_ENTRY = 10
CLAMD_URL = env.url("CLAMD_URL", "", ("tcp", "unix"))
