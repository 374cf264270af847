"""Relaying by way of a virus scanner: our `delegate` and Postfix' content filter, through the same programs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .filtering import FilteringPostfix
from .ports import free_ports
from .scanner import Scanner
from .scanning import ScanningVsmtp
from .sink import Sink
from .systems import Helper, System


@contextmanager
def scanned(folder: Path, kind: type[FilteringPostfix] | type[ScanningVsmtp]) -> Iterator[System]:
    """A server and a scanner of its own; what the scanner costs is said apart."""
    own = folder / f"{kind.name.lower()}-scanned"
    own.mkdir()
    port, sink_port, scanner_port, back_port = free_ports(4)
    with ExitStack() as started:
        sink = started.enter_context(Sink(own, sink_port))
        scanner = started.enter_context(Scanner(own, scanner_port, back_port))
        server = started.enter_context(kind(own, port, sink_port, scanner_port, back_port))
        yield System(kind.name, server, sink, (Helper(Scanner.name, scanner.version(), scanner.pid, counted=False),))
