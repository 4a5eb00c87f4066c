"""Logs of other makers: logger and a real rsyslogd forward into the slow path, the alert comes out at the SOC."""
import sys
from pathlib import Path

from lab import Box, Soc, parse_rfc5424, wait_for
from lab.namespaces import BOX_SOC4, SOC4
from lab.web import make_certificate
from support import SOURCE, BoxTest, main

UDP, TCP, TLS = 10514, 10601, 16514
SAMPLES = SOURCE / "tests" / "foreign" / "corpus" / "line"

# A relay as a firm would run it: what it is given over a file goes on to the box, over TLS with its certificate.
_FORWARD = """
global(workDirectory="{folder}/work" defaultNetstreamDriverCAFile="{folder}/ca.crt"
       defaultNetstreamDriverCertFile="{folder}/{identity}.crt" defaultNetstreamDriverKeyFile="{folder}/{identity}.key")
module(load="imfile" mode="inotify")
input(type="imfile" file="{folder}/{identity}.in" tag="relay" ruleset="on")
template(name="raw" type="string" string="<134>1 %timereported:::date-rfc3339% relay ids - - - %msg%\\n")
ruleset(name="on") {{ action(type="omfwd" target="{box}" port="{port}" protocol="tcp" template="raw" TCP_Framing="octet-counted"
    streamDriver="ossl" streamDriverMode="1" streamDriverAuthMode="x509/certvalid") }}
"""


def sample(name):
    """A sample line without its syslog header, as logger and rsyslog put their own before it."""
    text = (SAMPLES / f"{name}.log").read_text().strip()
    return text.split(">", 1)[1] if text.startswith("<") else text


class Logs(BoxTest):
    @classmethod
    def prepare(cls):
        cls.soc = Soc(cls.lab)
        folder = cls.soc.folder
        make_certificate(folder, "listener", ["box.example", BOX_SOC4], authority="ca")
        make_certificate(folder, "relay", ["relay.example"], authority="ca")
        make_certificate(folder, "stranger", ["somebody else"])
        cls.lab.run("soc", "ip", "address", "add", "10.99.0.9/24", "dev", "soc0")  # nobody the settings name
        logs = {"udp": f"{BOX_SOC4}:{UDP}", "tcp": f"{BOX_SOC4}:{TCP}", "tls": f"{BOX_SOC4}:{TLS}", "rate": 500,
                "senders": [{"network": SOC4}], "makers": SOURCE / "rules" / "log-makers.yaml",
                "certificate_file": folder / "listener.crt", "key_file": folder / "listener.key", "ca_file": folder / "ca.crt"}
        cls.box = Box(cls.lab, rules=[], soc=cls.soc.targets(["tcp"]), settings={"logs": logs})
        cls.box.write_settings().start_slowpath()

    def status(self):
        return self.box.slow_status()["logs"]

    def sender(self):
        return (self.status()["senders"] or [{}])[0]

    def send(self, port, octets, source=SOC4):
        """Octets as they are: one datagram, or a connection of its own."""
        path = Path(self.lab.folder) / "octets"
        path.write_bytes(octets)
        kind = "SOCK_DGRAM" if port == UDP else "SOCK_STREAM"
        script = (f"import socket; s = socket.socket(socket.AF_INET, socket.{kind}); s.bind(({source!r}, 0)); "
                  f"s.connect(({BOX_SOC4!r}, {port})); s.sendall(open({str(path)!r}, 'rb').read()); s.close()")
        self.lab.run("soc", sys.executable, "-c", script)

    def told(self, words):
        """Alerts at the SOC whose structured data holds all the words."""
        found = []
        for line in self.soc.lines("tcp"):
            facts = next(v for k, v in parse_rfc5424(line)["data"].items() if k.startswith("sekisho"))
            if all(word in " ".join(facts.values()) for word in words):
                found.append(facts)
        return found

    def log(self, line, *options):
        self.lab.run("soc", "logger", "-n", BOX_SOC4, *options, "-t", "fw", "--rfc3164", line)

    def forward(self, identity, line):
        folder = self.soc.folder
        (folder / f"{identity}.in").write_text("")
        conf = folder / f"{identity}.conf"
        conf.write_text(_FORWARD.format(folder=folder, identity=identity, box=BOX_SOC4, port=TLS))
        daemon = self.lab.start("soc", f"rsyslogd-{identity}", "rsyslogd", "-n", "-i", "NONE", "-f", str(conf))
        with open(folder / f"{identity}.in", "a") as file:
            file.write(line + "\n")
        return daemon

    def test_1_udp_and_tcp(self):
        self.log(sample("fortigate-ips"), "-d", "-P", str(UDP))
        wait_for("the attack at the SOC", lambda: self.told(["web-attack", "192.168.1.80"]), 20)
        attack = self.told(["web-attack", "192.168.1.80"])[0]
        self.assertEqual((attack["severity"], attack["outcome"], attack["direction"]), ("High", "blocked", "inbound"))
        self.assertIn(f"reported by FortiGate at {SOC4}", attack["reason"])
        self.log(sample("watchguard-web"), "-T", "-P", str(TCP), "--octet-count")
        self.log(sample("squid-denied").split("]: ", 1)[1], "-T", "-P", str(TCP))
        wait_for("the bot at the SOC", lambda: self.told(["botnet", "192.168.1.5"]), 20)
        self.assertEqual(self.told(["botnet", "192.168.1.5"])[0]["severity"], "Medium")
        wait_for("the denied site", lambda: self.told([f"squid at {SOC4}"]), 20)

    def test_2_rsyslog_over_tls(self):
        relay = self.forward("relay", sample("suricata-flow").replace('"flow",', '"alert","alert":{"action":"blocked",'
                             '"signature_id":9,"signature":"bot","category":"Malware Command and Control Activity Detected"},', 1))
        wait_for("Suricata's alert at the SOC", lambda: self.told([f"Suricata at {SOC4}"]), 30)
        alert = self.told([f"Suricata at {SOC4}"])[0]
        self.assertEqual((alert["class"], alert["severity"], alert["outcome"]), ("command-and-control", "High", "blocked"))
        relay.close()

    def test_3_strangers_get_nowhere(self):
        before = self.status()["tls_refused"]
        stranger = self.forward("stranger", sample("leef"))
        wait_for("the refusal", lambda: self.status()["tls_refused"] > before, 30)
        stranger.close()
        refused = self.status()["refused"]
        self.send(UDP, sample("leef").encode(), source="10.99.0.9")
        wait_for("the count", lambda: self.status()["refused"] > refused, 10)
        self.assertFalse(self.told(["LEEF at"]))

    def test_4_floods_and_rubbish_are_counted(self):
        before = self.sender()
        self.send(TCP, b"999999 x" + bytes(range(256)) * 200)
        self.send(TCP, b"<14>what is this\n" * 5000)
        wait_for("the lines", lambda: self.sender()["messages"] >= before["messages"] + 5000, 30)
        after = self.sender()
        self.assertGreater(after["over_rate"], before["over_rate"])
        self.assertGreater(after["unknown"], before["unknown"])
        self.slowpath_lives()

    def slowpath_lives(self):
        self.box.slowpathd.check_running()
        self.assertGreaterEqual(self.status()["too_long"], 1)


if __name__ == "__main__":
    main()
