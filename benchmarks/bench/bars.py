"""What was asked for: ours as a multiple of Postfix', by the load. More is better for rates, less for the CPU."""

from dataclasses import dataclass

from .source import Load

_KIB = 1024


@dataclass(frozen=True)
class Bar:
    """Ratios of medians in one run, Postfix = 1; None where nothing was asked for."""

    accepted: float | None = None
    delivered: float | None = None
    cpu: float | None = None

    def is_met(self, figure: str, ratio: float) -> bool | None:
        """None if nothing was asked for."""
        if (asked := self._asked(figure)) is None:
            return None
        if self is AHEAD:
            return ratio < asked if figure == "cpu" else ratio > asked
        return ratio <= asked if figure == "cpu" else ratio >= asked

    def words(self, figure: str) -> str:
        return "ahead" if self is AHEAD else f"bar {self._asked(figure):g}"

    def _asked(self, figure: str) -> float | None:
        return getattr(self, figure, None)                    # there are figures without a bar


NONE = Bar()
AHEAD = Bar(1, 1, 1)
"""Better than the other in each figure; not as good as it."""

_RELAYED = {
    (1 * _KIB, 1): Bar(1.2, 1.2, 0.6),
    (1 * _KIB, 10): Bar(4.5, 5, 0.15),
    (1 * _KIB, 50): Bar(6, 6.5, 0.15),
    (10 * _KIB, 10): Bar(4, 4.5, 0.15),
    (10 * _KIB, 50): Bar(5, 6, 0.15),
    (100 * _KIB, 10): Bar(3, 3.3, 0.2),
    (100 * _KIB, 50): Bar(3, 4, 0.2),
}

_DELEGATED = {
    (1 * _KIB, 10): Bar(None, 3.5, 0.2),
    (100 * _KIB, 10): Bar(None, 2, 0.25),
}


def relayed(load: Load) -> Bar:
    return NONE if load.kept else _RELAYED.get((load.size, load.sessions), NONE)


def delegated(load: Load) -> Bar:
    return NONE if load.kept else _DELEGATED.get((load.size, load.sessions), NONE)
