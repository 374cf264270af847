"""The far end: Postfix' smtp-sink, which takes every mail, throws it away and counts."""

import os
import re
import subprocess
import time
from pathlib import Path

from .faults import BenchmarkFault
from .ports import HOST, await_banner

_COUNT = re.compile(rb"mesg=(\d+)\s*\r")
_TAIL_BYTES = 256
_POLL_SECONDS = 0.005


class Sink:
    """One smtp-sink on a port of its own; as a context, it ends with the context."""

    def __init__(self, folder: Path, port: int, delay: int = 0, refuses: str = ""):
        """`delay`: seconds that it waits before its reply to DATA; `refuses`: the command that it answers with 4yz."""
        self.port = port
        self._delay, self._refuses = delay, refuses
        self._counter = folder / f"sink-{port}"

    def __enter__(self):
        # The counter goes to a file and not to a pipe: a reader of a pipe would wake up for every mail.
        command = ["smtp-sink", "-4", "-c", "-h", "sink.example"]
        if self._delay:
            command += ["-w", str(self._delay)]
        if self._refuses:
            command += ["-r", self._refuses]
        if os.geteuid() == 0:
            command += ["-u", "nobody"]
        with self._counter.open("wb") as output:
            self._process = subprocess.Popen([*command, f"{HOST}:{self.port}", "256"], stdout=output, stdin=subprocess.DEVNULL)
        try:
            await_banner(self.port, self._process, 10, "smtp-sink")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()

    def count(self) -> int:
        """Mails taken since the start."""
        with self._counter.open("rb") as counter:
            counter.seek(0, os.SEEK_END)
            counter.seek(max(0, counter.tell() - _TAIL_BYTES))
            found = _COUNT.findall(counter.read())
        return int(found[-1]) if found else 0

    def await_count(self, count: int, limit: float) -> float:
        """Waits for the mail that makes the count whole.

        Returns the time (monotonic) when it was there; a fault at the time `limit`.
        """
        while self.count() < count:
            if self._process.poll() is not None:
                raise BenchmarkFault(f"smtp-sink ended with {self._process.returncode}")
            if time.monotonic() > limit:
                raise BenchmarkFault(f"{count - self.count()} mails have not reached the sink in time")
            time.sleep(_POLL_SECONDS)
        return time.monotonic()
