"""QUIC with a real client and server (ngtcp2's gtlsclient and gtlsserver): a site that is blocked is not reached by UDP,
and what a client does then, TCP to the same name, is cut at once; the same server's other sites are untouched."""
import shutil
import time
import unittest

from lab import Box, Web, curl, wait_for
from lab.namespaces import CLIENT4, SERVER4
from support import BoxTest, main

LISTED, GOOD = "lucky-dice.example", "parts.example"


@unittest.skipUnless(shutil.which("gtlsclient") and shutil.which("gtlsserver"), "no ngtcp2-client, ngtcp2-server")
class Quic(BoxTest):
    @classmethod
    def prepare(cls):
        cls.web = Web(cls.lab, names=[GOOD, LISTED])
        cls.box = Box(cls.lab, rules=[], settings={"url": {"categories": {"gambling": "block"}}})
        cls.box.category("gambling", [LISTED])
        cls.box.start()
        cls.server = cls.lab.start("server", "quic", "gtlsserver", "-q", "-d", cls.web.pages, SERVER4, "443",
                                   cls.web.folder / "server.key", cls.web.folder / "server.crt")
        wait_for("the QUIC server", lambda: cls.server.check_running() and "document root" in cls.server.log())

    def fetch(self, name):
        """The page by HTTP/3, None when it did not come within two seconds."""
        folder = self.lab.folder / "downloads"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        # The client says the name that it was given as the host (its --sni does nothing beside an address), so the name
        # has to lead to the server: by a hosts file that it alone sees.
        hosts = self.lab.folder / "hosts"
        hosts.write_text(f"{SERVER4} {name}\n")
        self.lab.run("client", "unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', hosts,
                     "gtlsclient", "-q", "--exit-on-all-streams-close", "--timeout=2s", "--handshake-timeout=2s",
                     f"--download={folder}", name, "443", f"https://{name}/index.html", check=False, timeout=20)
        page = folder / "index.html"
        return page.read_text() if page.exists() and page.stat().st_size else None

    def test_blocked_by_its_name(self):
        self.assertIn("Parts list", self.fetch(GOOD) or "", "another site of the same server")
        self.assertIsNone(self.fetch(f"www.{LISTED}"))
        self.assertIn("Parts list", self.fetch(GOOD) or "", "still")

    def test_tcp_is_what_is_left(self):
        self.assertIsNone(self.fetch(LISTED))
        began = time.monotonic()
        self.assertIn(curl(self.lab, f"https://{LISTED}/").code, (35, 56))
        self.assertLess(time.monotonic() - began, 1.0)
        said = wait_for("the decision", lambda: (t := self.box.cli("why", CLIENT4, LISTED).stdout) and "incident" in t and t)
        self.assertIn("gambling", said)


if __name__ == "__main__":
    main()
