"""Servers with one domain whose far end answers 4yz, so that its mails wait in the queue while all others go on."""

from pathlib import Path

from .ports import HOST
from .postfix import Postfix
from .stores import PostgresStore, SqliteStore
from .vsmtp import Vsmtp

DOMAIN = "waiting.example"

# Longer than any benchmark: what is measured is that mails wait, and not that they are tried again. How often Postfix looks through
# its deferred queue (queue_run_delay) is left as it is.
_PAUSE_HOURS = 4

_MAIN = """\
transport_maps = inline:{{ {{ {domain} = smtp:[{host}]:{refuser} }} }}
minimal_backoff_time = {hours}h
maximal_backoff_time = {hours}h
"""

_RULES = """\
#{{
    rcpt: [
        rule "whose far end is not ready" || {{
            if rcpt().domain == "{domain}" {{ forward(rcpt(), "{host}:{refuser}"); }}
            next()
        }},
    ],
}}
"""

_NOT_ENDED = "SELECT count(*) FROM mail WHERE ended_at IS NULL"
_DEFERRED = "SELECT count(*) FROM mail WHERE queue = 'deferred'"


class DeferringPostfix(Postfix):
    def __init__(self, folder: Path, port: int, sink_port: int, refuser_port: int):
        super().__init__(folder, port, sink_port)
        self._refuser_port = refuser_port

    def deferred(self) -> int:
        """Mails that have been tried and wait."""
        return sum(1 for entry in (self.folder / "queue" / "deferred").rglob("*") if entry.is_file())

    def _more_main(self):
        return _MAIN.format(domain=DOMAIN, host=HOST, refuser=self._refuser_port, hours=_PAUSE_HOURS)


class DeferringVsmtp(Vsmtp):
    def __init__(self, folder: Path, port: int, sink_port: int, refuser_port: int, base: SqliteStore | PostgresStore):
        super().__init__(folder, port, sink_port, base.url)
        self._refuser_port, self._base = refuser_port, base

    def waiting(self) -> int:
        # Not by the command, which makes a text of each mail.
        return self._base.rows(_NOT_ENDED)[0][0]

    def deferred(self) -> int:
        """Mails that have been tried and wait."""
        return self._base.rows(_DEFERRED)[0][0]

    def _prepare(self):
        command = super()._prepare()
        rules = _RULES.format(domain=DOMAIN, host=HOST, refuser=self._refuser_port)
        pause = f'[server.queues.delivery]\ndeferred_retry_period = "{_PAUSE_HOURS}h"'
        self._configure([self.port], f"{self._tables}\n\n{pause}", rules)
        return command
