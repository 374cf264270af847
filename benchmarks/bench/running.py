"""How every benchmark runs: in a folder of its own that goes with it, and with nothing left behind however it ends."""

import shutil
import signal
import sys
import tempfile
from pathlib import Path

from . import vsmtp
from .faults import BenchmarkFault


def run(work, arguments, programs=("smtp-source", "smtp-sink")) -> int:
    """Calls `work(arguments, folder)` and returns the exit code; `programs` are what it needs of Debian's postfix."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))     # so that the contexts end what they started
    try:
        missing = [program for program in programs if shutil.which(program) is None]
        if missing:
            raise BenchmarkFault(f"{', '.join(missing)} not found: install Debian's postfix, as benchmarks/README.md says")
        vsmtp.build()
        with tempfile.TemporaryDirectory(prefix="vsmtp-bench-", dir=arguments.folder) as folder:
            Path(folder).chmod(0o755)                         # processes of Postfix and PostgreSQL are other users'
            work(arguments, Path(folder))
    except BenchmarkFault as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
