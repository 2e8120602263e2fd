"""Settings of access: sign-in, passwords, second factor, and the FedRAMP realm's own."""

import sys
from urllib.parse import urlsplit

from .environment import DATA_DIR, DEVELOPMENT, REALM, env, required

AUTH_USER_MODEL = "cases.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
_ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
_PBKDF2 = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
# The first one makes hashes; a hash of the other kind is replaced at the next sign-in. Argon2 is
# stronger, but not an algorithm of FIPS 140 (SC-13).
PASSWORD_HASHERS = [_PBKDF2, _ARGON2] if REALM == "fedramp" else [_ARGON2, _PBKDF2]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 14 if REALM == "fedramp" else 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if REALM == "fedramp":
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "fedramp.passwords.LengthenedPasswordValidator"})
# A link to choose a password: days, but in the FedRAMP realm no longer than an invitation.
PASSWORD_RESET_TIMEOUT = 86_400 if REALM == "fedramp" else 3 * 86_400
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:start"
ACCOUNT_ADAPTER = "supportdesk.sign_in.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can make the desk mail strangers
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a new password or a changed second factor
# Failed sign-ins are counted in the database, across all processes: passwords by axes,
# codes of the second factor by `second_factor`. allauth's own limit would count in the cache.
# People without an account ask for one by "Get started" (ACC-5): there is no sign-up.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "signup": "10/h/ip"}
ACCOUNT_FORMS = {"reset_password": "supportdesk.sign_in.password_resets.ResetForm"}
MFA_FORMS = {
    "authenticate": "supportdesk.sign_in.totp.AuthenticateForm",
    "reauthenticate": "supportdesk.sign_in.totp.ReauthenticateForm",
    "add_webauthn": "supportdesk.sign_in.webauthn.AddForm",
    "edit_webauthn": "supportdesk.sign_in.webauthn.EditForm",
    "authenticate_webauthn": "supportdesk.sign_in.webauthn.AuthenticateForm",
    "reauthenticate_webauthn": "supportdesk.sign_in.webauthn.ReauthenticateForm",
}
MFA_ADAPTER = "supportdesk.sign_in.webauthn.Adapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
# An organization vouches for an address, its owner does not verify it: there is no sign-up.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = f"Support desk ({REALM})"
#: The realm decides which second factor that is (`RealmRules.staff_sign_in_with_keys`).
STAFF_SECOND_FACTOR_REQUIRED = env.bool("STAFF_SECOND_FACTOR_REQUIRED", default=not DEVELOPMENT)
if REALM == "fedramp" and not DEVELOPMENT and not STAFF_SECOND_FACTOR_REQUIRED:
    sys.exit("supportdesk: STAFF_SECOND_FACTOR_REQUIRED is 0. The FedRAMP realm needs it (IA-2).")
CONTACT_SECOND_FACTOR_REQUIRED = env.bool(
    "CONTACT_SECOND_FACTOR_REQUIRED", default=REALM == "fedramp" and not DEVELOPMENT
)

# When they lock, and for how long: limits.py
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "supportdesk.sign_in.adapter.axes_username"
AXES_CLIENT_IP_CALLABLE = "supportdesk.sign_in.adapter.client_ip"
AXES_LOCKOUT_CALLABLE = "supportdesk.sign_in.adapter.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
# Sign-ins are in the sessions and the audit log: no third record, which has the address.
AXES_DISABLE_ACCESS_LOG = True

# --- The FedRAMP realm ----------------------------------------------------------------------------

#: FED-6: the longest time for which the skill is attested, and how long before that it is reviewed.
FEDRAMP_SKILL_DAYS = env.int("FEDRAMP_SKILL_DAYS", default=365)
FEDRAMP_SKILL_REVIEW_DAYS = env.int("FEDRAMP_SKILL_REVIEW_DAYS", default=30, least=0)
# FED-4: 256 bits that only encrypt the telephone PINs. Only the FedRAMP realm has PINs.
PIN_KEY = b""
if REALM == "fedramp":
    try:
        PIN_KEY = bytes.fromhex("00" * 32 if DEVELOPMENT else required("PIN_KEY"))
    except ValueError:
        PIN_KEY = b""
    if len(PIN_KEY) != 32:
        sys.exit("supportdesk: PIN_KEY must be 64 hexadecimal digits (openssl rand -hex 32).")
# Earlier keys, for reading, until `manage.py rotate_keys` has encrypted everything with the new.
PIN_KEY_FALLBACKS: list[bytes] = []
if REALM == "fedramp":
    try:
        _older = env.list("PIN_KEY_FALLBACKS", default=[])
        PIN_KEY_FALLBACKS = [bytes.fromhex(each) for each in _older]
    except ValueError:
        PIN_KEY_FALLBACKS = [b""]
    if any(len(each) != 32 for each in PIN_KEY_FALLBACKS):
        sys.exit(
            "supportdesk: each of PIN_KEY_FALLBACKS must be 64 hexadecimal digits (commas between)."
        )

#: AU-9: where the audit log's last seal is written each day, outside the database.
AUDIT_ANCHOR_FILE = env.folder("AUDIT_ANCHOR_FILE", DATA_DIR / "audit-anchors.jsonl")

# IA-8: the OpenID provider by which contacts sign in; without it they have passwords. An answer
# whose strength of proof (`acr`) is not one of OIDC_ACR_VALUES is refused.
OIDC_ISSUER = env.web("OIDC_ISSUER", default="") if REALM == "fedramp" else ""
OIDC_NAME = env.str("OIDC_NAME", default="") or urlsplit(OIDC_ISSUER).hostname or ""
OIDC_CLIENT_ID = required("OIDC_CLIENT_ID") if OIDC_ISSUER else ""
OIDC_CLIENT_SECRET = required("OIDC_CLIENT_SECRET") if OIDC_ISSUER else ""
OIDC_ACR_VALUES = required("OIDC_ACR_VALUES").split() if OIDC_ISSUER else []
if OIDC_ISSUER and not OIDC_ISSUER.startswith("https://") and not DEVELOPMENT:
    sys.exit("supportdesk: OIDC_ISSUER must begin with https://.")
