"""What the servers have in common."""

import subprocess
from abc import ABC, abstractmethod
from pathlib import Path

from . import processes
from .faults import BenchmarkFault
from .ports import await_banner

_START_SECONDS = 60
_STOP_SECONDS = 45


class Server(ABC):
    """A mail server that relays all it takes on `port` to a sink; as a context, it ends with the context."""

    name: str

    def __init__(self, folder: Path, port: int, sink_port: int):
        self.folder = folder
        self.port = port
        self._sink_port = sink_port

    @property
    def pid(self) -> int:
        """The root of the process tree."""
        return self._process.pid

    @abstractmethod
    def version(self) -> str:
        """Name and version, as it prints them."""

    @abstractmethod
    def waiting(self) -> int:
        """Mails that it still holds in order to deliver them."""

    @abstractmethod
    def _prepare(self) -> list[str]:
        """Writes configuration and folders and returns the command that serves in the foreground."""

    def __enter__(self):
        command = self._prepare()
        with self._log.open("wb") as log:
            # A session of its own: Ctrl+C comes to the benchmark alone, which then ends the server.
            self._process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            await_banner(self.port, self._process, _START_SECONDS, self.name)
        except BaseException as fault:
            self.__exit__()
            if isinstance(fault, BenchmarkFault):
                raise BenchmarkFault(f"{fault}\n{self._log.read_text(errors='replace')}") from None
            raise
        return self

    def __exit__(self, *_):
        processes.end(self._process, _STOP_SECONDS)

    @property
    def _log(self) -> Path:
        return self.folder / "output"
