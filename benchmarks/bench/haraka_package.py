"""Haraka from npm, in a folder of the user's cache: neither the machine's packages nor the repository are touched."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .faults import BenchmarkFault

VERSION = "3.3.4"
_NODE = 20
_INSTALL_SECONDS = 600


def command() -> list[str]:
    """What starts Haraka, to be followed by its arguments; fetches it first if it is not there."""
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        raise BenchmarkFault(f"{' and '.join(missing)} not found: Haraka needs Node.js {_NODE} or newer with npm; "
                             "without it: --peers postfix")
    if int((version := node_version()).partition(".")[0]) < _NODE:
        raise BenchmarkFault(f"Haraka needs Node.js {_NODE} or newer, and node is {version}; without it: --peers postfix")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vsmtp-benchmarks" / f"haraka-{VERSION}"
    if not home.exists():
        _install(home)
    return ["node", str(home / "node_modules" / "Haraka" / "bin" / "haraka")]


def node_version() -> str:
    """As 20.20.2."""
    return subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip().removeprefix("v")


def _install(home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place and then moved there: half an installation is never taken for a whole one.
    with tempfile.TemporaryDirectory(prefix="haraka-", dir=home.parent) as beside:
        made = Path(beside) / "made"
        # Its optional packages are the plugins for spam, DNS and the like, which a relay does not load.
        ended = subprocess.run(
            ["npm", "install", "--prefix", made, "--no-save", "--omit=optional", "--omit=dev", "--ignore-scripts",
             "--no-audit", "--no-fund", f"Haraka@{VERSION}"],
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=_INSTALL_SECONDS)
        if ended.returncode != 0:
            raise BenchmarkFault(f"npm cannot install Haraka {VERSION}: {ended.stderr}")
        made.rename(home)
