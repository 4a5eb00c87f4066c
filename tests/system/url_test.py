"""The URL filter with real clients: curl over HTTP/1.1, HTTP/2 and IPv6, dig, Chromium; lists fetched and exchanged under
traffic; and the answers to "why?"."""
import io
import json
import os
import re
import shutil
import sys
import tarfile
import threading
import time
import unittest
from pathlib import Path

from lab import Box, Web, curl, wait_for
from lab.namespaces import CLIENT4, SERVER4, SERVER6
from lab.web import make_certificate
from support import SOURCE, BoxTest, Stream, main

LISTED, WARNED, GOOD, ADS = "lucky-dice.example", "time-waster.example", "parts.example", "banner.example"
_DNS = Path(__file__).with_name("dns.py")
SWITCHES = 100
KIB_OF_FLOW = 12


def archive(lists):
    """A tar.gz of category -> domains."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for category, domains in lists.items():
            data = "".join(f"{name}\n" for name in domains).encode()
            member = tarfile.TarInfo(f"blacklists/{category}/domains")
            member.size, member.mtime = len(data), 1_700_000_000
            tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def resident_kb(pid):
    return int(re.search(r"RssAnon:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1))


class Urls(BoxTest):
    @classmethod
    def prepare(cls):
        cls.web = Web(cls.lab, names=[GOOD, LISTED, WARNED, ADS])
        cls.lists = Web(cls.lab, names=["10.99.0.2"], where="soc")
        cls.database = cls.lab.folder / "box" / "state" / "urls.db"
        cls.box = Box(cls.lab, rules=[], settings={"url": {
            "categories": {"gambling": "block", "leisure": "warn", "adware": "block", "far": "block"},
            "database": cls.database,
            "ca_file": cls.lists.certificate,
            "sources": [{"name": "remote", "from": "https://10.99.0.2/lists.tar.gz"}],
            "rules": [{"name": "lab-closed", "groups": ["lab"], "categories": ["unlisted"], "action": "block",
                       "hours": "00:00-24:00", "reason": "only what is listed"}],
            "groups": [{"name": "lab", "clients": ["192.168.10.77"]}],
        }})
        cls.box.category("gambling", [LISTED])
        cls.box.category("leisure", [WARNED])
        cls.box.category("adware", [ADS])
        cls.box.start()
        cls.dns = cls.lab.start("server", "dns", sys.executable, "-B", str(_DNS), "serve", SERVER4)
        wait_for("the name server", lambda: "ready" in cls.dns.log())

    def good(self, **more):
        self.assertEqual(curl(self.lab, f"http://{GOOD}/", **more).status, 200)
        self.assertEqual(curl(self.lab, f"https://{GOOD}/", **more).status, 200)

    def test_blocked_over_each_protocol_and_family(self):
        for address in (SERVER4, SERVER6):
            with self.subTest(address=address):
                page = curl(self.lab, f"http://{LISTED}/", "--http1.1", address=address)
                self.assertEqual((page.code, page.status), (0, 403), page.said)
                for version in ("--http1.1", "--http2"):
                    began = time.monotonic()
                    cut = curl(self.lab, f"https://www.{LISTED}/", version, address=address)
                    took = time.monotonic() - began
                    self.assertIn(cut.code, (35, 56), cut.said)
                    self.assertLess(took, 1.0, "the client has to hear of it at once")
                    self.assertEqual(curl(self.lab, f"https://{GOOD}/", version, address=address).status, 200,
                                     "another site of the same server")
                self.good(address=address)

    @unittest.skipUnless(shutil.which("dig"), "no dig")
    def test_dig_gets_nxdomain(self):
        for words in ([], ["+tcp"]):
            said = self.lab.run("client", "dig", f"@{SERVER4}", "+tries=1", "+time=3", *words, f"www.{LISTED}", check=False).stdout
            self.assertIn("status: NXDOMAIN", said)
            good = self.lab.run("client", "dig", f"@{SERVER4}", "+tries=1", "+time=3", "+noedns", "+short", *words, GOOD, check=False).stdout
            self.assertEqual(good.strip(), "192.0.2.80")

    def test_certificate_speaks_where_the_hello_is_silent(self):
        folder = self.lab.folder
        make_certificate(folder, "listed", [LISTED, f"www.{LISTED}"])
        server = self.lab.start("server", "s_server", "openssl", "s_server", "-accept", f"{SERVER4}:8443", "-www",
                                "-cert", folder / "listed.crt", "-key", folder / "listed.key")
        wait_for("the TLS server", lambda: server.check_running() and "ACCEPT" in server.log())
        self.assertIn(curl(self.lab, f"https://{SERVER4}:8443/", "--tls-max", "1.2").code, (35, 52, 56))
        # nginx's certificate names good sites, too: nobody can tell which is meant.
        self.assertEqual(curl(self.lab, f"https://{SERVER4}/", "--tls-max", "1.2").status, 200)

    def test_warning_is_passed_once(self):
        page = curl(self.lab, f"http://{WARNED}/", "-H", "Accept-Language: en")
        self.assertEqual(page.status, 403)
        link = re.search(r'href="([^"]+)"', page.body).group(1)
        jar = self.lab.folder / "cookies"
        on = curl(self.lab, f"http://{WARNED}{link}", "-L", "-c", jar, "-b", jar)
        self.assertEqual(on.status, 200, on.body)
        self.assertEqual(curl(self.lab, f"http://{WARNED}/", "-b", jar).status, 200)
        self.assertEqual(curl(self.lab, f"http://{WARNED}/").status, 403)

    def test_why_finds_the_incident(self):
        page = curl(self.lab, f"http://www.{LISTED}/story?x=1", "-H", "Accept-Language: en")
        number = re.search(r"Incident number<dd>(\d+)", page.body).group(1)
        said = wait_for("the decision", lambda: (t := self.box.cli("why", number).stdout) and "incident" in t and t)
        for part in (number, CLIENT4, f"www.{LISTED}/story?x=1", "block (blocked)", "gambling", "lab/gambling/domains:1",
                     f"sekisho url allow www.{LISTED} --for 1h"):
            self.assertIn(part, said)
        by_site = self.box.cli("why", CLIENT4, LISTED, "2030-01-01", "--json").stdout
        self.assertIn(f'"incident":{number}', by_site)
        self.assertIn("neither stopped nor told", self.box.cli("why", "192.168.10.99", LISTED).stdout)

    def test_advertising_is_counted_not_alerted(self):
        for _ in range(3):
            curl(self.lab, f"http://{ADS}/")

        def counted():
            lines = [json.loads(line) for line in self.box.cli("url", "stats", "--json").stdout.splitlines()]
            return sum(line["stopped"] for line in lines if line["category"] == "adware" and line["client"] == CLIENT4) >= 3
        wait_for("the counters", counted)
        self.assertFalse([alert for alert in self.box.alerts() if ADS in str(alert)])

    def test_allow_for_a_time(self):
        self.assertEqual(curl(self.lab, f"http://{LISTED}/").status, 403)
        self.box.cli("url", "allow", LISTED, "--for", "1h", "--reason", "the fair")
        self.addCleanup(self.box.cli, "url", "remove", LISTED, check=False)
        self.assertEqual(curl(self.lab, f"http://{LISTED}/").status, 200)
        self.assertIn("the fair", self.box.cli("url", "list").stdout)
        self.box.cli("url", "remove", LISTED)
        self.assertEqual(curl(self.lab, f"http://{LISTED}/").status, 403)

    def test_test_and_categories(self):
        said = json.loads(self.box.cli("url", "test", f"https://www.{LISTED}/x", "--json").stdout)
        self.assertEqual((said["action"], said["category"], said["registrable"]), ("block", "gambling", LISTED))
        self.assertIn("since", said["all"][0])
        other = json.loads(self.box.cli("url", "test", "any.example", "--client", "192.168.10.77", "--json").stdout)
        self.assertEqual((other["action"], other["rule"]), ("block", "lab-closed"))
        self.assertIn("gambling", self.box.cli("url", "categories").stdout)

    def update(self):
        done = self.box.cli("url", "update", "--json", check=False)
        line = next(line for line in done.stdout.splitlines() if '"list":"remote"' in line)
        return done.returncode, json.loads(line)

    def test_lists_from_a_server(self):
        names = [f"far{number}.example" for number in range(100)]
        target = self.lists.pages / "lists.tar.gz"
        target.write_bytes(archive({"far": [*names, "bad..name"]}))
        code, first = self.update()
        self.assertEqual((code, first["taken"], first["entries"], first["rejected"]), (0, True, 100, 1), first)
        self.assertIn("remote/far/domains:101:", (self.database.with_name("urls.db.rejected")).read_text())
        self.assertEqual(curl(self.lab, "http://far7.example/").status, 403)
        self.assertTrue(self.update()[1]["unchanged"], "the server says that it is the same")

        whole = archive({"far": [f"other{number}.example" for number in range(200)]})
        for name, content, why in (("shrunken", archive({"far": names[:20]}), "shrunk"), ("cut off", whole[:len(whole) // 2], "damaged"),
                                   ("no list", b"<html>moved</html>", "single list")):
            with self.subTest(name):
                target.write_bytes(content)
                code, kept = self.update()
                self.assertEqual((code, kept["taken"], kept["entries"]), (1, False, 100), kept)
                self.assertIn(why, kept["trouble"])
                self.assertEqual(curl(self.lab, "http://far7.example/").status, 403, "the last good one stays")
        target.unlink()
        self.assertEqual(self.update()[0], 1)
        for url, why in (("https://10.99.0.2/loop", "redirects"), ("http://10.99.0.2/lists.tar.gz", "only https")):
            done = self.box.cli("url", "import", url, "loop", "--category", "far", check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(why, done.stderr)
        self.assertEqual(curl(self.lab, "http://far7.example/").status, 403)
        self.good()

    @unittest.skipUnless((SOURCE.parent / "shared" / "url-lists" / "ut1").is_dir(), "no public lists here")
    def test_import_of_public_lists(self):
        done = self.box.cli("url", "import", SOURCE.parent / "shared" / "url-lists" / "ut1", "ut1")
        self.addCleanup(self.box.cli, "url", "forget", "ut1", check=False)
        rejected = self.database.with_name("urls.db.rejected").read_text().splitlines()
        self.assertTrue(all(re.match(r"ut1/[\w-]+/(domains|urls|expressions):\d+: ", line) for line in rejected if line.startswith("ut1")))
        self.assertRegex(done.stdout, r"\d+ names and URLs of \d+ lists")
        self.good()

    def test_switching_databases_under_traffic(self):
        # Both list the same blocked name; they differ in all the rest.
        for side in "ab":
            content = archive({"gambling": [LISTED, *(f"{side}{number}.example" for number in range(5000))]})
            (self.lab.folder / f"{side}.tar.gz").write_bytes(content)
            self.box.cli("url", "import", self.lab.folder / f"{side}.tar.gz", "switch")
            shutil.copy(self.database, self.lab.folder / f"{side}.db")
        self.addCleanup(self.box.cli, "url", "forget", "switch", check=False)
        wrong, asked, stop = [], [0], threading.Event()

        def visit():
            while not stop.is_set():
                for name, status in ((LISTED, 403), (GOOD, 200)):
                    answer = curl(self.lab, f"http://{name}/")
                    asked[0] += 1
                    if answer.status != status:
                        wrong.append((name, answer))
        visitor = threading.Thread(target=visit)
        pid = self.box.fastpathd.pid
        with Stream(self.lab, interval=0.01) as stream:
            visitor.start()
            for number in range(SWITCHES):
                fresh = self.lab.folder / "fresh.db"
                shutil.copy(self.lab.folder / f"{'ab'[number % 2]}.db", fresh)
                os.replace(fresh, self.database)
                before = asked[0]
                self.box.reload()
                wait_for("a visit under the new one", lambda b=before: asked[0] > b, 30)
                if number == SWITCHES // 5:
                    settled, known = resident_kb(pid), self.box.fast_status()["flows"]
            stop.set()
            visitor.join()
        # Connections that are remembered take memory whether lists are exchanged or not: some 10 KiB each.
        grown = resident_kb(pid) - settled - KIB_OF_FLOW * (self.box.fast_status()["flows"] - known)
        print(f"{SWITCHES} switches, {asked[0]} requests, {stream.sent} echoes, {stream.lost} lost, grown by {grown} KiB",
              file=sys.stderr)
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(asked[0], SWITCHES)
        self.assertEqual(stream.lost, 0)
        self.assertLess(grown, 4096, "memory grows with each switch")

    def chromium(self, *words):
        if not shutil.which("chromium"):
            raise unittest.SkipTest("no chromium")
        profile = self.lab.folder / "chromium"
        done = self.lab.run("client", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                            "--disable-background-networking", f"--user-data-dir={profile}", "--ignore-certificate-errors",
                            f"--host-resolver-rules=MAP * {SERVER4}", "--accept-lang=ja", "--timeout=20000", *words,
                            check=False, timeout=90)
        self.assertEqual(done.returncode, 0, done.stderr[-500:])
        return done.stdout

    def test_chromium_shows_the_page(self):
        picture = self.lab.folder / "page.png"
        self.chromium("--window-size=760,560", f"--screenshot={picture}", f"http://{LISTED}/")
        self.assertEqual(picture.read_bytes()[:4], b"\x89PNG")
        if os.environ.get("SEKISHO_UPDATE_DOCS"):
            shutil.copy(picture, SOURCE / "docs" / "block-page.png")
        page = self.chromium("--dump-dom", f"http://{LISTED}/")
        self.assertIn("このページは表示できません", page)
        self.assertIn("gambling", page)

    def test_chromium_hears_of_https_at_once(self):
        # The picture fails as soon as the connection is cut; the page notes how long that took.
        self.web.page("measure.html", f"""<!DOCTYPE html><p id=took>waiting</p><script>const began = performance.now()</script>
<img src="https://{LISTED}/x.png" onerror="took.textContent = 'failed after ' + Math.round(performance.now() - began) + ' ms'"
 onload="took.textContent = 'loaded'">""".encode())
        page = self.chromium("--dump-dom", f"http://{GOOD}/measure.html")
        found = re.search(r"failed after (\d+) ms", page)
        self.assertTrue(found, page)
        print(f"chromium heard of it after {found.group(1)} ms", file=sys.stderr)
        self.assertLess(int(found.group(1)), 1000)


if __name__ == "__main__":
    main()
