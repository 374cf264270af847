"""Our server: the Release build, one process, SQLite or another store, no rules."""

import json
import os
import subprocess
from pathlib import Path

from .faults import BenchmarkFault
from .ports import HOST
from .server import Server

_COMMAND = Path(__file__).resolve().parents[2] / "vsmtp"

# What is not named here has its default: SQLite in WAL mode, synced before the 250.
_CONFIGURATION = """\
[server]
domain = "{domain}"

[server.interfaces]
addr = {addresses}

[server.queues]
dirpath = "spool"

{more}

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
    domain = "vsmtp.example"

    def __init__(self, folder: Path, port: int, sink_port: int, store: str = ""):
        """`store`: its URL; without one, SQLite in the server's own folder."""
        super().__init__(folder, port, sink_port)
        self._store = store

    def version(self) -> str:
        return f"vsmtp {_run(self._program, '--version').strip()}"

    def waiting(self) -> int:
        return len(json.loads(_run(self._program, "queue", "list", "--json", "-c", self._configuration)))

    def _prepare(self) -> list[str]:
        self._configure([self.port], self._tables, "#{}\n")
        return [str(_COMMAND), "serve", "-c", str(self._configuration)]

    def _configure(self, ports, more: str, rules: str) -> None:
        """Writes configuration and rules; `more` is further tables of the configuration."""
        addresses = json.dumps([f"{HOST}:{port}" for port in ports])
        self._configuration.write_text(_CONFIGURATION.format(domain=self.domain, addresses=addresses, more=more))
        (self.folder / "main.vsl").write_text(rules)

    @property
    def _tables(self) -> str:
        """Where mail goes and where it is kept."""
        storage = f'\n\n[server.storage]\nurl = "{self._store}"' if self._store else ""
        return f'[server.delivery]\nrelayhost = "{HOST}:{self._sink_port}"{storage}'

    @property
    def _program(self) -> str:
        # Not the command at the root: that would build anew if a source changed during the run.
        return os.readlink(f"/proc/{self.pid}/exe")

    @property
    def _configuration(self) -> Path:
        return self.folder / "vsmtp.toml"


def build() -> None:
    """Builds what is missing; a fault with the compiler's words if that fails."""
    _run(_COMMAND, "--version")


def _run(program: str | Path, *arguments: str | Path) -> str:
    ended = subprocess.run([program, *arguments], capture_output=True, text=True)
    if ended.returncode != 0:
        raise BenchmarkFault(f"vsmtp {arguments[0]} ended with {ended.returncode}: {ended.stderr}")
    return ended.stdout
