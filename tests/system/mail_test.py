"""Letters reach a real postfix, over STARTTLS and with authentication, and nothing reaches a server that must not be believed.

Real: the slow path with ring, judge, journal and queue; postfix with Cyrus SASL; Chromium. Made: the events (soc_feed).
"""
import contextlib
import datetime
import html.parser
import re
import shutil
import sqlite3
import struct
import time
import unittest

from lab import Box, wait_for
from lab.mail import PASSWORD, MailServer
from support import BUILD, BoxTest, main, require

HIGH = [number for number in range(1, 100) if number % 3]  # soc_feed: those call a control server
PNG_SIZE = struct.Struct(">8x8xII")


class Mail(BoxTest):
    @classmethod
    def prepare(cls):
        require("soc_feed")
        if MailServer.missing:
            raise unittest.SkipTest(f"there is no {MailServer.missing[0]}")
        cls.server = MailServer(cls.lab).start()
        cls.box = Box(cls.lab, rules=[], settings={"home_net": ["10.0.0.0/8"], "mail": cls.mail()})
        cls.box.write_settings()
        cls.box.start_slowpath()
        cls.queue = cls.box.folder / "state" / "mail.db"
        cls.fed = iter(HIGH)

    @classmethod
    def mail(cls, **more):
        return cls.server.settings(queue_file=f"{cls.lab.folder}/box/state/mail.db", **more)

    def again(self, **more):
        """The slow path anew, with other settings."""
        self.assertEqual(self.box.slowpathd.close(), 0)
        self.box._settings["mail"] = self.mail(**more)
        self.box.write_settings()
        self.box.start_slowpath()

    def high(self):
        """One more machine calls a control server."""
        number = next(self.fed)
        self.lab.run("box", BUILD / "soc_feed", self.box.folder / "run" / "events-0.ring", number, 1)
        return f"10.0.0.{number}"

    def state(self):
        return self.box.slow_status()["mail"]

    def test_1_high_arrives_at_once_in_quiet_hours(self):
        hour = time.localtime().tm_hour
        self.again(quiet_from=f"{hour:02}:00", quiet_to=f"{(hour + 23) % 24:02}:59")
        host = self.high()
        for mailbox in ("info", "desk"):
            wait_for(f"the letter to {mailbox}", lambda m=mailbox: self.server.letters(m), 20)
        letter = self.server.letters("info")[0]
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
        self.assertEqual(letter["To"].addresses[0].addr_spec, "info@office.example")
        self.assertEqual(letter["From"].addresses[0].addr_spec, "sekisho@office.example")
        self.assertLess(abs(letter["Date"].datetime.timestamp() - time.time()), 60)
        self.assertIn("[Sekisho box.example] 高: ", letter["Subject"])
        self.assertIn(" / High: ", letter["Subject"])
        for form in ("plain", "html"):
            text = letter.get_body((form,)).get_content()
            for words in (host, "10分以内", "In the next ten minutes", "sekisho alerts show"):
                self.assertIn(words, text)
        wait_for("an empty queue", lambda: self.state()["waiting"] == 0)
        self.assertEqual(self.state()["delivered"], 2)
        self.assertIn("queued as", self.state()["last_answer"])

    def test_2_test_mail_tells_the_answer(self):
        before = len(self.server.letters("desk"))
        answer = self.box.cli("mail", "test", "desk@office.example").stdout
        self.assertRegex(answer, r"^desk@office\.example: taken: 250 .*queued as")
        wait_for("the test mail", lambda: len(self.server.letters("desk")) == before + 1)

    def test_3_a_password_is_kept_and_its_refusal_told(self):
        file = self.server.password_file
        file.chmod(0o644)
        self.assertIn("others may read the password", self.box.cli("mail", "test", check=False).stderr)
        file.chmod(0o600)
        file.write_text("nonsense\n")
        done = self.box.cli("mail", "test", check=False)
        file.write_text(PASSWORD + "\n")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "NOT taken: .*535")
        self.assertNotIn("nonsense", done.stderr)

    def test_4_wrong_certificate_gets_nothing(self):
        before = len(self.server.letters("info"))
        self.again(ca_file=self.server.folder / "stranger.crt")
        self.high()
        wait_for("the refusal in the status", lambda: "certificate" in self.state().get("last_error", ""), 20)
        self.assertEqual((self.state()["waiting"], self.state()["delivered"]), (2, 0))
        self.assertEqual(len(self.server.letters("info")), before)
        self.assertIn("certificate", self.box.cli("mail", "test", check=False).stderr)

    def test_5_server_away_and_back(self):
        before = len(self.server.letters("info"))
        self.server.stop()
        self.again()  # what the wrong certificate held up waits over the restart
        wait_for("a failure", lambda: self.state()["failed"] > 0, 20)
        self.assertEqual(self.state()["waiting"], 2)
        self.server.start()
        wait_for("what waited", lambda: len(self.server.letters("info")) == before + 1, 60)
        wait_for("an empty queue", lambda: self.state()["waiting"] == 0, 30)

    def test_6_periodic_letters_come_once(self):
        before = len(self.server.letters("info"))
        wait_for("the first marks", lambda: len(self.marks()) == 3, 20)
        self.assertEqual(self.box.slowpathd.close(), 0)
        with contextlib.closing(sqlite3.connect(self.queue)) as queue, queue:
            queue.execute("UPDATE written SET mark = mark - ? WHERE name LIKE 'occasion %'", (40 * 86400 * 10**9,))
        self.box.start_slowpath()
        wait_for("sign of life and report", lambda: len(self.server.letters("info")) == before + 2, 30)
        life, report = self.server.letters("info")[-2:]
        if "Sign of life" not in life["Subject"]:
            life, report = report, life
        self.assertIn("動作確認", life["Subject"])
        self.assertIn("Monthly report", report["Subject"])
        month = (datetime.date.today().replace(day=1) - datetime.timedelta(days=1)).strftime("%Y-%m")
        names = [part.get_filename() for part in report.iter_attachments()]
        self.assertEqual(names, [f"sekisho-report-{month}-ja.html", f"sekisho-report-{month}-en.html"])
        self.assertIn("<svg", next(report.iter_attachments()).get_content())
        self.again()
        time.sleep(2)
        self.assertEqual(len(self.server.letters("info")), before + 2)

    def marks(self):
        with contextlib.closing(sqlite3.connect(self.queue)) as queue:
            return queue.execute("SELECT mark FROM written WHERE name LIKE 'occasion %'").fetchall()

    def test_7_report_opens_in_a_browser_without_network(self):
        page, picture = self.lab.folder / "report.html", self.lab.folder / "report.png"
        month = datetime.date.today().strftime("%Y-%m")
        self.box.cli("report", "--month", month, "--language", "en", "--output", page)
        text = page.read_text(encoding="utf-8")
        self.assertIn(f"Security report {month}", text)
        self.assertIn("Malware calling its control server", text)
        self.assertEqual(outside(text), [])
        refused = self.box.cli("report", "--month", "2026-13", check=False)
        self.assertIn("is no month", refused.stderr)
        if not shutil.which("chromium"):
            self.skipTest("there is no chromium")
        self.lab.run("soc", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                     "--disable-component-update", "--disable-sync", "--no-first-run", "--hide-scrollbars", "--window-size=820,1250",
                     f"--user-data-dir={self.lab.folder}/chromium", f"--screenshot={picture}", f"file://{page}")
        self.assertEqual(PNG_SIZE.unpack(picture.read_bytes()[:24]), (820, 1250))


class Outside(html.parser.HTMLParser):
    """What a browser would fetch or run for a page: addresses beyond the page itself, scripts, frames, styles from elsewhere."""
    FETCHES = {"src", "srcset", "href", "xlink:href", "data", "action", "poster", "background", "formaction", "ping"}
    ACTIVE = {"script", "iframe", "object", "embed", "link", "base", "form"}

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [tag] if tag in self.ACTIVE else []
        for name, value in attrs:
            fetched = name in self.FETCHES and not (value or "").startswith(("#", "data:", "mailto:", "tel:"))
            styled = name == "style" and re.search(r"url\(|@import", value or "")
            if fetched or styled or name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data):
        self.found += re.findall(r"url\([^)]*\)|@import[^;]*", data)


def outside(page):
    reader = Outside()
    reader.feed(page)
    return reader.found


if __name__ == "__main__":
    main()
