"""Runs become tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from .bars import AHEAD, Bar


@dataclass(frozen=True)
class Run:
    """One run of one system.

    `accepted` and `delivered` in mails per second, `cpu` in seconds per 1,000 mails, `memory` in MiB; `helpers`: the CPU of what
    works beside the server, by its name, in seconds per 1,000 mails.
    """

    accepted: float
    delivered: float
    cpu: float
    memory: float
    helpers: dict[str, float] = field(default_factory=dict)

    def __str__(self):
        helpers = "".join(f"  {name} {seconds:.2f}" for name, seconds in self.helpers.items())
        return (f"accepted {self.accepted:8.1f}/s  delivered {self.delivered:8.1f}/s  "
                f"CPU {self.cpu:6.2f} s per 1,000{helpers}  memory {self.memory:6.1f} MiB")


@dataclass(frozen=True)
class Side:
    """All runs of one system. `counted` tells whether `cpu` holds what its helpers cost."""

    name: str
    runs: Sequence[Run]
    counted: bool = False

    def median(self, figure: str) -> float:
        return median(getattr(run, figure) for run in self.runs)

    def row(self) -> str:
        cells = [spread([getattr(run, figure) for run in self.runs], digits) for _, figure, digits in _FIGURES]
        cells[_CPU] += "".join(
            f", {'of it' if self.counted else 'beside it'} {name} {spread([run.helpers[name] for run in self.runs], 2)}"
            for name in self.runs[0].helpers)
        return _line(self.name, cells)


_FIGURES = (
    ("accepted per second", "accepted", 0),
    ("delivered per second", "delivered", 0),
    ("CPU seconds per 1,000 mails", "cpu", 2),
    ("memory (PSS), MiB", "memory", 0),
)
_CPU = 2


class Report:
    """Makes a table for each load, and counts the bars."""

    def __init__(self):
        self._met = 0
        self._missed: list[str] = []

    def table(self, load: str, peers: Sequence[Side], ours: Sequence[Side], bar: Bar) -> str:
        """Each of ours is set beside each peer: beside Postfix with the bar, and beside Haraka it has to be ahead."""
        lines = [_line(load, [title for title, _, _ in _FIGURES]), "|---|" + "---:|" * len(_FIGURES)]
        lines += [side.row() for side in (*peers, *ours)]
        for mine in ours:
            for peer in peers:
                asked = bar if peer.name == "Postfix" else AHEAD
                cells = [self._cell(f"{load}: {mine.name} to {peer.name}, {title}", _ratio(mine, peer, figure), figure, asked)
                         for title, figure, _ in _FIGURES]
                lines.append(_line(f"{mine.name} : {peer.name}", cells))
        return "\n".join(lines)

    def closing(self) -> str:
        total = self._met + len(self._missed)
        lines = [f"Bars met: {self._met} of {total}." if total else "No bars for these loads."]
        return "\n".join([*lines, *(f"- missed: {each}" for each in self._missed)])

    def _cell(self, what: str, ratio: float | None, figure: str, asked: Bar) -> str:
        if ratio is None:
            return "–"
        text = f"{ratio:.2f}" if ratio >= 1 else f"{ratio:.3f}"
        if (met := asked.is_met(figure, ratio)) is None:
            return text
        words = asked.words(figure)
        if met:
            self._met += 1
            return f"{text}, {words}: met"
        self._missed.append(f"{what}: {text}, {words}")
        return f"{text}, {words}: **missed**"


def spread(values: Sequence[float], digits: int) -> str:
    """The median, and from least to most."""
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def _line(first: str, cells: Sequence[str]) -> str:
    return f"| {first} | {' | '.join(cells)} |"


class Growth:
    """One table: a row for each level of each system, and each figure as a multiple of that system's first level."""

    def __init__(self):
        self._rows: dict[str, list[tuple[int, Side]]] = {}

    def add(self, level: int, side: Side) -> None:
        self._rows.setdefault(side.name, []).append((level, side))

    def __str__(self):
        lines = [_line("system | waiting", [title for title, _, _ in _FIGURES]), "|---|---:|" + "---:|" * len(_FIGURES)]
        for name, levels in self._rows.items():
            first = levels[0][1]
            for level, side in levels:
                cells = [f"{spread([getattr(run, figure) for run in side.runs], digits)}{_growth(side, first, figure)}"
                         for _, figure, digits in _FIGURES]
                lines.append(_line(f"{name} | {level:,}", cells))
        return "\n".join(lines)


def _ratio(mine: Side, peer: Side, figure: str) -> float | None:
    # Few mails may cost less than a clock tick.
    return mine.median(figure) / peer.median(figure) if peer.median(figure) else None


def _growth(side: Side, first: Side, figure: str) -> str:
    return f" ×{side.median(figure) / first.median(figure):.2f}" if side is not first and first.median(figure) else ""
