"""Ports of 127.0.0.1."""

import contextlib
import socket
import time

from .faults import BenchmarkFault

HOST = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now, all different."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]


def await_banner(port: int, process, seconds: float, name: str) -> None:
    """Returns when the server at the port greets with 220; a fault when it ends first or takes longer."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise BenchmarkFault(f"{name} ended with {process.returncode} before it listened")
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=5) as peer:
            if peer.recv(512).startswith(b"220"):
                peer.sendall(b"QUIT\r\n")
                return
        time.sleep(0.1)
    raise BenchmarkFault(f"{name} does not greet on port {port} after {seconds:.0f} s")
