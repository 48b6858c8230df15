"""Everything that is done by chance. The machine imports :mod:`everything`, which fills the list."""
