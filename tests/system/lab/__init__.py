"""The laboratory of the end-to-end tests and of the demo: network namespaces around a real box.

    client  lan0 ---- lan  [ box: sekisho-fastpathd ]  wan ---- wan0  server
                            [ sekisho-slowpathd     ]  soc ---- soc0  soc (rsyslogd)

Everything a lab makes carries the lab's tag and is removed by the lab, also when a test fails: processes are
children that die with their parent, namespaces take their links with them.
"""
from .box import Box
from .namespaces import Lab, LabUnavailable
from .process import Process, wait_for
from .soc import Soc, parse_rfc5424
from .web import Web, curl, make_certificate

__all__ = ["Box", "Lab", "LabUnavailable", "Process", "Soc", "Web", "curl", "make_certificate", "parse_rfc5424",
           "wait_for"]
