"""Settings for every home. What differs between homes comes from the environment or the home itself."""

import os
from pathlib import Path

from wuju.config.home import database_settings, field_keys, home, secret_key

HOME = home()
SECRET_KEY = secret_key(HOME)
WUJU_HOME = HOME
WUJU_KEYS = field_keys(HOME)
WUJU_DEMO = (HOME / "DEMO").exists()
# Whether workers do what takes long (`wuju serve`, `wuju work`); otherwise whoever asks for it does.
WUJU_WORKERS = os.environ.get("WUJU_WORKERS") == "1"
DEBUG = False
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "wuju.ledger",
    "wuju.org",
    "wuju.access",
    "wuju.people",
    "wuju.rulepacks",
    "wuju.standings",
    "wuju.loops",
    "wuju.desk",
    "wuju.guidance.meetings",
    "wuju.guidance.study",
    "wuju.accountability.inspections",
    "wuju.accountability.bulletins",
    "wuju.web",
    "wuju.kit",  # last: discovers every app's facts and sheets
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wuju.web.middleware.AddressesAreText",
    "wuju.web.middleware.PagesNeedLogin",
    "wuju.web.middleware.DayHasTurned",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wuju.web.middleware.RefusalsAreAnswers",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "wuju.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["wuju.web.context.frame"]},
    }
]
DATABASES = {"default": database_settings(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "duty")},
    },
    # The one above compares whole texts: two characters of a name in a longer password pass it.
    {"NAME": "wuju.access.passwords.NotAboutTheirName"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"
# domain.md §9.2: idle 15 minutes is for administrators' machines; offices are called away, so 4 hours here.
SESSION_COOKIE_AGE = 4 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "access/locked.html"
AXES_VERBOSE = False

SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

SILENCED_SYSTEM_CHECKS: list[str] = []
PACKAGE = Path(__file__).resolve().parents[1]
