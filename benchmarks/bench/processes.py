"""Ending what the benchmark has started."""

import contextlib
import os
import signal
import subprocess


def end(process: subprocess.Popen, seconds: float) -> None:
    """Asks the process to end; after so many seconds its group is killed. It must have been started with a session of its own."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        # The group has the id of the process that we started, which has not been waited for: it is ours.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
