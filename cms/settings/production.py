"""Everything from the environment; refuses to start when something essential is missing."""

from importlib.util import find_spec
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import (
    ADMIN_CONTENT_SECURITY_POLICY,
    BASE_URL,
    CONTENT_SECURITY_POLICY,
    STORAGES,
    VAR_DIR,
    env,
)

SECRET_LENGTH, SECRET_VARIETY = 50, 5


def needed(name: str) -> str:
    """Return the environment variable ``name``; raise ImproperlyConfigured if it is not set."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}: the site needs it.")
    return value


def wrong(name: str, reason: str) -> ImproperlyConfigured:
    """Return the refusal to start with this value of the environment variable ``name``."""
    return ImproperlyConfigured(f"The environment variable {name} will not do: {reason}")


def checked_secret(name: str, secret: str) -> str:
    """Return ``secret``; raise ImproperlyConfigured if it could be guessed."""
    if len(secret) < SECRET_LENGTH:
        raise wrong(name, f"it is too short; give at least {SECRET_LENGTH} random characters.")
    if len(set(secret)) < SECRET_VARIETY or secret.startswith("django-insecure-"):
        raise wrong(name, "it is not random. docs/how-to/deploy.md says how to make one.")
    return secret


def bucket_origins(bucket: str, endpoint: str | None, region: str | None) -> list[str]:
    """Return the origins from which a browser may get the files of ``bucket``."""
    if endpoint:
        parts = urlsplit(endpoint)
        return [f"{parts.scheme}://{parts.netloc}"]
    domain = "amazonaws.com.cn" if (region or "").startswith("cn-") else "amazonaws.com"
    regional = [f"https://{bucket}.s3.{region}.{domain}"] if region else []
    return [f"https://{bucket}.s3.{domain}", *regional]


SECRET_KEY = checked_secret("SECRET_KEY", needed("SECRET_KEY"))
# Older keys, which still open what they locked: authenticator apps, cookies, links in mails.
SECRET_KEY_FALLBACKS = [
    checked_secret("SECRET_KEY_FALLBACKS", key)
    for key in env.list("SECRET_KEY_FALLBACKS", default=[])
]
ALLOWED_HOSTS = [host.strip() for host in needed("ALLOWED_HOSTS").split(",") if host.strip()]
if "*" in ALLOWED_HOSTS:
    raise wrong("ALLOWED_HOSTS", "* allows every name. List the site's own.")

# HTTPS. Set HTTPS=0 only where the site is reached without it, in a closed network.
HTTPS = env.bool("HTTPS", default=True)
needed("BASE_URL")
_address = urlsplit(BASE_URL)
if _address.scheme not in {"http", "https"} or not _address.netloc or _address.path:
    raise wrong("BASE_URL", "give the address without a path, such as https://pledges.example.")
if HTTPS and _address.scheme != "https":
    raise wrong("BASE_URL", "it must begin with https://, unless HTTPS=0.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])

API_V3 = env.bool("PLEDGE_PAGES_API_V3", default=False)

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
# Health checks come from the inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^-/health/$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other sites may live on subdomains, without TLS
    "security.W021",  # entering browsers' preload lists is the domain owner's choice
]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
if HTTPS:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
# Only behind one proxy that sets, and never passes on, X-Forwarded-Proto, and adds to
# X-Forwarded-For: the rate limits count by the address it was called from.
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = PLEDGE_PAGES_TRUSTED_PROXIES = 1

# Moderators, leads and superusers work with a second factor or not at all.
SECOND_FACTOR_COMPULSORY = True

# "django_sendfile.backends.nginx": nginx sends private files and documents (X-Accel-Redirect).
# Wagtail reads the same setting for its documents, so the root is the folder above both.
if _backend := env.str("SENDFILE_BACKEND", default=""):
    if not _backend.startswith("django_sendfile.backends.") or not find_spec(_backend):
        raise wrong("SENDFILE_BACKEND", "for nginx, give django_sendfile.backends.nginx.")
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
    # Pictures of ordinary pages are shown from there.
    for _policy in (CONTENT_SECURITY_POLICY["DIRECTIVES"], ADMIN_CONTENT_SECURITY_POLICY):
        _policy["img-src"] += bucket_origins(S3_BUCKET, _s3["endpoint_url"], _s3["region_name"])

EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", default="smtp://localhost:25")
if not EMAIL_CONFIG.get("EMAIL_BACKEND"):
    raise wrong("EMAIL_URL", "give something like submission://user:password@mail.example.")
# Mail is sent while somebody waits for the page.
vars().update({**EMAIL_CONFIG, "EMAIL_TIMEOUT": EMAIL_CONFIG["EMAIL_TIMEOUT"] or 10})
