"""Settings for browsers: cookies, TLS, and what a page may load."""

from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from .base import SITE_URL
from .environment import DEVELOPMENT, REALM, env

_SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_NAME = f"supportdesk_{REALM}_session"
CSRF_COOKIE_NAME = f"supportdesk_{REALM}_csrf"
LANGUAGE_COOKIE_NAME = f"supportdesk_{REALM}_language"
# With Django's default cookie, both realms on one machine would share them.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT or _SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEVELOPMENT
SECURE_SSL_REDIRECT = not DEVELOPMENT
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc  # whatever host the request names
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The last hop, which the proxy itself wrote: anybody may forge those before it.
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
    }
}
CSRF_FAILURE_VIEW = "supportdesk.portal.csrf_failure"
