"""A real rsyslogd gets each alert once, over UDP, TCP, RELP and TLS with verified certificates, as RFC 5424 has it."""
import collections

from lab import Box, Soc, Web, curl, make_certificate, parse_rfc5424, wait_for
from support import BoxTest, main

ALERTS = 5
TRANSPORTS = ("udp", "tcp", "tls", "relp", "relp-tls")
SEVERITY_OF = {"High": 1, "Medium": 4, "Low": 5}
RULES = "".join(
    f'alert http any any -> any any (msg:"marked {n} \\"quoted\\" [in] 日本語"; flow:established,to_server; http.uri; '
    f'content:"/mark-{n}"; classtype:trojan-activity; sid:{5000 + n};)\n' for n in range(ALERTS + 2))


class Syslog(BoxTest):
    @classmethod
    def prepare(cls):
        cls.soc = Soc(cls.lab)
        # Two more targets whose certificates we must not believe.
        make_certificate(cls.soc.folder, "stranger", ["somebody else"])
        cls.wrong = [dict(target, name=f"{target['name']}-wrong", ca_file=cls.soc.folder / "stranger.crt")
                     for target in cls.soc.targets(["tls", "relp-tls"])]
        cls.box = Box(cls.lab, rules=[], local=RULES, soc=[*cls.soc.targets(TRANSPORTS), *cls.wrong]).start()
        cls.web = Web(cls.lab)

    def messages(self, transport):
        """What a receiver got of the marks; the box's own alerts about the wrong certificates are soc_certificate_test's."""
        return [parse_rfc5424(line) for line in self.soc.lines(transport) if 'class="soc-certificate"' not in line]

    def test_1_each_alert_once(self):
        for number in range(ALERTS):
            self.assertEqual(curl(self.lab, f"http://shop.example/mark-{number}").status, 404)
        wait_for("the alerts on the box", lambda: len(self.box.alerts()) >= ALERTS + len(self.wrong))
        for transport in TRANSPORTS:
            with self.subTest(transport=transport):
                wait_for(f"the alerts over {transport}", lambda t=transport: len(self.messages(t)) >= ALERTS, 20)
                messages = self.messages(transport)
                seen = collections.Counter()
                for message in messages:
                    facts = next(v for k, v in message["data"].items() if k.startswith("sekisho"))
                    seen[facts["alert"], facts["telling"]] += 1
                    self.assertEqual(message["severity"], SEVERITY_OF[facts["severity"]])
                    self.assertEqual(message["host"], "box.example")
                    self.assertEqual(message["message_id"], facts["severity"].upper())
                    self.assertTrue(message["text"])
                self.assertEqual(set(seen.values()), {1}, "told more than once")
                self.assertEqual(len({alert for alert, _ in seen}), ALERTS)

    def test_2_wrong_certificate_gets_nothing(self):
        for target in (t for t in self.box.slow_status()["soc"] if t["name"].endswith("-wrong")):
            self.assertEqual(target["sent"], 0, target)
            self.assertIn("certificate", target["last_error"].lower())

    def test_3_soc_away_and_back(self):
        self.soc.process.close()
        curl(self.lab, f"http://shop.example/mark-{ALERTS}")
        wait_for("the alert on the box", lambda: len(self.box.alerts()) >= ALERTS + len(self.wrong) + 1)
        self.soc.start()
        for transport in ("tcp", "tls", "relp", "relp-tls"):
            wait_for(f"what waited, over {transport}", lambda t=transport: any(
                f"/mark-{ALERTS}" in line or f"marked {ALERTS}" in line for line in self.soc.lines(t)), 60)
            told = [line for line in self.soc.lines(transport) if f"marked {ALERTS}" in line]
            self.assertEqual(len(told), 1, "each alert once")


if __name__ == "__main__":
    main()
