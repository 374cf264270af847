"""Relaying: accepted and delivered mails per second, CPU per mail and memory, against Postfix."""

import argparse
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from . import machine, process_tree
from .faults import BenchmarkFault
from .ports import free_ports
from .postfix import Postfix
from .report import HEADING, Run, rows
from .running import run
from .server import Server
from .sink import Sink
from .source import Load, send
from .vsmtp import Vsmtp

# What a server does behind its last delivery (removing, noting) belongs to the CPU time of the run.
_SETTLE_SECONDS = 1
_EMPTY_SECONDS = 30


def main() -> int:
    return run(_compare, _arguments(), ("postfix", "postconf", "smtp-source", "smtp-sink"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks/relay", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="Relays the same mails through a private Postfix and through vsmtp, in turn, and prints a table.")
    parser.add_argument("--sessions", type=_positive, nargs="+", default=[1, 10], metavar="N",
                        help="parallel sessions of the client")
    parser.add_argument("--size", type=_positive, default=1024, metavar="BYTES", help="payload of a mail")
    parser.add_argument("--mails", type=_positive, default=2000, metavar="N", help="mails in a run")
    parser.add_argument("--runs", type=_positive, default=5, metavar="N", help="runs of each server per row")
    parser.add_argument("--warm-up", type=_positive, default=5000, metavar="N", help="mails to each server before the first run")
    parser.add_argument("--kept", action="store_true", help="measure with kept connections as well as with a connection per mail")
    parser.add_argument("--minutes", type=_positive, default=20, metavar="N", help="give up after this time")
    parser.add_argument("--folder", type=_folder, default=Path("/var/tmp"), help="where both keep their mails; on a disk")
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
    description = machine.describe(folder)
    limit = time.monotonic() + arguments.minutes * 60
    loads = [Load(sessions, arguments.mails, arguments.size, kept)
             for kept in ([False, True] if arguments.kept else [False]) for sessions in arguments.sessions]
    with ExitStack() as started:
        pairs = [_start(started, folder, kind) for kind in (Postfix, Vsmtp)]
        print(f"{description}\n{', '.join(server.version() for server, _ in pairs)}\n"
              f"{arguments.size:,} bytes, {arguments.mails:,} mails in a run, runs of each in turn: {arguments.runs}, "
              f"warmed up with {arguments.warm_up:,} mails each; medians (least–most), Postfix = 1\n", flush=True)
        for server, sink in pairs:
            warm_up = Load(max(arguments.sessions), arguments.warm_up, arguments.size, kept=False)
            _say("warm-up", server, _measure(warm_up, server, sink, limit))
        tables = [_runs(load, pairs, arguments.runs, limit) for load in loads]
    print("\n".join([HEADING, *tables]))


def _start(started: ExitStack, folder: Path, kind: type[Server]) -> tuple[Server, Sink]:
    """The server with a sink of its own, so that a mail that comes late or twice is counted where it belongs."""
    own = folder / kind.name.lower()
    own.mkdir()
    port, sink_port = free_ports(2)
    sink = started.enter_context(Sink(own, sink_port))
    return started.enter_context(kind(own, port, sink_port)), sink


def _runs(load: Load, pairs: list[tuple[Server, Sink]], count: int, limit: float) -> str:
    runs: dict[str, list[Run]] = {server.name: [] for server, _ in pairs}
    for number in range(count):
        # Who is first changes, so that neither always follows the other's disk writes.
        for server, sink in pairs if number % 2 == 0 else reversed(pairs):
            run = _measure(load, server, sink, limit)
            runs[server.name].append(run)
            _say(str(load), server, run)
    return rows(str(load), runs[Postfix.name], runs[Vsmtp.name])


def _measure(load: Load, server: Server, sink: Sink, limit: float) -> Run:
    """One run; a fault if a mail is lost, comes twice or stays behind."""
    expected = sink.count() + load.mails
    cpu = process_tree.cpu_seconds(server.pid)
    start = time.monotonic()
    accepted = send(load, server.port, limit)
    delivered = sink.await_count(expected, limit)
    memory = process_tree.pss_mib(server.pid)
    time.sleep(_SETTLE_SECONDS)
    cpu = process_tree.cpu_seconds(server.pid) - cpu
    _await_empty(server)
    if sink.count() != expected:
        raise BenchmarkFault(f"{server.name} delivered {sink.count() - expected} mails twice")
    return Run(load.mails / (accepted - start), load.mails / (delivered - start), cpu / load.mails * 1000, memory)


def _await_empty(server: Server) -> None:
    limit = time.monotonic() + _EMPTY_SECONDS
    while waiting := server.waiting():
        if time.monotonic() > limit:
            raise BenchmarkFault(f"{server.name} still holds {waiting} mails that have reached the sink")
        time.sleep(0.5)


def _say(load: str, server: Server, run: Run) -> None:
    print(f"{load:40} {server.name:8} {run}", file=sys.stderr)
