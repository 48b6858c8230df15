"""Everything from the environment; refuses to start when something essential is missing."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import BASE_URL, STORAGES, VAR_DIR, env


def needed(name: str) -> str:
    """Return the environment variable ``name``; raise ImproperlyConfigured if it is not set."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}: the site needs it.")
    return value


SECRET_KEY = needed("SECRET_KEY")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY is too short: give at least 32 random characters.")
ALLOWED_HOSTS = [host.strip() for host in needed("ALLOWED_HOSTS").split(",") if host.strip()]
needed("BASE_URL")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])

API_V3 = env.bool("PLEDGE_PAGES_API_V3", default=False)

# HTTPS. Set HTTPS=0 only where the site is reached without it, in a closed network.
HTTPS = env.bool("HTTPS", default=True)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
# Health checks come from the inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^-/health/$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other sites may live on subdomains, without TLS
    "security.W019",  # the page editor shows its preview in a frame
    "security.W021",  # entering browsers' preload lists is the domain owner's choice
]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
# Only behind a proxy that sets, and never passes on, X-Forwarded-Proto.
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# "django_sendfile.backends.nginx": nginx sends private files and documents (X-Accel-Redirect).
# Wagtail reads the same setting for its documents, so the root is the folder above both.
if _backend := env.str("SENDFILE_BACKEND", default=""):
    SENDFILE_BACKEND = _backend
    SENDFILE_ROOT = VAR_DIR
    SENDFILE_URL = "/-/files"

# Object storage, so that any number of machines can serve the site.
if S3_BUCKET := env.str("S3_BUCKET", default=""):
    _s3 = {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
        "region_name": env.str("S3_REGION", default=None),
        "signature_version": "s3v4",
        "file_overwrite": False,
    }
    STORAGES = {
        **STORAGES,
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {**_s3, "location": "media", "querystring_auth": False},
        },
        "pledge_pages_private": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {**_s3, "location": "private", "default_acl": "private"},
        },
    }
    PLEDGE_PAGES_PRIVATE_STORAGE = "pledge_pages_private"

EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
