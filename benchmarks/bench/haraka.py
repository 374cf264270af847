"""A private Haraka as a relay: its own configuration and queue; mails are queued on disk and then sent by its outbound."""

import subprocess
from pathlib import Path

from . import haraka_package
from .faults import BenchmarkFault
from .ports import HOST
from .server import Server

NODES = 1
"""What it ships with."""

_SMTP = """\
listen={host}:{port}
nodes={nodes}
"""

# At Haraka's default of 10,000 for each process there are more connections than smtp-sink takes (256).
_DELIVERIES = 100
_OUTBOUND = """\
concurrency_max={concurrency}
enable_tls=false
"""

# The one plugin: who may relay, where to, and no look-up in the DNS. Without a plugin for `queue`, a relayed mail goes to outbound,
# whose queue is on disk.
_RELAY = """\
exports.hook_lookup_rdns = (next) => next(OK, 'client.example')

exports.hook_connect = (next, connection) => {{
    connection.relaying = connection.remote.ip === '127.0.0.1'
    next()
}}

exports.hook_mail = (next) => next(OK)

exports.hook_rcpt = (next) => next(OK)

exports.hook_get_mx = (next) => next(OK, {{ priority: 0, exchange: '{host}', port: {sink} }})
"""


class Haraka(Server):
    name = "Haraka"

    def __init__(self, folder: Path, port: int, sink_port: int, nodes: int = NODES):
        """`nodes`: its processes that do the work. Beside them is one that takes the connections and hands them on."""
        super().__init__(folder, port, sink_port)
        self._nodes = nodes

    def version(self) -> str:
        return f"Haraka {haraka_package.VERSION} on Node.js {haraka_package.node_version()}"

    def waiting(self) -> int:
        return sum(1 for entry in (self.folder / "queue").iterdir() if entry.is_file())

    def _prepare(self) -> list[str]:
        command = haraka_package.command()
        files = {
            "config/smtp.ini": _SMTP.format(host=HOST, port=self.port, nodes=self._nodes),
            "config/outbound.ini": _OUTBOUND.format(concurrency=max(1, _DELIVERIES // self._nodes)),
            "config/plugins": "everything_goes_on\n",
            "config/me": "haraka.example\n",
            "config/log.ini": "level=warn\nformat=default\n",
            "plugins/everything_goes_on.js": _RELAY.format(host=HOST, sink=self._sink_port),
        }
        # What `haraka -i` writes is what every installation begins with.
        made = subprocess.run([*command, "-i", self.folder], capture_output=True, text=True)
        if made.returncode != 0:
            raise BenchmarkFault(f"haraka -i: {made.stderr}")
        (self.folder / "queue").mkdir()
        for path, text in files.items():
            (self.folder / path).write_text(text)
        return [*command, "-c", str(self.folder)]
