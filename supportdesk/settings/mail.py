"""Settings of outgoing mail."""

from .environment import DATA_DIR, DEFAULT_HOST, DEVELOPMENT, env, required

MAIL_DIR = DATA_DIR / "mail"
if DEVELOPMENT and not env.str("EMAIL_URL"):
    EMAIL_BACKEND = "supportdesk.dev.mail_files.FileBackend"
else:
    required("EMAIL_URL")
    vars().update(env.mail("EMAIL_URL"))
    if vars()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "supportdesk.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = env.mailbox(
    "DEFAULT_FROM_EMAIL", default=f"Product Support <support@{DEFAULT_HOST}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
