"""What the admin changes is checked, applied under traffic without a packet lost, and there after a restart."""
import json
import sys

from lab import Box, Web, curl, wait_for
from support import BoxTest, Stream, main

RULE = ('drop http any any -> any any (msg:"stopped by the admin"; flow:established,to_server; http.uri; '
        'content:"/secret-plan"; sid:1000001; rev:1;)')


class Cli(BoxTest):
    @classmethod
    def prepare(cls):
        cls.box = Box(cls.lab, rules=[], settings={"url": {"categories": {"gambling": "block"}}})
        cls.box.category("gambling", ["lucky-dice.example"])
        cls.box.start()
        cls.web = Web(cls.lab)
        cls.web.page("secret-plan", b"plan")

    def status(self, url):
        return curl(self.lab, url, seconds=3).status

    def restart(self):
        self.assertEqual(self.box.fastpathd.close(), 0)
        self.box.start_fastpath()

    def refused(self, *words):
        done = self.box.cli(*words, check=False)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        return done.stdout + done.stderr

    def test_rules_add_disable_enable(self):
        self.assertEqual(self.status("http://shop.example/secret-plan"), 200)
        with Stream(self.lab) as stream:
            self.box.cli("rules", "add", RULE)
            self.assertEqual(self.status("http://shop.example/secret-plan"), 0, "an added drop rule drops")
            self.assertIn("stopped by the admin", self.box.cli("rules", "show", "1000001").stdout)
            self.box.cli("rules", "disable", "1000001")
            self.assertEqual(self.status("http://shop.example/secret-plan"), 200, "a disabled rule is silent")
            self.box.cli("rules", "enable", "1000001")
            self.assertEqual(self.status("http://shop.example/secret-plan"), 0)
            self.box.cli("rules", "alert", "1000001")
            self.assertEqual(self.status("http://shop.example/secret-plan"), 200, "an alerting rule lets by")
            self.box.cli("rules", "drop", "1000001")
        print(f"rules changed under traffic: {stream.sent} echoes, {stream.lost} lost", file=sys.stderr)
        self.assertEqual(stream.lost, 0)
        self.restart()
        self.assertEqual(self.status("http://shop.example/secret-plan"), 0, "there after a restart")
        self.assertEqual(self.status("http://shop.example/"), 200)
        self.box.cli("rules", "remove", "1000001")
        self.assertEqual(self.status("http://shop.example/secret-plan"), 200)

    def test_a_bad_rule_is_refused_and_changes_nothing(self):
        before = self.box.local_rules.read_text()
        version = self.box.fast_status()["policy"]["version"]
        said = self.refused("rules", "add", 'alert http any any -> any any (msg:"x"; no_such_keyword:1; sid:1000002;)')
        self.assertIn("no_such_keyword", said)
        self.assertEqual(self.box.local_rules.read_text(), before)
        self.assertEqual(self.box.fast_status()["policy"]["version"], version)

    def test_url_deny_allow(self):
        self.assertEqual(self.status("http://news.example/"), 200)
        self.box.cli("url", "deny", "news.example")
        self.assertEqual(self.status("http://news.example/"), 403)
        self.assertEqual(self.status("http://lucky-dice.example/"), 403)
        self.box.cli("url", "allow", "lucky-dice.example")
        self.assertEqual(self.status("http://lucky-dice.example/"), 200, "the admin's word is above the lists")
        self.assertIn("allow", self.box.cli("url", "test", "lucky-dice.example").stdout)
        self.restart()
        self.assertEqual(self.status("http://news.example/"), 403, "there after a restart")
        self.assertEqual(self.status("http://lucky-dice.example/"), 200)
        self.box.cli("url", "remove", "news.example")
        self.assertEqual(self.status("http://news.example/"), 200)

    def test_check_names_file_and_line(self):
        rules = self.lab.folder / "some.rules"
        rules.write_text('alert tcp any any -> any 9 (msg:"good"; content:"fine-needle"; sid:3000;)\n'
                         'alert tcp any any -> any any (msg:"bad"; no_such_keyword:1; sid:3001;)\n')
        said = self.refused("rules", "check", str(rules))
        self.assertRegex(said, r"some\.rules:2:.*no_such_keyword")
        self.assertNotIn("some.rules:1:", said)

    def test_status_and_json(self):
        wait_for("the slow path", lambda: self.box.slow_status())
        self.assertIn("lan", self.box.cli("status").stdout)
        json.loads(self.box.cli("status", "--json").stdout.splitlines()[0])
        self.assertIn("wan", self.box.cli("counters").stdout + self.box.cli("status").stdout)


if __name__ == "__main__":
    main()
