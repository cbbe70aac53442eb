"""What a run found: rows with a goal each, printed as they come and written to results.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One measured row.

    Attributes:
        work: what was done.
        where: on which network.
        figures: what was measured, as text with units.
        goal: what was hoped for.
        met: whether it was; None where there was nothing to compare with.
    """

    work: str
    where: str
    figures: str
    goal: str
    met: bool | None


@dataclass
class Report:
    """The rows so far, and notes that explain them."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Keep a row and print it."""
        self.rows.append(row)
        print(f"[{verdict(row.met)}] {row.work} ({row.where}): {row.figures}; goal: {row.goal}", flush=True)

    def note(self, text: str) -> None:
        """Keep a sentence for the foot of the report and print it."""
        self.notes.append(text)
        print(text, flush=True)

    def write(self, path: Path) -> None:
        """Write the whole as Markdown."""
        lines = [
            "# Measured",
            "",
            f"{dt.date.today().isoformat()}, {machine()}.",  # noqa: DTZ011 - the machine's own day
            "Every side has one thread; rounds alternate; figures are medians of 5 rounds unless a row says otherwise.",
            "Made by `make bench`, which measures all sides in the same run.",
            "",
            "| work | network | measured | goal | met |",
            "|---|---|---|---|---|",
            *(f"| {row.work} | {row.where} | {row.figures} | {row.goal} | {verdict(row.met)} |" for row in self.rows),
            "",
            *(f"- {note}" for note in self.notes),
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def verdict(met: bool | None) -> str:  # noqa: FBT001 - the one thing it is about
    """Say it in a word."""
    return {True: "yes", False: "no", None: "-"}[met]


def times(ratio: float) -> str:
    """A ratio as people read it."""
    return f"{ratio:.0f} x" if ratio >= 10 else f"{ratio:.1f} x"  # noqa: PLR2004 - two figures are enough


def shown(seconds: float) -> str:
    """Seconds in a unit that suits them."""
    if seconds < 1e-3:  # noqa: PLR2004 - a unit
        return f"{seconds * 1e6:.0f} us"
    return f"{seconds * 1e3:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def machine() -> str:
    """What it ran on, without naming anything."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"
