"""A SOC's log server: a real rsyslogd that listens for syslog over UDP, TCP, TLS and RELP, and a strict RFC 5424 parser."""
import re
from pathlib import Path

from .namespaces import SOC4
from .process import wait_for
from .web import make_certificate

PORTS = {"udp": 5514, "tcp": 5601, "tls": 6514, "relp": 2514, "relp-tls": 2515}

# Each message is written as it came (%rawmsg%), one file per transport, so that a test sees what was sent.
_CONFIGURATION = """
global(workDirectory="{folder}/work" maxMessageSize="64k"
       parser.escapeControlCharactersOnReceive="off"
       defaultNetstreamDriverCAFile="{folder}/ca.crt"
       defaultNetstreamDriverCertFile="{folder}/soc.crt"
       defaultNetstreamDriverKeyFile="{folder}/soc.key")
template(name="raw" type="string" string="%rawmsg%\\n")
module(load="imudp")
module(load="imptcp")
module(load="imrelp" tls.tlslib="openssl")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
ruleset(name="udp") {{ action(type="omfile" file="{folder}/udp.log" template="raw" flushOnTXEnd="on") }}
ruleset(name="tcp") {{ action(type="omfile" file="{folder}/tcp.log" template="raw" flushOnTXEnd="on") }}
ruleset(name="tls") {{ action(type="omfile" file="{folder}/tls.log" template="raw" flushOnTXEnd="on") }}
ruleset(name="relp" queue.type="Direct") {{ action(type="omfile" file="{folder}/relp.log" template="raw" flushOnTXEnd="on") }}
ruleset(name="relp-tls" queue.type="Direct") {{ action(type="omfile" file="{folder}/relp-tls.log" template="raw" flushOnTXEnd="on") }}
input(type="imudp" port="{ports[udp]}" ruleset="udp")
input(type="imptcp" port="{ports[tcp]}" ruleset="tcp")
input(type="imtcp" port="{ports[tls]}" ruleset="tls")
input(type="imrelp" port="{ports[relp]}" ruleset="relp")
input(type="imrelp" port="{ports[relp-tls]}" ruleset="relp-tls" tls="on" tls.authMode="certvalid" tls.permittedPeer="*"
      tls.caCert="{folder}/ca.crt" tls.myCert="{folder}/soc.crt" tls.myPrivKey="{folder}/soc.key")
"""


class Soc:
    """rsyslogd in the soc namespace. Certificates: ca (signs), soc (the server's), box (the sender's).

    @param name   of its folder and its log; several may run beside each other
    @param shift  added to each port
    """

    def __init__(self, lab, name="soc", shift=0):
        self._lab = lab
        self._name = name
        self._ports = {transport: port + shift for transport, port in PORTS.items()}
        self.folder = Path(lab.folder) / name
        (self.folder / "work").mkdir(parents=True)
        make_certificate(self.folder, "ca", ["Sekisho lab authority"])
        make_certificate(self.folder, "soc", ["soc.example", SOC4], authority="ca")
        make_certificate(self.folder, "box", ["box.example"], authority="ca")
        configuration = self.folder / "rsyslog.conf"
        configuration.write_text(_CONFIGURATION.format(folder=self.folder, ports=self._ports))
        self._words = ["rsyslogd", "-n", "-i", "NONE", "-f", str(configuration)]
        self.start()

    def start(self):
        self.process = self._lab.start("soc", f"rsyslogd-{self._name}", *self._words)
        wait_for("rsyslogd", lambda: self.process.check_running() and self._listening(), seconds=20)

    def _listening(self):
        sockets = self._lab.run("soc", "ss", "-lntuH").stdout
        return all(f":{port} " in sockets for port in self._ports.values())

    def targets(self, transports=("udp", "tcp", "tls")):
        """The slow path's settings for these transports."""
        out = []
        for transport in transports:
            target = {"name": f"{self._name}-{transport}", "host": SOC4, "port": self._ports[transport], "transport": transport}
            if transport.endswith("tls"):
                target.update(ca_file=self.folder / "ca.crt", certificate_file=self.folder / "box.crt",
                              key_file=self.folder / "box.key", server_name="soc.example")
            out.append(target)
        return out

    def lines(self, transport):
        path = self.folder / f"{transport}.log"
        if not path.exists():
            return []
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line]


_NAME = r"[!-<>-\\^-~]{1,32}"          # SD-NAME: printable ASCII without = ] " and space
_PARAM = rf'({_NAME})="((?:[^"\\\]]|\\.)*)"'
_ELEMENT = rf"\[({_NAME})((?: {_PARAM})*)\]"
_HEADER = re.compile(
    r"<(0|[1-9][0-9]{0,2})>1 "
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})|-) "
    r"([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) ")


def parse_rfc5424(line):
    """RFC 5424 section 6 to the letter. @return dict of the header's parts, data {id: {name: value}} and text.
    ValueError says what is wrong."""
    header = _HEADER.match(line)
    if not header:
        raise ValueError(f"not an RFC 5424 header: {line[:120]!r}")
    priority, time, host, app, process, message_id = header.groups()
    if int(priority) > 191:
        raise ValueError(f"priority {priority} is above 191")
    rest, data = line[header.end():], {}
    if rest.startswith("-"):
        rest = rest[1:]
    else:
        while rest.startswith("["):
            element = re.match(_ELEMENT, rest)
            if not element:
                raise ValueError(f"structured data: {rest[:120]!r}")
            if element.group(1) in data:
                raise ValueError(f"structured data id twice: {element.group(1)}")
            data[element.group(1)] = {name: re.sub(r'\\(["\\\]])', r"\1", value)
                                      for name, value in re.findall(_PARAM, element.group(2))}
            rest = rest[element.end():]
        if not data:
            raise ValueError(f"no structured data: {rest[:120]!r}")
    if rest and not rest.startswith(" "):
        raise ValueError(f"no space before the message: {rest[:120]!r}")
    text = rest[1:].removeprefix("\ufeff")
    return {"facility": int(priority) // 8, "severity": int(priority) % 8, "time": time, "host": host, "app": app,
            "process": process, "message_id": message_id, "data": data, "text": text}
