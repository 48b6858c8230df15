"""What is said of points and limits, wherever they are shown."""

from .models import Clause


def points_text(points: int | None) -> str:
    """Return points with their sign, such as +5 or −8."""
    if points is None:
        return "–"
    return f"−{-points}" if points < 0 else f"+{points}" if points else "0"


def cap_text(clause: Clause) -> str:
    """Return the limit of ``clause`` in words."""
    if clause.cap is None:
        return "–"
    return f"{clause.cap} {clause.get_cap_period_display()}"
