"""Settings, read from the environment; with nothing set, a local demonstration on SQLite."""

import base64
import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def local_key(name, make):
    """A key kept in var/, so that a demonstration needs no configuration and survives a restart."""
    VAR_DIR.mkdir(exist_ok=True)
    path = VAR_DIR / name
    if not path.exists():
        path.write_text(make())
        path.chmod(0o600)
    return path.read_text().strip()


def local_secret_key():
    return local_key("secret_key", lambda: secrets.token_urlsafe(50))


def local_sensitive_key():
    return local_key("sensitive_key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())


# RONDE_SECURE=1 in service: HTTPS only, strict cookies, explicit key and hosts.
SECURE = env.bool("RONDE_SECURE", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY") if SECURE else env.str("SECRET_KEY", default="") or local_secret_key()
# Keys of the sensitive texts (core/sealing.py), the one that seals first. Losing them is losing the texts.
SENSITIVE_KEYS = env.list("RONDE_SENSITIVE_KEYS") if SECURE else env.list("RONDE_SENSITIVE_KEYS", default=[])
SENSITIVE_KEYS = SENSITIVE_KEYS or [local_sensitive_key()]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if SECURE else ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
RONDE_BASE_URL = env.str("RONDE_BASE_URL", default="http://127.0.0.1:8000")
RONDE_PACK = env.str("RONDE_PACK", default="paris")
# Good Friday and 26 December are holidays there (code du travail, L. 3134-13): the time to answer skips them.
RONDE_ALSACE_MOSELLE = env.bool("RONDE_ALSACE_MOSELLE", default=False)
# Working days that a director has to answer a report or an analysis (visits/contradictoire.py), one at least.
RONDE_ANSWER_WORKING_DAYS = max(1, env.int("RONDE_ANSWER_WORKING_DAYS", default=8))
RONDE_REVIEWS_PER_MONTH = env.int("RONDE_REVIEWS_PER_MONTH", default=2)  # k of the campaign, per coordinator
RONDE_RULES_SECONDS = 60  # how long a process keeps the changes of rules that it read
RONDE_PACKS_DIR = env.str("RONDE_PACKS_DIR", default="")  # the collectivité's own words, colour and logo

INSTALLED_APPS = [
    "core",
    "establishments",
    "indicators",
    "staffing",
    "projects",
    "visits",
    "dashboard",
    "config.apps.RondeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "django_tasks",
    "django_tasks_db",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before WhiteNoise: static files carry the headers too
    "core.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "establishments.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "establishments.context.page",
            ],
            "builtins": ["core.templatetags.ui", "core.templatetags.french", "django.templatetags.static"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                ),
            ],
        },
    },
]
FORM_RENDERER = "core.widgets.Renderer"

# --- Database: SQLite embedded by default, PostgreSQL in service (DATABASE_URL).

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'ronde.sqlite3'}")}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(exist_ok=True)
    DATABASE["ENGINE"] = "core.sqlite"
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a write waits its turn instead of failing with "locked"
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=30000; "
            "PRAGMA recursive_triggers=ON; "  # INSERT OR REPLACE deletes: frozen rows must refuse it too
            f"PRAGMA synchronous={env.str('RONDE_SQLITE_SYNCHRONOUS', default='FULL')};"
        ),
    }
    # Two-thread tests need a file: connections to ":memory:" do not see each other.
    DATABASE["TEST"] = {"NAME": Path(DATABASE["NAME"]).with_suffix(".test.sqlite3")}
else:
    DATABASE["CONN_HEALTH_CHECKS"] = True
    # Compiling the sentences of the door costs a second, running them a few milliseconds; ?options=… says otherwise.
    DATABASE.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
# Opening SQLite anew for each request costs ten times the empty page: a connection is kept a minute.
DATABASE["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "ronde_cache"}}

# --- Sign-in

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "core.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are opened by an administrator, never by a sign-up
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
# In service the proxy writes the address of the person; without it the whole city would share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("RONDE_TRUSTED_PROXIES", default=1 if SECURE else 0)
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/15m/key,40/15m/ip"}
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Security

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if SECURE:
    SECURE_SSL_REDIRECT = env.bool("RONDE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],  # the service worker of the visits
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Language: one-language product

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
LANGUAGES = [("fr", "français")]

# --- Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.static_files.ModulesStorage"},
}
WHITENOISE_USE_FINDERS = env.bool("RONDE_STATIC_FINDERS", default=not SECURE)
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/media-non-servi/"  # documents are served by a view, through the door

# --- Mail and jobs

if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:  # locally each message is a file: printed in the console, they would push everything else away
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "courriels"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Ronde <ne-pas-repondre@ronde.invalid>")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("RONDE_LOG_LEVEL", default="WARNING")},
}
