"""For `make demo` and work on one's own machine.

Missing pages must look as they do in production (an embargoed page answers like one that does
not exist), so DEBUG is off unless it is asked for: DEBUG=1.
"""

from .base import *  # noqa: F403
from .base import STORAGES, VAR_DIR, env
from .secret import kept_secret

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

SERVE_MEDIA = True
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
