"""Our server with one service, which takes every mail and brings none back."""

from .ports import HOST
from .vsmtp import Vsmtp

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
        super().__init__(folder, port, sink_port, store)
        self._receiver_port, self._deadline = receiver_port, deadline

    def _prepare(self):
        command = super()._prepare()
        rules = _RULES.format(host=HOST, sink=self._sink_port, receiver=self._receiver_port, deadline=self._deadline)
        self._configure([self.port, self._receiver_port], f'[server.storage]\nurl = "{self._store}"', rules)
        return command
