"""A small object storage that speaks S3 over HTTP: what the real client sends, it keeps or sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Bucket(ThreadingHTTPServer):
    """Keeps objects by key, with what was said of each when it came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.objects: dict[str, bytes] = {}
        self.said: dict[str, dict[str, str]] = {}
        # Requests that are answered by an error, by method.
        self.refusing: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    """Answers the few requests that files need."""

    protocol_version = "HTTP/1.1"
    server: Bucket

    def log_message(self, *args) -> None:
        """Say nothing."""

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def error(self, status: int, code: str) -> None:
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{escape(code)}</Message></Error>"
        self.answer(status, body.encode(), Content_Type="application/xml")

    def refused(self) -> bool:
        if self.command in self.server.refusing:
            self.error(403, "AccessDenied")
        return self.command in self.server.refusing

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            content = unchunked(content)
        if not self.refused():
            self.server.objects[self.key] = content
            self.server.said[self.key] = {
                name.lower(): value for name, value in self.headers.items()
            }
            self.answer(200, ETag=f'"{md5(content).hexdigest()}"')

    def do_GET(self) -> None:
        if self.refused():
            return
        if not self.key:
            self.list(parse_qs(urlsplit(self.path).query))
            return
        content = self.server.objects.get(self.key)
        if content is None:
            self.error(404, "NoSuchKey")
            return
        self.answer(
            200, content, ETag=f'"{md5(content).hexdigest()}"', Content_Type="image/jpeg",
            Last_Modified="Wed, 01 Jul 2026 08:00:00 GMT",
        )  # fmt: skip

    do_HEAD = do_GET

    def list(self, query: dict[str, list[str]]) -> None:
        """Answer with the keys below a prefix, and with the folders there."""
        prefix, mark = query.get("prefix", [""])[0], query.get("delimiter", [""])[0]
        rows, folders = [], set()
        for key in sorted(self.server.objects):
            rest = key.removeprefix(prefix)
            if key.startswith(prefix) and mark and mark in rest:
                folders.add(prefix + rest.partition(mark)[0] + mark)
            elif key.startswith(prefix):
                rows.append(f"<Contents><Key>{escape(key)}</Key></Contents>")
        rows += [
            f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>" for name in folders
        ]
        body = (
            f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(rows)}</ListBucketResult>"
        )
        self.answer(200, body.encode(), Content_Type="application/xml")

    def do_DELETE(self) -> None:
        if not self.refused():
            self.server.objects.pop(self.key, None)
            self.answer(204)


def unchunked(content: bytes) -> bytes:
    """Return what a client sent in signed pieces."""
    parts = []
    while content:
        size, _line, content = content.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        if not length:
            break
        parts.append(content[:length])
        content = content[length + 2 :]
    return b"".join(parts)


@contextmanager
def running() -> Iterator[Bucket]:
    """A bucket that answers, until the block ends."""
    bucket = Bucket()
    thread = Thread(target=bucket.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield bucket
    bucket.shutdown()
    bucket.server_close()
    thread.join()


def storage_at(bucket: Bucket) -> dict:
    """Return the entry of STORAGES for private files in ``bucket``, as production has it."""
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": "town", "endpoint_url": bucket.url, "region_name": "xx-test-1",
            "access_key": "key", "secret_key": "secret", "signature_version": "s3v4",
            "addressing_style": "path", "file_overwrite": False, "location": "private",
            "default_acl": "private",
        },
    }  # fmt: skip
