"""What an authenticator app does: codes from a secret and the time (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time


def code_for(secret: str, at: float | None = None) -> str:
    """Return the six digits that an app shows for ``secret`` (base 32) at ``at`` (now)."""
    counter = int((time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"
