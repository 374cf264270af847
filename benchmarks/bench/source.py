"""The client: Postfix' smtp-source."""

import os
import select
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
        return f"{self.size / 1024:g} KiB, {sessions}, {'connections kept' if self.kept else 'a connection per mail'}"


def send(load: Load, port: int, limit: float, recipient: str = "recipient@sink.example") -> float:
    """Sends all mails and returns the time (monotonic) when the last one was accepted; a fault if one was not."""
    command = ["smtp-source", "-4", *(["-d"] if load.kept else []),
               "-s", str(load.sessions), "-m", str(load.mails), "-l", str(load.size),
               "-M", "client.example", "-f", "sender@client.example", "-t", recipient, f"{HOST}:{port}"]
    # It ends at the first reply that is not the expected one.
    client = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        accepted = _await_end(client, limit)
    finally:
        client.kill()
        client.wait()
    if client.returncode != 0:
        raise BenchmarkFault(f"smtp-source ended with {client.returncode}")
    return accepted


def _await_end(client: subprocess.Popen, limit: float) -> float:
    # Not Popen.wait(timeout), which sleeps up to 50 ms between two looks: as long as many mails take.
    descriptor = os.pidfd_open(client.pid)
    try:
        ended, _, _ = select.select([descriptor], [], [], max(0, limit - time.monotonic()))
    finally:
        os.close(descriptor)
    if not ended:
        raise BenchmarkFault("the client's mails were not all accepted in time")
    return time.monotonic()
