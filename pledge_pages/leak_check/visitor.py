"""Asks the site as a stranger does: through its own handler, or over HTTP."""

import http.client
import io
import logging
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http.request import split_domain_port, validate_host
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Site

# No answer of a page is as long as that; what is beyond is not read.
LONGEST = 30 * 1024 * 1024
TIMEOUT = 30
# Headers that differ from one answer to the next and say nothing.
PASSING = {
    "age", "connection", "content-length", "date", "expires", "keep-alive", "server",
    "server-timing", "via", "x-request-id", "x-runtime",
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers, and the body as text."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    def header(self, name: str) -> str:
        """Return the header, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def text(self) -> str:
        """Everything that can be read in it."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers)
        return f"{head}\n\n{self.body}"

    @property
    def lasting_headers(self) -> list[tuple[str, str]]:
        """The headers that are the same when the same is asked again."""
        return sorted(row for row in self.headers if row[0].lower() not in PASSING)


class Visitor(Protocol):
    """Whoever reads addresses; ``host`` names the site if there are several."""

    def read(self, address: str, host: str = "") -> Answer:
        """Return what an anonymous visitor gets at ``address`` (a path with its query)."""


_walking: ContextVar[bool] = ContextVar("leak_check_walking", default=False)


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Leave out the thousands of pages that were not found because there must be none."""
    return record.levelno >= logging.ERROR or not _walking.get()


@contextmanager
def quietly() -> Iterator[None]:
    """Keep the log free of what the visitor of this thread does not find."""
    logging.getLogger("django.request").addFilter(_worth_a_line)  # once, however often called
    token = _walking.set(True)
    try:
        yield
    finally:
        _walking.reset(token)


class SiteVisitor:
    """Asks this process's own handler, with all of the site's middleware."""

    def __init__(self) -> None:
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.host = usable_host(Site.objects.filter(is_default_site=True).first())

    def read(self, address: str, host: str = "") -> Answer:
        """Return what an anonymous visitor gets."""
        request = WSGIRequest(self._environ(address, host or self.host))
        # The site's middleware chooses a language and leaves it behind.
        with quietly(), translation.override(translation.get_language()):
            response = self.handler.get_response(request)
        if response.streaming:
            body = b"".join(_up_to(LONGEST, response))
            file = getattr(response, "file_to_stream", None)
            if file is not None:
                file.close()
        else:
            body = bytes(getattr(response, "content", b""))[:LONGEST]
        cookies = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
        headers = (*response.headers.items(), *cookies)
        return Answer(response.status_code, headers, body.decode(errors="replace"))

    def _environ(self, address: str, host: str) -> dict:
        path, _mark, query = address.partition("?")
        name, port = split_domain_port(host)
        secure = bool(getattr(settings, "SECURE_SSL_REDIRECT", False))
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote_to_bytes(quote(path, safe="/%:@!$&'()*+,;=~")).decode("latin-1"),
            "QUERY_STRING": quote(query, safe="%&=+/:,*-_.~"),
            "SCRIPT_NAME": "",
            "SERVER_NAME": name,
            "SERVER_PORT": port or ("443" if secure else "80"),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": host,
            "HTTP_USER_AGENT": "leak check",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "https" if secure else "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        # Behind a proxy it is a header that says whether the visitor came by HTTPS.
        header = getattr(settings, "SECURE_PROXY_SSL_HEADER", None)
        if secure and header:
            environ[header[0]] = header[1]
        return environ


def usable_host(site: Site | None) -> str:
    """Return the host by which visitors come to ``site``.

    That of the site if Django lets it in, else the first one that it does. Raises
    ImproperlyConfigured if there is none.
    """
    allowed = list(settings.ALLOWED_HOSTS)
    if settings.DEBUG and not allowed:
        allowed = [".localhost", "127.0.0.1", "[::1]"]
    wanted = []
    if site is not None:
        usual = site.port in (80, 443)
        wanted.append(site.hostname if usual else f"{site.hostname}:{site.port}")
    wanted += [name.lstrip(".") for name in allowed if name != "*"]
    for host in (*wanted, "localhost"):
        if validate_host(split_domain_port(host)[0], allowed):
            return host
    raise ImproperlyConfigured(_("No host can be asked: put the site's into ALLOWED_HOSTS."))


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        """Follow nothing: a redirect is an answer."""


class WebVisitor:
    """Asks a running server over HTTP, as it is reached at ``base_url``."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(_("Give an address like https://www.example.org."))
        self.base = f"{parts.scheme}://{parts.netloc}"
        self.host = parts.netloc
        self.opener = urllib.request.build_opener(_Stay)

    def read(self, address: str, host: str = "") -> Answer:
        """Return what an anonymous visitor gets; status 0 if nothing at all."""
        url = self.base + quote(address, safe="/%:@!$&'()*+,;=~?#[]")
        request = urllib.request.Request(url, headers={"User-Agent": "leak check"})  # noqa: S310
        try:
            with self.opener.open(request, timeout=TIMEOUT) as response:
                return self._answer(response.status, response.headers.items(), response)
        except urllib.error.HTTPError as error:
            with error:
                return self._answer(error.code, error.headers.items(), error)
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, (), type(error).__name__)

    @staticmethod
    def _answer(status: int, headers: Iterable[tuple[str, str]], body) -> Answer:
        return Answer(status, tuple(headers), body.read(LONGEST).decode(errors="replace"))


def _up_to(limit: int, chunks: Iterable[bytes]) -> Iterable[bytes]:
    for chunk in chunks:
        if limit <= 0:
            return
        yield chunk[:limit]
        limit -= len(chunk)
