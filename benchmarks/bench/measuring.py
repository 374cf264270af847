"""Runs of several systems in turn, and what each run must show to count."""

import sys
import time

from .faults import BenchmarkFault
from .report import Run
from .source import Load, send
from .systems import System

# What a server does behind its last delivery (removing, noting) belongs to the CPU time of the run.
_SETTLE_SECONDS = 1
_EMPTY_SECONDS = 30


def warm_up(systems: list[System], load: Load, limit: float) -> None:
    for system in systems:
        _say("warm-up", system, measure(load, system, limit))


def alternate(systems: list[System], load: Load, count: int, limit: float, waiting: int = 0) -> dict[str, list[Run]]:
    """`count` runs of each, by the systems' names; `waiting`: mails that wait in each all the time."""
    runs: dict[str, list[Run]] = {system.name: [] for system in systems}
    for number in range(count):
        for system in _order(systems, number):
            run = measure(load, system, limit, waiting)
            runs[system.name].append(run)
            _say(str(load), system, run)
    return runs


def measure(load: Load, system: System, limit: float, waiting: int = 0) -> Run:
    """One run; a fault if a mail is lost, comes twice or stays behind. `waiting`: mails that wait before and after it."""
    expected = system.sink.count() + load.mails
    helpers, cpu = system.helper_seconds(), system.cpu_seconds()
    start = time.monotonic()
    accepted = send(load, system.server.port, limit)
    delivered = system.sink.await_count(expected, limit)
    memory = system.pss_mib()
    time.sleep(_SETTLE_SECONDS)
    cpu = (system.cpu_seconds() - cpu) / load.mails * 1000
    helpers = {name: (seconds - helpers[name]) / load.mails * 1000 for name, seconds in system.helper_seconds().items()}
    _await_waiting(system, waiting)
    if system.sink.count() != expected:
        raise BenchmarkFault(f"{system.name} delivered {system.sink.count() - expected} mails twice")
    return Run(load.mails / (accepted - start), load.mails / (delivered - start), cpu, memory, helpers)


def _order(systems: list[System], number: int) -> list[System]:
    # Each is first in turn, and the direction changes, so that none always follows the same other's disk writes.
    first = number % len(systems)
    turned = [*systems[first:], *systems[:first]]
    return turned if number % 2 == 0 else turned[::-1]


def _await_waiting(system: System, count: int) -> None:
    limit = time.monotonic() + _EMPTY_SECONDS
    while (waiting := system.server.waiting()) != count:
        if time.monotonic() > limit:
            raise BenchmarkFault(f"{system.name} holds {waiting} mails when all have reached the sink, and not {count}")
        time.sleep(0.5)


def _say(load: str, system: System, run: Run) -> None:
    print(f"{load:50} {system.name:18} {run}", file=sys.stderr, flush=True)
