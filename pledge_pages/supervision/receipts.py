"""The code by which whoever sent a report follows it, made so that a copy of the database opens none.

A form carries a signed number that was drawn for it. The code is made from that number and the
site's SECRET_KEY: sent twice, a form has the same code, and so makes one report. Kept is only the
hash of the code.
"""

import secrets

from django.core import signing
from django.utils.crypto import salted_hmac

from ..people.models import PUBLIC_ID_ALPHABET
from ..village import tokens

# 31 signs each: about 79 bits.
LENGTH = 16
GROUP = 4
# Seconds for which a form may lie open.
FORM_AGE = 24 * 60 * 60

_FORM_SALT = "pledge_pages.supervision.form"
_CODE_SALT = "pledge_pages.supervision.code"


def new_form() -> str:
    """Return what a new form carries."""
    return signing.dumps(tokens.new_nonce(), salt=_FORM_SALT)


def code_for(form: str) -> str | None:
    """Return the code of the report that ``form`` makes; None if it is made up or too old."""
    try:
        nonce = signing.loads(form, salt=_FORM_SALT, max_age=FORM_AGE)
    except signing.BadSignature:
        return None
    digest = salted_hmac(_CODE_SALT, str(nonce), algorithm="sha256").digest()
    number, signs = int.from_bytes(digest, "big"), []
    for _i in range(LENGTH):
        number, sign = divmod(number, len(PUBLIC_ID_ALPHABET))
        signs.append(PUBLIC_ID_ALPHABET[sign])
    return readable("".join(signs))


def new_code() -> str:
    """Return a code for what staff write down."""
    return readable("".join(secrets.choice(PUBLIC_ID_ALPHABET) for _i in range(LENGTH)))


def readable(code: str) -> str:
    """Return ``code`` in groups, as it is shown and copied by hand."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def hash_of(code: str) -> str:
    """Return what a code is looked up by; capitals, spaces and hyphens do not matter."""
    return tokens.hash_of("".join(sign for sign in code if sign.isalnum()))
