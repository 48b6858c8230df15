"""Shows how far the loading is: a bar on a terminal, a line for each stage elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Stage(Protocol):
    """One stage of the work."""

    def advance(self, steps: int = 1) -> None:
        """Note that so many more steps are done."""


class Progress(Protocol):
    """Whoever is told how far the work is."""

    def stage(self, title: str, steps: int):
        """Open a stage of so many steps; its context manager gives a Stage."""


class Silence:
    """Tells nobody."""

    def advance(self, steps: int = 1) -> None:
        """Do nothing."""

    @contextmanager
    def stage(self, title: str, steps: int) -> Iterator[Stage]:
        """Open a stage that is not shown."""
        yield self


class Lines(Silence):
    """Writes one line when a stage begins."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self.write = write

    @contextmanager
    def stage(self, title: str, steps: int) -> Iterator[Stage]:
        """Write what is done now, and how often."""
        self.write(f"  {title}: {steps}" if steps > 1 else f"  {title}")
        yield self


class Bars:
    """Draws a bar for each stage on the terminal."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        self.bars = RichProgress(
            TextColumn("  {task.description:<16}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )

    @contextmanager
    def stage(self, title: str, steps: int) -> Iterator[Stage]:
        """Draw one more bar below the others."""
        yield Bar(self.bars, self.bars.add_task(title, total=steps))

    def __enter__(self) -> "Bars":
        self.bars.__enter__()
        return self

    def __exit__(self, *error) -> None:
        self.bars.__exit__(*error)


class Bar:
    """One bar."""

    def __init__(self, bars, task) -> None:
        self.bars, self.task = bars, task

    def advance(self, steps: int = 1) -> None:
        """Let the bar grow."""
        self.bars.advance(self.task, steps)
