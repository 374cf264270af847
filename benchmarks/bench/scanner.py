"""clamd and clamsmtpd as the tutorial's run-scanner starts them: private ones, whose one signature is the EICAR test file's."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from . import processes
from .faults import BenchmarkFault
from .ports import HOST

_RUN = Path(__file__).resolve().parents[2] / "examples" / "clamav" / "run-scanner"
_UP = b"clamd and clamsmtpd run"
_START_SECONDS = 60
_STOP_SECONDS = 30
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


class Scanner:
    """Takes mails at one port, scans them and brings them to another; as a context, it ends with the context."""

    name = "clamd and clamsmtpd"

    def __init__(self, folder: Path, port: int, back_port: int):
        self._folder, self._port, self._back_port = folder, port, back_port

    @property
    def pid(self) -> int:
        """The root of the process tree of both."""
        return self._process.pid

    def version(self) -> str:
        """Names and versions of both, as they print them."""
        return ", ".join(_version(*command) for command in (("clamd", "--version"), ("clamsmtpd", "-v")))

    def __enter__(self):
        output = self._folder / "scanner-output"
        environment = {**os.environ, "LISTEN": f"{HOST}:{self._port}", "OUT_ADDRESS": f"{HOST}:{self._back_port}"}
        with output.open("wb") as log:
            self._process = subprocess.Popen(
                [_RUN, self._folder / "scanner"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        limit = time.monotonic() + _START_SECONDS
        while _UP not in output.read_bytes():
            if self._process.poll() is not None or time.monotonic() > limit:
                self.__exit__()
                raise BenchmarkFault(f"the scanner does not run: {output.read_text(errors='replace')}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        processes.end(self._process, _STOP_SECONDS)


def refuse_missing() -> None:
    """A fault if the scanner is not installed."""
    missing = [program for program in ("clamd", "clamsmtpd") if shutil.which(program, path=_PATH) is None]
    if missing:
        raise BenchmarkFault(f"{' and '.join(missing)} not found: apt-get install --no-install-recommends clamav-daemon clamsmtp; "
                             "without them: --relayed")


def _version(program: str, option: str) -> str:
    ended = subprocess.run([shutil.which(program, path=_PATH), option], capture_output=True, text=True)
    return next(line.strip() for line in (ended.stdout + ended.stderr).splitlines() if "ersion" in line or "ClamAV" in line)
