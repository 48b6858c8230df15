"""What a group of entries of the catalogue is."""

from dataclasses import dataclass

# The rows that cover an entry, by name; or in one line why it needs none.
Cover = tuple[str, ...] | str


@dataclass(frozen=True)
class Group:
    """Entries that begin alike, and what they do that no row has to cover."""

    prefix: str
    says: str
    entries: dict[str, Cover]

    @property
    def named(self) -> dict[str, Cover]:
        """Return the entries by their full names."""
        return {self.prefix + name: cover for name, cover in self.entries.items()}


def rows_of(cover: Cover) -> tuple[str, ...]:
    """Return the rows that cover an entry."""
    return () if isinstance(cover, str) else cover


def merged(groups: tuple[Group, ...]) -> dict[str, Cover]:
    """Return all entries of some groups by their full names."""
    return {name: cover for group in groups for name, cover in group.named.items()}
