"""A private Postfix: its own configuration, queue and data folders; the machine's own instance is not touched."""

import shutil
import subprocess

from .faults import BenchmarkFault
from .ports import HOST
from .server import Server

# What is not named here has Postfix' own default: queue file systems are synced before the 250, process limits, pauses.
_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {command_directory}
daemon_directory = {daemon_directory}
meta_directory = {meta_directory}
mail_owner = postfix
setgid_group = postdrop
myhostname = postfix.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [{host}]:{sink}
"""

# Postfix' master.cf.dist, without chroot (as it ships) and without the services that a relay does not use.
_MASTER = """\
{host}:{port} inet n - n - - smtpd
cleanup    unix  n - n - 0 cleanup
qmgr       unix  n - n 300 1 qmgr
tlsmgr     unix  - - n 1000? 1 tlsmgr
rewrite    unix  - - n - - trivial-rewrite
bounce     unix  - - n - 0 bounce
defer      unix  - - n - 0 bounce
trace      unix  - - n - 0 bounce
verify     unix  - - n - 1 verify
flush      unix  n - n 1000? 0 flush
proxymap   unix  - - n - - proxymap
proxywrite unix  - - n - 1 proxymap
smtp       unix  - - n - - smtp
relay      unix  - - n - - smtp
showq      unix  n - n - - showq
error      unix  - - n - - error
retry      unix  - - n - - error
discard    unix  - - n - - discard
anvil      unix  - - n - 1 anvil
scache     unix  - - n - 1 scache
"""

_WAITING = ("incoming", "active", "deferred", "hold", "maildrop")


class Postfix(Server):
    name = "Postfix"

    def version(self) -> str:
        return f"Postfix {_default('mail_version')}"

    def waiting(self) -> int:
        return sum(1 for queue in _WAITING for entry in (self.folder / "queue" / queue).rglob("*") if entry.is_file())

    def _more_main(self) -> str:
        """Further lines of main.cf."""
        return ""

    def _more_master(self) -> str:
        """Further lines of master.cf."""
        return ""

    def _prepare(self) -> list[str]:
        configuration, data = self.folder / "etc", self.folder / "data"
        for made in (configuration, self.folder / "queue", data):
            made.mkdir()
        shutil.chown(data, "postfix", "postfix")
        directories = {name: _default(name) for name in ("command_directory", "daemon_directory", "meta_directory")}
        (configuration / "main.cf").write_text(
            _MAIN.format(folder=self.folder, host=HOST, sink=self._sink_port, **directories) + self._more_main())
        (configuration / "master.cf").write_text(_MASTER.format(host=HOST, port=self.port) + self._more_master())
        checked = subprocess.run(["postfix", "-c", configuration, "check"], capture_output=True, text=True)
        if checked.returncode != 0:
            raise BenchmarkFault(f"postfix check: {checked.stderr}")
        return [f"{directories['daemon_directory']}/master", "-c", str(configuration), "-d"]


def _default(parameter: str) -> str:
    return subprocess.run(
        ["postconf", "-dhx", parameter], check=True, capture_output=True, text=True).stdout.strip()
