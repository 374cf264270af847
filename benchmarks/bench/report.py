"""Runs become a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Run:
    """One run of one server. `accepted` and `delivered` in mails per second, `cpu` in seconds per 1,000 mails, `memory` in MiB."""

    accepted: float
    delivered: float
    cpu: float
    memory: float

    def __str__(self):
        return (f"accepted {self.accepted:8.1f}/s  delivered {self.delivered:8.1f}/s  "
                f"CPU {self.cpu:6.2f} s per 1,000  memory {self.memory:6.1f} MiB")


_FIGURES = (
    ("accepted per second", "accepted", 0),
    ("delivered per second", "delivered", 0),
    ("CPU seconds per 1,000 mails", "cpu", 2),
    ("memory (PSS), MiB", "memory", 0),
)

HEADING = "| load | figure | Postfix | Vsmtp | ratio |\n|---|---|---:|---:|---:|"


def rows(load: str, postfix: Sequence[Run], vsmtp: Sequence[Run]) -> str:
    """A row per figure: medians, from least to most, and ours as a multiple of Postfix'."""
    lines = []
    for title, figure, digits in _FIGURES:
        theirs = [getattr(run, figure) for run in postfix]
        ours = [getattr(run, figure) for run in vsmtp]
        lines.append(f"| {load} | {title} | {_spread(theirs, digits)} | {_spread(ours, digits)} | {_ratio(ours, theirs)} |")
    return "\n".join(lines)


def _spread(values: Sequence[float], digits: int) -> str:
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    # Few mails may cost less than a clock tick.
    return f"{median(ours) / median(theirs):.2f}" if median(theirs) else "–"
