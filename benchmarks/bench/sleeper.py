"""Our server with one service, which takes every mail and brings none back."""

from .ports import HOST
from .vsmtp import Vsmtp

_CONFIGURATION = """\
[server]
domain = "vsmtp.example"

[server.interfaces]
addr = ["{host}:{port}", "{host}:{receiver}"]

[server.queues]
dirpath = "spool"

[server.storage]
url = "{store}"

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

_RULES = """\
service keeper smtp = #{{
    delegator: #{{ address: "{host}:{sink}", timeout: "60s" }},
    receiver: "{host}:{receiver}",
    return_deadline: "{deadline}s",
    max_in_flight: 32,
}};

#{{
    postq: [ delegate keeper "sleep" || next() ],
}}
"""


class Sleeper(Vsmtp):
    """Mails that the service has are asleep until the return deadline, then absorbed and set aside (quarantine/delegation)."""

    def __init__(self, folder, port, sink_port, receiver_port, store, deadline):
        super().__init__(folder, port, sink_port)
        self._receiver_port, self._store, self._deadline = receiver_port, store, deadline

    def _prepare(self):
        command = super()._prepare()
        ports = {"host": HOST, "port": self.port, "sink": self._sink_port, "receiver": self._receiver_port}
        self._configuration.write_text(_CONFIGURATION.format(store=self._store, **ports))
        (self.folder / "main.vsl").write_text(_RULES.format(deadline=self._deadline, **ports))
        return command
