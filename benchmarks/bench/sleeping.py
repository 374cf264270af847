"""Sleeping mails: what they cost in memory, and how late they wake after their deadlines."""

import argparse
import time
from contextlib import ExitStack
from pathlib import Path

from . import machine, process_tree
from .faults import BenchmarkFault
from .ports import free_ports
from .running import run
from .sink import Sink
from .sleeper import Sleeper
from .source import Load, send
from .stores import STORES

_ASLEEP = "SELECT count(*) FROM mail WHERE phase = 'Delegated' AND busy_by IS NULL AND attempts = 1 AND wake_at > {after}"
_LEFT = "SELECT count(*) FROM mail WHERE queue = 'delegated'"
_WAKE_UPS = "SELECT id, wake_at FROM mail WHERE queue = 'delegated'"
_EVENTS = "SELECT mail_id, at FROM event WHERE what = '{what}'"
_MICRO = 1_000_000


def main() -> int:
    return run(_run, _arguments())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks/sleeping", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="Delegates mails over SMTP to a service that keeps them, restarts the server, measures its memory while they sleep, "
                    "and how late each wakes after its deadline.")
    parser.add_argument("--store", choices=STORES, default="sqlite")
    parser.add_argument("--mails", type=int, default=100_000, metavar="N", help="mails that sleep")
    parser.add_argument("--spread", type=_seconds, default="natural", metavar="SECONDS",
                        help="'natural': deadlines as far apart as the mails were delegated; a number: all wake-ups are put, in the index of "
                             "the store and while the server is down, evenly into so many seconds; 0: all at once")
    parser.add_argument("--deadline", type=int, default=240, metavar="SECONDS", help="the service's return_deadline")
    parser.add_argument("--asleep", type=int, default=30, metavar="SECONDS", help="how long memory is measured")
    parser.add_argument("--size", type=int, default=1024, metavar="BYTES", help="payload of a mail")
    parser.add_argument("--sessions", type=int, default=20, metavar="N", help="of the client")
    parser.add_argument("--minutes", type=int, default=40, metavar="N", help="give up after this time")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="where the store is; on a disk")
    return parser.parse_args()


def _seconds(text: str) -> str | int:
    return text if text == "natural" else int(text)


def _run(arguments: argparse.Namespace, folder: Path) -> None:
    machine.refuse_memory(folder)
    limit = time.monotonic() + arguments.minutes * 60
    own = folder / "vsmtp"
    own.mkdir()
    port, sink_port, receiver_port = free_ports(3)
    with ExitStack() as started:
        store = started.enter_context(STORES[arguments.store](folder))
        started.enter_context(Sink(own, sink_port))
        server = Sleeper(own, port, sink_port, receiver_port, store.url, arguments.deadline)
        print(f"{machine.describe(folder)}\n{store.name}, {arguments.mails:,} mails of {arguments.size:,} bytes, spread {arguments.spread}", flush=True)
        with server:
            print(server.version())
            _put_to_sleep(arguments, server, store, limit)
        wake_ups = _spread(arguments, store)
        with server:
            _watch_asleep(arguments, server, store, wake_ups)
            _watch_waking(arguments, server, store, wake_ups, limit)


def _put_to_sleep(arguments, server, store, limit) -> None:
    before = time.time()
    start = time.monotonic()
    accepted = send(Load(arguments.sessions, arguments.mails, arguments.size, kept=True), server.port, limit) - start
    # Asleep: the service has it. One that still waits for its turn with the service has a wake-up of seconds.
    after = int((before + arguments.deadline) * _MICRO)
    while (asleep := _count(store, _ASLEEP.format(after=after))) < arguments.mails:
        if time.time() > before + arguments.deadline - 20:
            raise BenchmarkFault(f"{asleep:,} mails are asleep when the first wakes: take a longer --deadline")
        time.sleep(1)
    filled = time.monotonic() - start
    print(f"accepted in {accepted:.0f} s ({arguments.mails / accepted:,.0f}/s), all asleep after {filled:.0f} s "
          f"({arguments.mails / filled:,.0f}/s); memory then {process_tree.pss_mib(server.pid):.0f} MiB", flush=True)


def _spread(arguments, store) -> dict[str, int]:
    """When each mail is to wake, in microseconds since 1970."""
    wake_ups = dict(store.rows(_WAKE_UPS))
    if arguments.spread == "natural":
        return wake_ups
    # Only later than its deadline, else the mail would look at its deadline and sleep on.
    begin = max(max(wake_ups.values()), int((time.time() + arguments.asleep + 20) * _MICRO))
    step = arguments.spread * _MICRO / len(wake_ups)
    store.run(f"UPDATE mail SET wake_at = {begin} + CAST(place.number * {step} AS bigint) FROM "
              f"(SELECT id, row_number() OVER (ORDER BY wake_at) AS number FROM mail WHERE queue = 'delegated') AS place WHERE mail.id = place.id")
    return dict(store.rows(_WAKE_UPS))


def _watch_asleep(arguments, server, store, wake_ups) -> None:
    first = min(wake_ups.values()) / _MICRO
    end = min(time.time() + arguments.asleep, first - 1)
    looks = []
    while time.time() < end:
        looks.append((process_tree.pss_mib(server.pid), process_tree.rss_mib(server.pid)))
        time.sleep(0.5)
    if not looks:
        raise BenchmarkFault("no mail slept long enough to be measured: take a longer --deadline")
    if (count := _count(store, _LEFT)) != arguments.mails:
        raise BenchmarkFault(f"{count:,} of {arguments.mails:,} mails are asleep")
    pss, rss = [look[0] for look in looks], [look[1] for look in looks]
    print(f"asleep for {len(looks) / 2:.0f} s: PSS {min(pss):.0f}–{max(pss):.0f} MiB, RSS {min(rss):.0f}–{max(rss):.0f} MiB", flush=True)


def _watch_waking(arguments, server, store, wake_ups, limit) -> None:
    peak = 0.0
    begin = min(wake_ups.values()) / _MICRO
    while True:
        peak = max(peak, process_tree.pss_mib(server.pid))
        if time.time() > begin and (left := _count(store, _LEFT)) == 0 and _count(store, "SELECT count(*) FROM mail WHERE queue = 'working'") == 0:
            break
        if time.monotonic() > limit:
            raise BenchmarkFault(f"{left:,} mails have not woken in time")
        time.sleep(0.5)
    if (count := _count(store, "SELECT count(*) FROM mail WHERE queue = 'quarantine/delegation'")) != len(wake_ups):
        raise BenchmarkFault(f"{count:,} of {len(wake_ups):,} mails are where they belong")
    for what in ("absorbed", "quarantined"):
        _report(what, dict_of_one(store.rows(_EVENTS.format(what=what)), what), wake_ups)
    spread = (max(wake_ups.values()) - min(wake_ups.values())) / _MICRO
    print(f"deadlines within {spread:.0f} s ({len(wake_ups) / max(spread, 1):,.0f}/s); memory while they woke: {peak:.0f} MiB at most (PSS)")


def dict_of_one(rows: list[tuple], what: str) -> dict[str, int]:
    """The time of the one event of each mail."""
    events = dict(rows)
    if len(events) != len(rows):
        raise BenchmarkFault(f"{len(rows) - len(events):,} mails are {what} twice")
    return events


def _report(what: str, events: dict[str, int], wake_ups: dict[str, int]) -> None:
    late = sorted((events[mail] - wake_up) / _MICRO for mail, wake_up in wake_ups.items())
    at = sorted(events.values())
    per_second: dict[int, int] = {}
    for moment in at:
        per_second[moment // _MICRO] = per_second.get(moment // _MICRO, 0) + 1
    percentiles = ", ".join(f"{share:g} % {late[min(len(late) - 1, int(len(late) * share / 100))]:.2f} s" for share in (50, 90, 99, 99.9))
    seconds = max((at[-1] - at[0]) / _MICRO, 1e-6)
    print(f"{what} after the deadline: earliest {late[0]:.2f} s, {percentiles}, latest {late[-1]:.2f} s; "
          f"{len(at) / seconds:,.0f}/s over {seconds:.0f} s, at most {max(per_second.values()):,} in a second")


def _count(store, sql: str) -> int:
    return store.rows(sql)[0][0]
