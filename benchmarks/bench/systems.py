"""What is compared: a mail server with a sink of its own, so that a mail that comes late or twice is counted where it belongs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import process_tree
from .haraka import Haraka
from .ports import free_ports
from .postfix import Postfix
from .server import Server
from .sink import Sink
from .stores import PostgresStore
from .vsmtp import Vsmtp


@dataclass(frozen=True)
class Helper:
    """A process tree beside the server's: what it costs is the system's as well if `counted`, and is said apart in any case."""

    name: str
    version: str
    pid: int
    counted: bool


@dataclass(frozen=True)
class System:
    """A server, its sink and what else works for it."""

    name: str
    server: Server
    sink: Sink
    helpers: tuple[Helper, ...] = ()

    @property
    def is_ours(self) -> bool:
        return isinstance(self.server, Vsmtp)

    @property
    def versions(self) -> list[str]:
        return [self.server.version(), *(helper.version for helper in self.helpers)]

    def cpu_seconds(self) -> float:
        return sum(process_tree.cpu_seconds(pid) for pid in self._counted)

    def helper_seconds(self) -> dict[str, float]:
        return {helper.name: process_tree.cpu_seconds(helper.pid) for helper in self.helpers}

    def pss_mib(self) -> float:
        return sum(process_tree.pss_mib(pid) for pid in self._counted)

    @property
    def _counted(self) -> list[int]:
        return [self.server.pid, *(helper.pid for helper in self.helpers if helper.counted)]


@contextmanager
def postfix(folder: Path) -> Iterator[System]:
    with _relaying(folder, "postfix", Postfix) as (server, sink):
        yield System(Postfix.name, server, sink)


@contextmanager
def haraka(folder: Path, nodes: int) -> Iterator[System]:
    with _relaying(folder, "haraka", Haraka, nodes) as (server, sink):
        yield System(Haraka.name, server, sink)


@contextmanager
def sqlite(folder: Path) -> Iterator[System]:
    """Ours in one process, with the store that it has by default."""
    with _relaying(folder, "vsmtp-sqlite", Vsmtp) as (server, sink):
        yield System("Vsmtp, SQLite", server, sink)


@contextmanager
def postgres(folder: Path) -> Iterator[System]:
    """Ours in one process, with a PostgreSQL whose costs are ours."""
    with PostgresStore(folder) as store, _relaying(folder, "vsmtp-postgres", Vsmtp, store.url) as (server, sink):
        yield System("Vsmtp, PostgreSQL", server, sink, (Helper(store.name, store.version(), store.pid, counted=True),))


@contextmanager
def _relaying(folder: Path, name: str, kind: type[Server], *more) -> Iterator[tuple[Server, Sink]]:
    own = folder / name
    own.mkdir()
    port, sink_port = free_ports(2)
    with ExitStack() as started:
        sink = started.enter_context(Sink(own, sink_port))
        yield started.enter_context(kind(own, port, sink_port, *more)), sink
