"""What must not pass is stopped, and tells why; the rest of the same server passes."""
import sys
from pathlib import Path

from lab import Box, Web, curl, wait_for
from lab.namespaces import CLIENT4, SERVER4
from support import BoxTest, main

LISTED, GOOD = "lucky-dice.example", "parts.example"
# In pieces, so that no virus scanner stops at this file.
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EI" + "CAR-STANDARD-ANTI" + "VIRUS-TEST-FILE!$H+H*"
INJECTION = "/item?id=1%27%20UNION%20SELECT%20name,password%20FROM%20users--"
_DNS = Path(__file__).with_name("dns.py")


class Blocking(BoxTest):
    @classmethod
    def prepare(cls):
        cls.web = Web(cls.lab, names=[GOOD, LISTED, f"www.{LISTED}"])
        cls.web.page("tool.com", EICAR.encode())
        cls.web.page("tool.com.txt", b"harmless")
        cls.box = Box(cls.lab, settings={"url": {"categories": {"gambling": "block", "news": "alert"}}})
        cls.box.category("gambling", [LISTED])
        cls.box.category("news", ["paper.example"])
        cls.box.start()
        cls.dns = cls.lab.start("server", "dns", sys.executable, "-B", str(_DNS), "serve", SERVER4)
        wait_for("the name server", lambda: "ready" in cls.dns.log())

    def good_page(self):
        page = curl(self.lab, f"http://{GOOD}/")
        self.assertEqual((page.code, page.status), (0, 200), page.said)

    def test_good_site_passes(self):
        self.good_page()
        self.assertEqual(curl(self.lab, f"https://{GOOD}/").status, 200)
        self.assertEqual(curl(self.lab, "http://paper.example/").status, 200, "a category that only alerts")

    def test_block_page(self):
        for name in (LISTED, f"www.{LISTED}", LISTED.upper()):
            page = curl(self.lab, f"http://{name}/roulette?x=1", "-H", "Accept-Language: en")
            self.assertEqual((page.code, page.status), (0, 403), f"{name}: {page.said}")
            self.assertIn("gambling", page.body.lower())
            self.assertIn("it@factory.example", page.body)
        japanese = curl(self.lab, f"http://{LISTED}/", "-H", "Accept-Language: ja")
        self.assertRegex(japanese.body, "[\u3041-\u3096]", "a Japanese page for a Japanese browser")
        self.assertFalse([line for line in self.web.requests() if "roulette" in line], "the server saw the request")
        self.good_page()

    def test_name_that_only_looks_alike_passes(self):
        self.assertEqual(curl(self.lab, f"http://not-{LISTED}/").status, 200)

    def test_tls_is_cut_at_the_server_name(self):
        cut = curl(self.lab, f"https://www.{LISTED}/")
        self.assertIn(cut.code, (35, 56), cut.said)
        self.assertEqual(curl(self.lab, f"https://{GOOD}/").status, 200)

    def test_tls_is_cut_with_the_name_over_many_segments(self):
        # A small maximum segment makes the kernel cut the ClientHello.
        cut = self.lab.run("client", sys.executable, "-B", str(_DNS), "tls", SERVER4, LISTED, check=False)
        self.assertIn("cut", cut.stdout, cut.stderr)
        through = self.lab.run("client", sys.executable, "-B", str(_DNS), "tls", SERVER4, GOOD, check=False)
        self.assertIn("through", through.stdout, through.stderr)

    def test_sql_injection_is_dropped(self):
        attack = curl(self.lab, f"http://{GOOD}{INJECTION}", seconds=3)
        self.assertNotEqual(attack.code, 0, "the injection was answered")
        self.assertFalse([line for line in self.web.requests() if "UNION" in line], "the server saw the injection")
        self.good_page()

    def test_eicar_is_dropped(self):
        virus = curl(self.lab, f"http://{GOOD}/tool.com", seconds=3)
        self.assertNotIn("STANDARD", virus.body)
        self.assertNotEqual(virus.code, 0)
        harmless = curl(self.lab, f"http://{GOOD}/tool.com.txt")
        self.assertEqual(harmless.body, "harmless")

    def ask(self, name, *words):
        done = self.lab.run("client", sys.executable, "-B", str(_DNS), "ask", SERVER4, name, *words, check=False)
        return done.stdout.strip()

    def test_listed_name_gets_the_boxs_answer(self):
        for transport in ([], ["tcp"]):
            with self.subTest(transport=transport or ["udp"]):
                self.assertEqual(self.ask(GOOD, *transport), "192.0.2.80")
        self.assertEqual(self.ask(f"www.{LISTED}"), "NXDOMAIN")
        self.assertFalse(f"www.{LISTED}" in self.dns.log(), "the name server saw the question")
        self.assertNotEqual(self.ask(f"www.{LISTED}", "tcp"), "192.0.2.80")

    def test_each_block_is_an_event(self):
        curl(self.lab, f"http://{LISTED}/told")
        log = self.box.folder / "log" / "events.json"
        wait_for("the event", lambda: log.exists() and f'"{LISTED}"' in log.read_text() and '"url"' in log.read_text())
        wait_for("the alert", lambda: [a for a in self.box.alerts() if CLIENT4 in str(a)])


if __name__ == "__main__":
    main()
