"""A second SOC: syslog-ng, over TCP and TLS. Its Debian package cannot stand beside rsyslog's, so it may be unpacked:

    apt-get download syslog-ng-core libivykis0 && for i in *.deb; do dpkg -x $i FOLDER; done
    SEKISHO_SYSLOG_NG=FOLDER ctest ...
"""
import os
import shutil
from pathlib import Path

from .namespaces import SOC4
from .process import wait_for

PORTS = {"ng-tcp": 5701, "ng-tls": 5702}

# no-parse: each message is written as it came. use-fqdn and the like stay out of it.
_CONFIGURATION = """@version: 3.38
options {{ log-msg-size(65536); log-fifo-size(20000); flush-lines(1); stats-freq(0); create-dirs(no); }};
source s_tcp {{ syslog(ip("0.0.0.0") port({ports[ng-tcp]}) transport("tcp") flags(no-parse) max-connections(10) log-iw-size(1000)); }};
source s_tls {{ syslog(ip("0.0.0.0") port({ports[ng-tls]}) transport("tls") flags(no-parse) max-connections(10) log-iw-size(1000)
    tls(key-file("{folder}/soc.key") cert-file("{folder}/soc.crt") ca-file("{folder}/ca.crt") peer-verify(required-trusted))); }};
destination d_tcp {{ file("{folder}/ng-tcp.log" template("$MSG\\n")); }};
destination d_tls {{ file("{folder}/ng-tls.log" template("$MSG\\n")); }};
log {{ source(s_tcp); destination(d_tcp); flags(flow-control); }};
log {{ source(s_tls); destination(d_tls); flags(flow-control); }};
"""


def find():
    """The command and its environment, or None."""
    folder = os.environ.get("SEKISHO_SYSLOG_NG")
    if folder:
        root = Path(folder)
        libraries = [path.parent for name in ("libsyslog-ng-*.so.0", "libivykis.so.0") for path in root.glob(f"usr/lib/**/{name}")]
        modules = [path.parent for path in root.glob("usr/lib/syslog-ng/*/libafsocket.so")]
        if not (libraries and modules):
            raise RuntimeError(f"SEKISHO_SYSLOG_NG={folder}: no syslog-ng-core is unpacked there")
        words = [root / "usr/sbin/syslog-ng", "--module-path", modules[0]]
        return words, dict(os.environ, LD_LIBRARY_PATH=":".join(map(str, libraries)))
    program = shutil.which("syslog-ng", path="/usr/sbin:/usr/bin")
    return ([program], None) if program else None


class SyslogNg:
    """In the soc namespace, with the certificates of `soc` (lab.soc.Soc), into the same folder."""

    def __init__(self, lab, soc):
        found = find()
        if not found:
            raise FileNotFoundError("no syslog-ng: see lab/syslog_ng.py")
        self._lab, self.folder = lab, soc.folder
        configuration = self.folder / "syslog-ng.conf"
        configuration.write_text(_CONFIGURATION.format(folder=self.folder, ports=PORTS))
        words, self._environment = found
        state = [f"--{name}={self.folder}/ng.{name}" for name in ("persist-file", "pidfile", "control")]
        self._words = [*words, "-F", "--no-caps", "-f", configuration, *state]
        self.start()

    def start(self):
        self.process = self._lab.start("soc", "syslog-ng", *self._words, env=self._environment)
        wait_for("syslog-ng", lambda: self.process.check_running() and self._listening(), seconds=20)

    def _listening(self):
        sockets = self._lab.run("soc", "ss", "-lntH").stdout
        return all(f":{port} " in sockets for port in PORTS.values())

    def targets(self):
        """The slow path's settings."""
        tls = {"ca_file": self.folder / "ca.crt", "certificate_file": self.folder / "box.crt", "key_file": self.folder / "box.key",
               "server_name": "soc.example"}
        return [{"name": f"soc-{name}", "host": SOC4, "port": port, "transport": name.removeprefix("ng-"),
                 **(tls if name == "ng-tls" else {})} for name, port in PORTS.items()]
