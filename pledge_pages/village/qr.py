"""Draws an address as a QR code."""

import io

import segno

# Modules around the code that have to stay empty.
BORDER = 4


def svg(address: str) -> str:
    """Return the code as an SVG of no fixed size, to be scaled at will."""
    out = io.BytesIO()
    _code(address).save(
        out, kind="svg", omitsize=True, border=BORDER, xmldecl=False, nl=False, light="#fff"
    )
    return out.getvalue().decode()


def png(address: str, scale: int = 24) -> bytes:
    """Return the code as a PNG, ``scale`` pixels for each module."""
    out = io.BytesIO()
    _code(address).save(out, kind="png", scale=scale, border=BORDER)
    return out.getvalue()


def _code(address: str) -> segno.QRCode:
    # A quarter of it may be dirty or torn.
    return segno.make_qr(address, error="q")
