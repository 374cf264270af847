"""CPU time and memory of a process and all that it started, from /proc."""

import contextlib
import os
import re
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_RSS = re.compile(r"^Rss:\s+(\d+) kB", re.MULTILINE)


def _stat(pid: int) -> list[str]:
    # The name in parentheses may hold blanks and parentheses: the fields are counted from behind it.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def members(root: int) -> list[int]:
    """The process and its living descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                children.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    tree = [root]
    for pid in tree:
        tree += children.get(pid, [])
    return tree


def cpu_seconds(root: int) -> float:
    """User and system time that the tree has spent so far, with that of descendants that have ended."""
    ticks = 0
    for pid in members(root):
        with contextlib.suppress(OSError):
            # utime, stime, and the same of the children that this process has waited for
            ticks += sum(int(field) for field in _stat(pid)[11:15])
    return ticks / _TICKS_PER_SECOND


def pss_mib(root: int) -> float:
    """Proportional set size of the tree: shared pages are split among those who share them."""
    return _sum_mib(root, _PSS)


def rss_mib(root: int) -> float:
    """Resident set size of the tree: shared pages count for each."""
    return _sum_mib(root, _RSS)


def _sum_mib(root: int, size: re.Pattern[str]) -> float:
    kib = 0
    for pid in members(root):
        with contextlib.suppress(OSError):
            if found := size.search(Path(f"/proc/{pid}/smaps_rollup").read_text()):
                kib += int(found[1])
    return kib / 1024
