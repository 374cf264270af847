"""The queue: what a relayed mail costs while others wait, and whether that grows with their number."""

import argparse
import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import machine, measuring
from .deferring import DOMAIN, DeferringPostfix, DeferringVsmtp
from .faults import BenchmarkFault
from .ports import free_ports
from .report import Growth, Side
from .running import run
from .sink import Sink
from .source import Load, send
from .stores import STORES, PostgresStore, SqliteStore
from .systems import Helper, System

# What a server does behind its last deferral belongs to the filling.
_CALM_SECONDS = 5
_LOOK_SECONDS = 1


def main() -> int:
    return run(_run, _arguments(), ("postfix", "postconf", "smtp-source", "smtp-sink"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks/queue", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="Lets mails wait whose far end answers 4yz, relays others past them through vsmtp and Postfix, in turn, and prints "
                    "what these cost by the number that waits.")
    parser.add_argument("--store", choices=STORES, default="sqlite", help="ours with which store")
    parser.add_argument("--levels", type=int, nargs="+", default=[0, 1000, 10_000, 100_000], metavar="N", help="mails that wait, in rising order")
    parser.add_argument("--postfix-most", type=int, default=10_000, metavar="N",
                        help="Postfix is measured up to this level, since it takes long to fill; -1: not at all")
    parser.add_argument("--mails", type=int, default=2000, metavar="N", help="relayed in a run")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="runs of each system at a level")
    parser.add_argument("--sessions", type=int, default=10, metavar="N")
    parser.add_argument("--size", type=int, default=1024, metavar="BYTES", help="payload of a mail, relayed or waiting")
    parser.add_argument("--warm-up", type=int, default=10_000, metavar="N", help="mails to each system before the first run")
    parser.add_argument("--minutes", type=int, default=90, metavar="N", help="give up after this time")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="where both keep their mails; on a disk")
    arguments = parser.parse_args()
    if arguments.levels != sorted(set(arguments.levels)):
        parser.error("--levels have to rise")
    return arguments


def _run(arguments: argparse.Namespace, folder: Path) -> None:
    if os.geteuid() != 0:
        raise BenchmarkFault("Postfix starts as root only")
    machine.refuse_memory(folder)
    limit = time.monotonic() + arguments.minutes * 60
    load = Load(arguments.sessions, arguments.mails, arguments.size, kept=False)
    with ExitStack() as started:
        base = started.enter_context(STORES[arguments.store](folder))
        systems = [started.enter_context(_deferring(folder, DeferringPostfix))] if arguments.postfix_most >= 0 else []
        systems.append(started.enter_context(_deferring(folder, DeferringVsmtp, base)))
        print(f"benchmarks/queue {shlex.join(sys.argv[1:])}\n{machine.describe(folder)}\n"
              f"{', '.join(version for system in systems for version in system.versions)}\n{load}, {arguments.mails:,} mails in "
              f"a run, runs of each in turn: {arguments.runs}, warmed up with {arguments.warm_up:,} mails each; medians (least–most)\n", flush=True)
        measuring.warm_up(systems, Load(arguments.sessions, arguments.warm_up, arguments.size, kept=False), limit)
        growth = Growth()
        for level in arguments.levels:
            present = [system for system in systems if system.is_ours or level <= arguments.postfix_most]
            _fill(present, level, arguments.size, limit)
            runs = measuring.alternate(present, load, arguments.runs, limit, level)
            for system in present:
                growth.add(level, Side(system.name, runs[system.name]))
    print(growth)


@contextmanager
def _deferring(folder: Path, kind: type[DeferringPostfix] | type[DeferringVsmtp], *base: SqliteStore | PostgresStore) -> Iterator[System]:
    own = folder / kind.name.lower()
    own.mkdir()
    port, sink_port, refuser_port = free_ports(3)
    with Sink(own, sink_port) as sink, Sink(own, refuser_port, refuses="RCPT"), kind(own, port, sink_port, refuser_port, *base) as server:
        helpers = tuple(Helper(each.name, each.version(), each.pid, counted=True) for each in base if isinstance(each, PostgresStore))
        yield System(kind.name, server, sink, helpers)


def _fill(systems: Sequence[System], level: int, size: int, limit: float) -> None:
    """Sends what is missing at the level, and waits until all of it has been tried."""
    for system in systems:
        if missing := level - system.server.deferred():
            start = time.monotonic()
            send(Load(20, missing, size, kept=True), system.server.port, limit, f"recipient@{DOMAIN}")
            while (deferred := system.server.deferred()) != level:
                if time.monotonic() > limit:
                    raise BenchmarkFault(f"{system.name} has deferred {deferred:,} mails of {level:,}")
                time.sleep(_LOOK_SECONDS)
            print(f"{level:,} mails wait in {system.name} after {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    time.sleep(_CALM_SECONDS)
