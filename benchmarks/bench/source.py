"""The client: Postfix' smtp-source."""

import subprocess
import time
from dataclasses import dataclass

from .faults import BenchmarkFault
from .ports import HOST


@dataclass(frozen=True)
class Load:
    """What a client sends: mails of `size` bytes of payload in parallel `sessions`.

    With `kept`, a session sends its mails over one connection; else each mail has a connection of its own,
    as smtp-source does by default.
    """

    sessions: int
    mails: int
    size: int
    kept: bool

    def __str__(self):
        sessions = "1 session" if self.sessions == 1 else f"{self.sessions} sessions"
        return f"{sessions}, {'connections kept' if self.kept else 'a connection per mail'}"


def send(load: Load, port: int, limit: float) -> float:
    """Sends all mails and returns the time (monotonic) when the last one was accepted; a fault if one was not."""
    command = ["smtp-source", "-4", *(["-d"] if load.kept else []),
               "-s", str(load.sessions), "-m", str(load.mails), "-l", str(load.size),
               "-M", "client.example", "-f", "sender@client.example", "-t", "recipient@sink.example", f"{HOST}:{port}"]
    try:
        # It ends at the first reply that is not the expected one.
        subprocess.run(command, check=True, timeout=limit - time.monotonic(), stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise BenchmarkFault(f"the client's {load.mails} mails were not accepted in time") from None
    except subprocess.CalledProcessError as ended:
        raise BenchmarkFault(f"smtp-source ended with {ended.returncode}") from None
    return time.monotonic()
