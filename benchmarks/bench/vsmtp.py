"""Our server: the Release build, one process, SQLite, no rules."""

import json
import subprocess
from pathlib import Path

from .faults import BenchmarkFault
from .ports import HOST
from .server import Server

PROGRAM = Path(__file__).resolve().parents[2] / "vsmtp"

# What is not named here has its default: SQLite in WAL mode, synced before the 250.
_CONFIGURATION = """\
[server]
domain = "vsmtp.example"

[server.interfaces]
addr = ["{host}:{port}"]

[server.queues]
dirpath = "spool"

[server.delivery]
relayhost = "{host}:{sink}"

[server.dashboard]
addr = ""

[server.logs]
filepath = "log/vsmtp.log"

[app]
dirpath = "app"

[app.vsl]
filepath = "main.vsl"

[app.logs]
filepath = "log/app.log"
"""


class Vsmtp(Server):
    name = "Vsmtp"

    def version(self) -> str:
        return f"vsmtp {_run('--version').strip()}"

    def waiting(self) -> int:
        return len(json.loads(_run("queue", "list", "--json", "-c", self._configuration)))

    def _prepare(self) -> list[str]:
        self._configuration.write_text(_CONFIGURATION.format(host=HOST, port=self.port, sink=self._sink_port))
        (self.folder / "main.vsl").write_text("#{}\n")
        return [str(PROGRAM), "serve", "-c", str(self._configuration)]

    @property
    def _configuration(self) -> Path:
        return self.folder / "vsmtp.toml"


def build() -> None:
    """Builds what is missing; a fault with the compiler's words if that fails."""
    _run("--version")


def _run(*arguments) -> str:
    ended = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True)
    if ended.returncode != 0:
        raise BenchmarkFault(f"vsmtp {arguments[0]} ended with {ended.returncode}: {ended.stderr}")
    return ended.stdout
