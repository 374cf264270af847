"""A private Postfix that sends each mail through a content filter, as its FILTER_README has the advanced one."""

from pathlib import Path

from .ports import HOST
from .postfix import Postfix

_MAIN = """\
content_filter = scan:[{host}]:{scanner}
receive_override_options = no_address_mappings
"""

# FILTER_README, "Advanced content filter example", with its options and as many processes as were asked for.
_MASTER = """\
scan       unix  -       -       n       -       {processes}      smtp
    -o smtp_send_xforward_command=yes
    -o disable_mime_output_conversion=yes
    -o smtp_generic_maps=
{host}:{back} inet n - n - {processes} smtpd
    -o content_filter=
    -o receive_override_options=no_unknown_recipient_checks,no_header_body_checks,no_milters
    -o smtpd_helo_restrictions=
    -o smtpd_client_restrictions=
    -o smtpd_sender_restrictions=
    -o smtpd_relay_restrictions=
    -o smtpd_recipient_restrictions=permit_mynetworks,reject
    -o mynetworks=127.0.0.0/8
    -o smtpd_authorized_xforward_hosts=127.0.0.0/8
"""

PROCESSES = 20


class FilteringPostfix(Postfix):
    def __init__(self, folder: Path, port: int, sink_port: int, scanner_port: int, back_port: int):
        super().__init__(folder, port, sink_port)
        self._ports = {"scanner": scanner_port, "back": back_port}

    def _more_main(self):
        return _MAIN.format(host=HOST, **self._ports)

    def _more_master(self):
        return _MASTER.format(host=HOST, processes=PROCESSES, **self._ports)
