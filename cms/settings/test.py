"""For the tests: quick, and nothing is left behind."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import STORAGES, database, env

# Goes away with the process, or earlier: pytest's worker processes end without cleaning up.
TEST_FOLDER = tempfile.TemporaryDirectory(prefix="pledge-pages-test-", ignore_cleanup_errors=True)

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

# In memory unless DATABASE_URL names a server.
DATABASES = {"default": database(env.str("DATABASE_URL", default=""), ":memory:")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

MEDIA_ROOT = Path(TEST_FOLDER.name) / "media"
PLEDGE_PAGES_PRIVATE_ROOT = Path(TEST_FOLDER.name) / "private"
SERVE_MEDIA = True
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = Path(TEST_FOLDER.name) / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
