"""Makes the readable part of a village link, so that a copy of the database alone opens nothing.

A row keeps a random nonce and the hash of the token. The token itself is made from the nonce and
the site's SECRET_KEY whenever it is to be printed, and kept nowhere.
"""

import hashlib
import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

from ..people.models import PUBLIC_ID_ALPHABET

# No letters or digits that look alike on paper.
ALPHABET = PUBLIC_ID_ALPHABET
# 31 signs each: about 133 bits.
LENGTH = 27

_SALT = "pledge_pages.village.token"


def new_nonce() -> str:
    """Return 128 random bits, from which a token is made."""
    return secrets.token_hex(16)


def token_from(nonce: str, secret: str | bytes | None = None) -> str:
    """Return the token that belongs to ``nonce``, made with ``secret`` (SECRET_KEY if None)."""
    digest = salted_hmac(_SALT, nonce, secret=secret, algorithm="sha256").digest()
    number, signs = int.from_bytes(digest, "big"), []
    for _i in range(LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


def hash_of(token: str) -> str:
    """Return what a token is looked up by. Typed by hand, capitals do not matter.

    Nothing else is forgiven: the quiet words know an address that opens by its signs.
    """
    return hashlib.sha256(token.lower().encode()).hexdigest()


def token_again(nonce: str, token_hash: str) -> str | None:
    """Return the token of a row, None if SECRET_KEY was changed since and no fallback is kept."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = token_from(nonce, secret)
        if secrets.compare_digest(hash_of(token), token_hash):
            return token
    return None
