"""A line of the table of a run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """A line of the table. Without a ceiling it is only reported."""

    name: str
    ours: float
    unit: str
    baseline: float | None = None
    ceiling: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the baseline; the figure itself where there is a ceiling and no baseline."""
        return self.ours / self.baseline if self.baseline else self.ours if self.ceiling else None

    @property
    def ok(self) -> bool | None:
        """Whether the ratio is within its ceiling; None where nothing binds."""
        return None if self.ceiling is None or self.ratio is None else self.ratio <= self.ceiling

    def values(self) -> dict[str, Any]:
        """For the JSON file."""
        return asdict(self) | {"ratio": self.ratio, "ok": self.ok}

    def text(self) -> str:
        """For the table."""
        ours = f"{self.ours:,.2f} {self.unit}" if self.unit else self.note
        bare = f"{self.baseline:,.2f} {self.unit}" if self.baseline else ""
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else ""
        ceiling = f"{self.ceiling:.2f}" if self.ceiling is not None else ""
        ok = {True: "ok", False: "OVER", None: "-"}[self.ok]
        note = f"  {self.note}" if self.note and self.unit else ""
        return f"{self.name:22}{ours:>12}{bare:>12}{ratio:>8}{ceiling:>9}  {ok}{note}"
