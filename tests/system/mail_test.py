"""Letters reach a real postfix, over STARTTLS and with authentication; nothing is sent to a server that must not be believed."""
import time
import unittest

from lab import Box, Web, curl, wait_for
from lab.mail import MailServer
from support import BoxTest, main

RULES = ('alert http any any -> any any (msg:"calls \\"home\\" 日本語"; flow:established,to_server; http.uri; content:"/c2-"; '
         'classtype:command-and-control; sid:5000;)\n')


class Mail(BoxTest):
    @classmethod
    def prepare(cls):
        if MailServer.missing:
            raise unittest.SkipTest(f"there is no {MailServer.missing[0]}")
        cls.server = MailServer(cls.lab).start()
        cls.box = Box(cls.lab, rules=[], local=RULES, settings={"mail": cls.mail()}).start()
        cls.web = Web(cls.lab)

    @classmethod
    def mail(cls, **more):
        # Quiet at every hour but one: High does not care.
        hour = time.localtime().tm_hour
        return cls.server.settings(queue_file=f"{cls.lab.folder}/box/state/mail.db", quiet_from=f"{hour:02}:00",
                                   quiet_to=f"{(hour + 23) % 24:02}:59", **more)

    def again(self, **more):
        """The slow path with other settings."""
        self.box.slowpathd.close()
        self.box._settings["mail"] = self.mail(**more)
        self.box.write_settings()
        self.box.start_slowpath()

    def call_home(self, client):
        """A story of its own: each name is another cause."""
        self.assertEqual(curl(self.lab, f"http://shop.example/c2-{client}").status, 404)

    def state(self):
        return self.box.slow_status()["mail"]

    def test_1_high_arrives_at_once(self):
        self.call_home("a")
        for mailbox in ("info", "desk"):
            wait_for(f"the letter to {mailbox}", lambda m=mailbox: self.server.letters(m), 20)
        letter = self.server.letters("info")[0]
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
        self.assertEqual(letter["To"].addresses[0].addr_spec, "info@office.example")
        self.assertEqual(letter["From"].addresses[0].addr_spec, "sekisho@office.example")
        self.assertLess(abs(letter["Date"].datetime.timestamp() - time.time()), 60)
        self.assertIn("[Sekisho box.example] 高: ", letter["Subject"])
        self.assertIn(" / High: ", letter["Subject"])
        text = letter.get_body(("plain",)).get_content()
        page = letter.get_body(("html",)).get_content()
        for words in ("192.168.10.2", "10分以内", "In the next ten minutes", "sekisho alerts show"):
            self.assertIn(words, text)
            self.assertIn(words, page)
        self.assertNotIn("<script", page)
        wait_for("an empty queue", lambda: self.state()["waiting"] == 0)
        self.assertEqual(self.state()["delivered"], 2)
        self.assertIn("queued as", self.state()["last_answer"])

    def test_2_test_mail_tells_the_answer(self):
        before = len(self.server.letters("desk"))
        answer = self.box.cli("mail", "test", "desk@office.example").stdout
        self.assertRegex(answer, r"^desk@office\.example: taken: 250 .*queued as")
        wait_for("the test mail", lambda: len(self.server.letters("desk")) == before + 1)
        self.server.password_file.chmod(0o644)
        refused = self.box.cli("mail", "test", check=False)
        self.server.password_file.chmod(0o600)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("others may read the password", refused.stderr)

    def test_3_wrong_certificate_gets_nothing(self):
        before = len(self.server.letters("info"))
        self.again(ca_file=self.server.folder / "stranger.crt")
        self.box.cli("mail", "test", check=False)
        done = self.box.cli("mail", "test", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("certificate", done.stderr)
        self.next_high()
        wait_for("the refusal in the status", lambda: "certificate" in self.state().get("last_error", ""), 20)
        self.assertEqual(self.state()["waiting"], 2)
        self.assertEqual(self.state()["delivered"], 0)
        self.assertEqual(len(self.server.letters("info")), before)

    def test_4_wrong_password_is_told(self):
        self.server.password_file.write_text("nonsense\n")
        done = self.box.cli("mail", "test", check=False)
        self.assertEqual(done.returncode, 1)
        done = self.box.cli("mail", "test", check=False)
        self.server.password_file.write_text("open sesame\n")
        self.assertNotIn("nonsense", done.stderr)

    def test_5_server_away_and_back(self):
        before = len(self.server.letters("info"))
        self.server.stop()
        self.again()  # what the wrong certificate held up is still there, and the slow path was restarted
        wait_for("a failure", lambda: self.state()["failed"] > 0, 20)
        self.assertEqual(self.state()["waiting"], 2)
        self.server.start()
        wait_for("what waited", lambda: len(self.server.letters("info")) == before + 1, 60)
        wait_for("an empty queue", lambda: self.state()["waiting"] == 0)

    def next_high(self):
        """Another High: the same call from the same machine is the same story, so a rule of another number."""
        rule = RULES.replace("/c2-", "/c3-").replace("5000", "5001")
        self.box.local_rules.write_text(RULES + rule)
        self.box.reload()
        self.assertEqual(curl(self.lab, "http://shop.example/c3-b").status, 404)


if __name__ == "__main__":
    main()
