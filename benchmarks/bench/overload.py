"""Overload: mails come faster than a slow relay host, or a slow service, takes them. What does the server's memory do?"""

import argparse
import subprocess
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from . import machine, process_tree
from .ports import HOST, free_ports
from .running import run
from .sink import Sink
from .sleeper import Sleeper
from .stores import SqliteStore
from .vsmtp import Vsmtp


def main() -> int:
    return run(_run, _arguments())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks/overload", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="Sends mails faster than a slow relay host or a slow service takes them, and prints the server's memory.")
    parser.add_argument("--slow", choices=("relay", "service"), default="relay", help="who is slow")
    parser.add_argument("--delay", type=int, default=1, metavar="SECONDS", help="what it waits before each reply to DATA")
    parser.add_argument("--sessions", type=int, default=200, metavar="N")
    parser.add_argument("--mails", type=int, default=20_000, metavar="N")
    parser.add_argument("--size", type=int, default=10_240, metavar="BYTES")
    parser.add_argument("--after", type=int, default=30, metavar="SECONDS", help="how long it is watched when all are sent")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="where the store is; on a disk")
    return parser.parse_args()


def _run(arguments: argparse.Namespace, folder: Path) -> None:
    machine.refuse_memory(folder)
    own = folder / "vsmtp"
    own.mkdir()
    port, sink_port, receiver_port = free_ports(3)
    with ExitStack() as started:
        started.enter_context(Sink(own, sink_port, arguments.delay))
        server = started.enter_context(
            Vsmtp(own, port, sink_port) if arguments.slow == "relay"
            else Sleeper(own, port, sink_port, receiver_port, SqliteStore(folder).url, deadline=3600))
        print(f"{machine.describe(folder)}\n{server.version()}, slow {arguments.slow} ({arguments.delay} s a mail), "
              f"{arguments.mails:,} mails of {arguments.size:,} bytes over {arguments.sessions} sessions", flush=True)
        before = process_tree.pss_mib(server.pid)
        looks: list[tuple[float, float]] = []
        done = threading.Event()
        watching = threading.Thread(target=_watch, args=(server.pid, looks, done))
        start = time.monotonic()
        watching.start()
        sent = subprocess.run(["smtp-source", "-4", "-d", "-s", str(arguments.sessions), "-m", str(arguments.mails), "-l", str(arguments.size),
                               "-f", "sender@client.example", "-t", "recipient@sink.example", f"{HOST}:{port}"], stdin=subprocess.DEVNULL)
        seconds = time.monotonic() - start
        time.sleep(arguments.after)
        done.set()
        watching.join()
        print(f"smtp-source ended with {sent.returncode} after {seconds:.0f} s ({arguments.mails / seconds:,.0f}/s)")
        during = [mib for at, mib in looks if at <= start + seconds]
        later = [mib for at, mib in looks if at > start + seconds]
        print(f"memory (PSS): {before:.0f} MiB at first, {max(during):.0f} at most while mails came, "
              f"{min(later):.0f}–{max(later):.0f} in the {arguments.after} s after")
        step = max(1, len(looks) // 10)
        print("over time: " + " ".join(f"{mib:.0f}" for _, mib in looks[::step]))


def _watch(pid: int, looks: list[tuple[float, float]], done: threading.Event) -> None:
    while not done.wait(0.5):
        looks.append((time.monotonic(), process_tree.pss_mib(pid)))
