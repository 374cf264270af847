"""Relaying: accepted and delivered mails per second, CPU per mail and memory, against Postfix and Haraka; straight and through a scanner."""

import argparse
import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from . import bars, machine, measuring, scanner, systems
from .bars import Bar
from .delegated import scanned
from .faults import BenchmarkFault
from .filtering import FilteringPostfix
from .haraka import NODES
from .report import Report, Side
from .running import run
from .scanning import ScanningVsmtp
from .source import Load
from .systems import System

_KIB = 1024
_PEERS = ("postfix", "haraka")
_STORES = {"sqlite": systems.sqlite, "postgres": systems.postgres}


@dataclass(frozen=True)
class _Part:
    """Systems that run side by side, the loads that each gets in turn, and what is asked of ours."""

    title: str
    sizes: Sequence[int]
    sessions: Sequence[int]
    systems: Sequence[AbstractContextManager[System]]
    bar: Callable[[Load], Bar]


def main() -> int:
    return run(_compare, _arguments(), ("postfix", "postconf", "smtp-source", "smtp-sink"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks/relay", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="Relays the same mails through private ones of Postfix, Haraka and vsmtp, in turn, and prints tables. Without "
                    "options it is the whole, which takes more than an hour.")
    parts = parser.add_mutually_exclusive_group()
    parts.add_argument("--relayed", action="store_true", help="only what goes straight to the relay host")
    parts.add_argument("--delegated", action="store_true", help="only what goes through clamsmtpd: ours against Postfix")
    parser.add_argument("--peers", choices=_PEERS, nargs="+", default=list(_PEERS), help="whom ours is compared with where mail goes straight on")
    parser.add_argument("--store", choices=_STORES, nargs="+", default=list(_STORES), help="ours with which stores, where mail goes straight on")
    parser.add_argument("--sessions", type=_positive, nargs="+", default=argparse.SUPPRESS, metavar="N",
                        help="parallel sessions of the client (default: 1 10 50; through clamsmtpd: 10)")
    parser.add_argument("--size", type=_positive, nargs="+", default=argparse.SUPPRESS, metavar="BYTES",
                        help="payload of a mail (default: 1024 10240 102400; through clamsmtpd: 1024 102400)")
    parser.add_argument("--mails", type=_positive, default=2000, metavar="N", help="mails in a run")
    parser.add_argument("--runs", type=_positive, default=5, metavar="N", help="runs of each system per row")
    parser.add_argument("--warm-up", type=_positive, default=10_000, metavar="N",
                        help="mails to each system before the first run, spread over the sizes")
    parser.add_argument("--haraka-nodes", type=_positive, default=NODES, metavar="N", help="processes of Haraka's that do the work")
    parser.add_argument("--kept", action="store_true", help="measure with kept connections as well as with a connection per mail")
    parser.add_argument("--minutes", type=_positive, default=240, metavar="N", help="give up after this time")
    parser.add_argument("--folder", type=_folder, default=Path("/var/tmp"), help="where all keep their mails; on a disk")
    return parser.parse_args()


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder")
    return Path(text)


def _compare(arguments: argparse.Namespace, folder: Path) -> None:
    if os.geteuid() != 0:
        raise BenchmarkFault("Postfix starts as root only")
    machine.refuse_memory(folder)
    if not arguments.relayed:
        scanner.refuse_missing()                              # now, and not after an hour
    limit = time.monotonic() + arguments.minutes * 60
    print(f"benchmarks/relay {shlex.join(sys.argv[1:])}\n{machine.describe(folder)}\n{arguments.mails:,} mails in a run, "
          f"runs of each in turn: {arguments.runs}, warmed up with {arguments.warm_up:,} mails each; medians (least–most)", flush=True)
    report = Report()
    for part in _parts(arguments, folder):
        _measure(part, arguments, report, limit)
    print(f"\n{report.closing()}")


def _parts(arguments: argparse.Namespace, folder: Path) -> list[_Part]:
    given = vars(arguments)
    parts = []
    if not arguments.delegated:
        peers = {"postfix": systems.postfix(folder), "haraka": systems.haraka(folder, arguments.haraka_nodes)}
        parts.append(_Part(
            "Relayed", given.get("size", (_KIB, 10 * _KIB, 100 * _KIB)), given.get("sessions", (1, 10, 50)),
            [*(peers[name] for name in arguments.peers), *(_STORES[name](folder) for name in arguments.store)], bars.relayed))
    if not arguments.relayed:
        parts.append(_Part(
            "Through clamsmtpd", given.get("size", (_KIB, 100 * _KIB)), given.get("sessions", (10,)),
            [scanned(folder, kind) for kind in (FilteringPostfix, ScanningVsmtp)], bars.delegated))
    return parts


def _measure(part: _Part, arguments: argparse.Namespace, report: Report, limit: float) -> None:
    loads = [Load(sessions, arguments.mails, size, kept)
             for kept in ([False, True] if arguments.kept else [False]) for size in part.sizes for sessions in part.sessions]
    with ExitStack() as started:
        present = [started.enter_context(system) for system in part.systems]
        versions = dict.fromkeys(version for system in present for version in system.versions)
        print(f"\n{part.title}: {', '.join(versions)}", flush=True)
        for size in part.sizes:
            warm_up = Load(max(part.sessions), max(1, arguments.warm_up // len(part.sizes)), size, kept=False)
            measuring.warm_up(present, warm_up, limit)
        for load in loads:
            runs = measuring.alternate(present, load, arguments.runs, limit)
            sides = [(system, Side(system.name, runs[system.name], any(helper.counted for helper in system.helpers))) for system in present]
            table = report.table(f"{part.title}: {load}", [side for system, side in sides if not system.is_ours],
                                 [side for system, side in sides if system.is_ours], part.bar(load))
            print(f"\n{table}", flush=True)
