"""All settings, from the environment; choices of the product are rows with a page of their own."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _
from environs import Env

from zaguan.config.databases import database_from
from zaguan.config.keys import read_or_make_key

env = Env()
ROOT = Path(__file__).resolve().parents[3]

# Where everything that must survive lives: database, files, keys, mails written to a folder.
DATA = Path(env.str("ZAGUAN_DATA", "data")).resolve()
DATA.mkdir(parents=True, exist_ok=True)
# Where to listen: this machine only, or 0.0.0.0 for the network.
HOST = env.str("HOST", "127.0.0.1")
# The port of pages, API and live updates.
PORT = env.int("PORT", 8000)
# The address under which customers and agents reach this installation.
BASE_URL = env.str("ZAGUAN_URL", f"http://localhost:{PORT}").rstrip("/")
# The built-in SMTP and LMTP receiver; 0 switches it off.
SMTP_PORT = env.int("SMTP_PORT", 2525)
# The address that the receiver listens on; 0.0.0.0 opens it to other machines.
SMTP_HOST = env.str("SMTP_HOST", "127.0.0.1")
# How many processes serve pages in `zaguan serve`.
WEB_PROCESSES = env.int("WEB_PROCESSES", 2)
# 0 starts an empty desk instead of the demo.
DEMO = env.bool("DEMO", True)
# Signs sessions, reply addresses and Message-IDs; kept in the data folder when not given.
SECRET_KEY = env.str("SECRET_KEY", "") or read_or_make_key(DATA / "secret.key")
# Older keys that still verify and decrypt, comma separated, after a change of key.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
DEBUG = False
# Host names that may appear in a request; "*" leaves the check to the proxy in front.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "zaguan.config",
    "zaguan.desk",
    "zaguan.api",
    "zaguan.ops",
    "zaguan.realtime",
    "zaguan.automation",
    "zaguan.notifications",
    "zaguan.search",
    "zaguan.channels",
    "zaguan.channels.email",
    "zaguan.sla",
    "zaguan.conversations",
    "zaguan.tickets",
    "zaguan.people",
    "zaguan.events",
    "zaguan.ui",
    "axes",
    "anymail",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
]
MIDDLEWARE = [
    "zaguan.config.assets.AssetsMiddleware",
    "zaguan.config.compression.CompressionMiddleware",
    "zaguan.config.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "zaguan.desk.access.LanguageMiddleware",
    "zaguan.desk.access.RefusedMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "zaguan.config.urls"
WSGI_APPLICATION = "zaguan.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "zaguan.config.templates.environment"},
    },
]

# postgresql://user:password@host/name, once SQLite in the data folder is outgrown.
DATABASES = {"default": database_from(env.str("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Agent"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "zaguan.people.joining.AgentBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "email"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "zaguan.desk.signing_in.locked_out"

SESSION_ENGINE = "zaguan.config.sessions"
SESSION_COOKIE_NAME = "__Host-zaguan" if HTTPS else "zaguan"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_NAME = "zaguan-csrf"
CSRF_FAILURE_VIEW = "zaguan.desk.failing.old_form"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# 1 when a proxy in front ends TLS and sets X-Forwarded-Proto and X-Forwarded-For.
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'"],
        # htmx, panes and the message frame set style properties on elements.
        "style-src-attr": ["'unsafe-inline'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
}

# The language of people who have not chosen one: es, en or pt-br.
LANGUAGE_CODE = env.str("LANGUAGE", "es").split("_")[0].split(":")[0] or "es"
LANGUAGES = [("es", _("Spanish")), ("en", _("English")), ("pt-br", _("Portuguese (Brazil)"))]
if LANGUAGE_CODE not in dict(LANGUAGES):
    LANGUAGE_CODE = "es"
LOCALE_PATHS = [ROOT / "locale"]
# The zone of people who have not chosen one.
TIME_ZONE = env.str("ZAGUAN_TIME_ZONE", "America/Bogota")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
# Where the built scripts and styles lie.
ASSETS = Path(env.str("ZAGUAN_ASSETS", str(ROOT / "build" / "assets")))
STATIC_ROOT = ASSETS
WHITENOISE_MAX_AGE = 31536000
FILES = DATA / "files"
MEDIA_ROOT = FILES
# Mail that no server takes is written here, and the desk says so.
OUTBOX_FOLDER = DATA / "outbox"
# The mail server for inboxes without one of their own: smtp://user:password@host:587 or smtps://….
MAIL_URL = env.str("MAIL_URL", "")
# Bytes of one incoming message; a larger one becomes a ticket with its header only.
MAIL_SIZE_LIMIT = env.int("MAIL_SIZE_LIMIT", 40 * 1024 * 1024)
# Seconds that reading one mail may take; one that takes longer is listed as failed, and the next one is read.
MAIL_TIME_LIMIT = env.float("MAIL_TIME_LIMIT", 20.0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Bytes of one file that an agent or a customer attaches.
ATTACHMENT_SIZE_LIMIT = env.int("ATTACHMENT_SIZE_LIMIT", 25 * 1024 * 1024)
# 1 when the push service of the agents' browsers stands in the own network; addresses there are refused otherwise.
PUSH_TO_OWN_NETWORK = env.bool("PUSH_TO_OWN_NETWORK", False)
# Names in the own network that calendar feeds and webhooks may call, separated by commas; others there are refused.
OWN_NETWORK_HOSTS = env.str("OWN_NETWORK_HOSTS", "").lower().replace(" ", "").split(",")
# For those who run the operators' pages: /metrics answers only to this bearer token, or on loopback.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
NINJA_PAGINATION_PER_PAGE = 50

# How much is logged to standard error: DEBUG, INFO, WARNING or ERROR.
LOG_LEVEL = env.str("LOG_LEVEL", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
# Tests may ask for a quicker hash; an installation never sets this.
if env.bool("ZAGUAN_FAST_PASSWORDS", False):
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
