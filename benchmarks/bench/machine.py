"""The machine, so that figures mean something."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from .faults import BenchmarkFault

_APPEND_BYTES = 4096
_DISK_SECONDS = 2


def describe(folder: Path) -> str:
    """Processor, kernel, disk below the folder and load, in one line."""
    load = os.getloadavg()[0]
    return (f"{len(os.sched_getaffinity(0))} cores ({_processor()}), Linux {os.uname().release}, {filesystem(folder)}, "
            f"{_synced_appends(folder):,.0f} appends of 4 KiB with fdatasync per second by one writer, load {load:.2f} at the start")


def filesystem(folder: Path) -> str:
    return subprocess.run(["stat", "-f", "-c", "%T", folder], check=True, capture_output=True, text=True).stdout.strip()


def refuse_memory(folder: Path) -> None:
    """A fault if the folder is in memory, where syncing costs nothing and promises nothing."""
    if filesystem(folder) in ("tmpfs", "ramfs"):
        raise BenchmarkFault(f"{folder} is in memory: name a folder on a disk with --folder")


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), os.uname().machine)


def _synced_appends(folder: Path) -> float:
    block, count = os.urandom(_APPEND_BYTES), 0
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        start = time.monotonic()
        while (elapsed := time.monotonic() - start) < _DISK_SECONDS:
            file.write(block)
            os.fdatasync(file.fileno())
            count += 1
    return count / elapsed
