"""A SOC that cannot prove who it is receives nothing, and the box says so: in its status and with an alert of its own."""
import time
from pathlib import Path

from lab import Box, Soc, make_certificate, parse_rfc5424, wait_for
from lab.namespaces import SOC4
from lab.process import run
from support import BUILD, BoxTest, main, require

PORTS = {"expired": 7001, "not-yet": 7002, "other-name": 7003, "stranger": 7004}
WORDS = {"expired": "expired", "not-yet": "not yet valid", "other-name": "mismatch", "stranger": "self-signed"}
CLOSED = 7005
_AUTHORITY = """
[ca]
default_ca = lab
[lab]
new_certs_dir = {folder}
database = {folder}/index.txt
serial = {folder}/serial.txt
default_md = sha256
unique_subject = no
policy = any
[any]
organizationName = optional
commonName = supplied
"""


def dated_certificate(folder, name, names, begin, end):
    """A certificate of `ca` that is valid from begin to end (ASN.1 times)."""
    make_certificate(folder, name, names, authority="ca")  # gives key, request and extensions
    (folder / "index.txt").write_text("")
    (folder / "serial.txt").write_text(f"{PORTS[name]:X}\n")
    (folder / "ca.cnf").write_text(_AUTHORITY.format(folder=folder))
    run(["openssl", "ca", "-batch", "-config", folder / "ca.cnf", "-in", folder / f"{name}.csr", "-cert", folder / "ca.crt",
         "-keyfile", folder / "ca.key", "-startdate", begin, "-enddate", end, "-extfile", folder / f"{name}.ext",
         "-notext", "-out", folder / f"{name}.crt"])


class SocCertificate(BoxTest):
    @classmethod
    def prepare(cls):
        require("soc_feed")
        cls.soc = Soc(cls.lab)  # the one that is well
        folder = cls.soc.folder
        dated_certificate(folder, "expired", ["soc.example"], "20200101000000Z", "20210101000000Z")
        dated_certificate(folder, "not-yet", ["soc.example"], "20450101000000Z", "20460101000000Z")
        make_certificate(folder, "other-name", ["other.example"], authority="ca")
        make_certificate(folder, "stranger", ["soc.example"])
        for name, port in PORTS.items():
            cls.lab.start("soc", f"s_server-{name}", "openssl", "s_server", "-accept", f"{SOC4}:{port}", "-quiet",
                          "-cert", folder / f"{name}.crt", "-key", folder / f"{name}.key")
        bad = [{"name": name, "host": SOC4, "port": port, "transport": "tls", "ca_file": folder / "ca.crt",
                "server_name": "soc.example"} for name, port in PORTS.items()]
        closed = {"name": "closed", "host": SOC4, "port": CLOSED, "transport": "tcp"}
        settings = {"home_net": ["10.0.0.0/8"], "slowpath": {"soc_silence_minutes": 1}}
        cls.box = Box(cls.lab, rules=[], soc=[*cls.soc.targets(["tls"]), *bad, closed], settings=settings)
        cls.box.write_settings().start_slowpath()
        cls.lab.run("box", BUILD / "soc_feed", cls.box.folder / "run" / "events-0.ring", 0, 2)

    def own(self, kind):
        """What the good SOC heard of the box's own trouble."""
        facts = [next(v for k, v in parse_rfc5424(line)["data"].items() if k.startswith("sekisho")) for line in self.soc.lines("tls")]
        return [one for one in facts if one["class"] == kind]

    def test_1_refused_and_told_once(self):
        wait_for("an alert for each", lambda: {one["target"] for one in self.own("soc-certificate")} == set(PORTS), 30)
        time.sleep(5)  # tries go on; tellings do not
        told = self.own("soc-certificate")
        self.assertEqual(len(told), len(PORTS), told)
        for one in told:
            self.assertEqual((one["severity"], one["outcome"]), ("Medium", "blocked"))
            self.assertIn(WORDS[one["target"]], one["signature"])
        for target in self.box.slow_status()["soc"]:
            if target["name"] in PORTS:
                self.assertEqual(target["sent"], 0, target)
                self.assertTrue(target["certificate_refused"], target)
                self.assertGreater(target["failed"], 1, target)
        for name in PORTS:
            self.assertNotIn("sekisho", (Path(self.lab.folder) / f"s_server-{name}.log").read_text(errors="replace"))

    def test_2_both_tongues(self):
        line = next(line for line in self.soc.lines("tls") if 'class="soc-certificate"' in line)
        self.assertIn("証明書", line)
        self.assertIn("certificate of the alert receiver", line)

    def test_3_silence_is_told_once(self):
        wait_for("the alert", lambda: self.own("soc-silent"), 90)
        time.sleep(3)
        told = self.own("soc-silent")
        self.assertEqual([(one["target"], one["severity"]) for one in told], [("closed", "Medium")])


if __name__ == "__main__":
    main()
