"""The catalogue of ways to make a gated page public, or to change what it shows.

Found by reading Wagtail 8.0, its admin and its two page APIs, django-modelcluster and
wagtail-localize 1.14 route by route. A new way is a new row.
"""

from tests.embargo.ways import (
    actions,
    admin,
    api,
    database,
    records,
    removal,
    replaced,
    scripts,
    translation,
    workflows,
)
from tests.embargo.ways.row import WAYS, Way

__all__ = [
    "WAYS",
    "Way",
    "actions",
    "admin",
    "api",
    "database",
    "records",
    "removal",
    "replaced",
    "scripts",
    "translation",
    "workflows",
]
