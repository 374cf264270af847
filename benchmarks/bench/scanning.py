"""Our server with the tutorial's rules, of which nothing is changed but the ports and that mail goes on to the relay host."""

import re
from pathlib import Path

from .faults import BenchmarkFault
from .ports import HOST
from .vsmtp import Vsmtp

_TUTORIAL = Path(__file__).resolve().parents[2] / "examples" / "clamav"
_DELIVERY = re.compile(r"\n    delivery: \[.*?\n    \],\n", re.DOTALL)


class ScanningVsmtp(Vsmtp):
    # The tutorial takes mail for its own domain, which is here the recipients'.
    domain = "sink.example"

    def __init__(self, folder: Path, port: int, sink_port: int, scanner_port: int, back_port: int):
        super().__init__(folder, port, sink_port)
        self._scanner_port, self._back_port = scanner_port, back_port

    def _prepare(self):
        command = super()._prepare()
        rules = _replace(_DELIVERY, "\n", (_TUTORIAL / "main.vsl").read_text())
        service = (_TUTORIAL / "service.vsl").read_text()
        service = _replace(re.compile(r'(address: )"127.0.0.1:10026"'), rf'\1"{HOST}:{self._scanner_port}"', service)
        service = _replace(re.compile(r'(receiver: )"127.0.0.1:10025"'), rf'\1"{HOST}:{self._back_port}"', service)
        (self.folder / "service.vsl").write_text(service)
        self._configure([self.port, self._back_port], self._tables, rules)
        return command


def _replace(pattern: re.Pattern[str], by: str, text: str) -> str:
    changed, count = pattern.subn(by, text)
    if count != 1:
        raise BenchmarkFault(f"the tutorial in {_TUTORIAL} has changed: {pattern.pattern!r} is in it {count} times")
    return changed
