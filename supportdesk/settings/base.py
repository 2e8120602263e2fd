"""Settings of Django itself: keys and addresses, applications, middleware, templates, language."""

from urllib.parse import urlsplit

from supportdesk.navigation import UNFOLD as UNFOLD

from .environment import DATA_DIR, DEFAULT_HOST, DEVELOPMENT, REALM, env, required
from .variables import HOST, made

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
# Earlier keys: what they signed (sessions, links, the numbers of placeholders) stays valid.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PORT = env.int("PORT", default={"commercial": 8000, "fedramp": 8001}[REALM], most=65535)
if not DEVELOPMENT:
    required("SITE_URL")
SITE_URL = env.web("SITE_URL", f"http://{DEFAULT_HOST}:{PORT}", is_site=True).rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", [str(urlsplit(SITE_URL).hostname)], each=HOST, expected="names of hosts"
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "supportdesk.apps.SupportdeskConfig",
    "unfold.apps.BasicAppConfig",  # the default one would replace our site by its own
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
    "supportdesk.middleware.NoStoreMiddleware",
    "supportdesk.sign_in.audit.AuditMiddleware",
    "supportdesk.sign_in.session_timeout.SessionEndMiddleware",
    "supportdesk.middleware.StaffGateMiddleware",
    "supportdesk.middleware.ReaderTimeZoneMiddleware",
    "supportdesk.middleware.DenyByDefaultMiddleware",
    "supportdesk.middleware.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]
if REALM == "fedramp":
    MIDDLEWARE.insert(-1, "fedramp.scrubbing.middleware.ScrubFeedbackMiddleware")

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
            # People's words look the same on every page and in every mail.
            "builtins": ["cases.templatetags.written"],
        },
    }
]

# --- Words, time, history, logs -----------------------------------------------------------------

LANGUAGE_CODE = "en"
# One language: without look-ups in a catalogue, which each page did some hundred times.
USE_I18N = False
FORMAT_MODULE_PATH = "supportdesk.formats"
USE_TZ = True
TIME_ZONE = "UTC"
SIMPLE_HISTORY_REVERT_DISABLED = True  # a revert would bypass the state machine
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # a lock of the account for all addresses is stricter
