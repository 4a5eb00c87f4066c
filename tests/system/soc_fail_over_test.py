"""Two real rsyslogd stand in for each other: the first is killed, the second goes on where it stopped, the first comes back.

Meanwhile the slow path is killed as well: what a group has is on disk. Over RELP nothing is lost, and what comes twice is marked.
"""
import re

from lab import Box, Soc, parse_rfc5424, wait_for
from lab.heard import Heard
from support import BUILD, BoxTest, main, require

ALERTS = 600
GROUP = {"group": "socs"}
SETTINGS = {"home_net": ["10.0.0.0/8"], "slowpath": {"soc_fail_over_seconds": 5, "soc_return_seconds": 2}}


class SocFailOver(BoxTest):
    @classmethod
    def prepare(cls):
        require("soc_feed")
        cls.first = Soc(cls.lab, "first")
        cls.second = Soc(cls.lab, "second", shift=1000)
        targets = [dict(soc.targets(["relp-tls"])[0], **GROUP) for soc in (cls.first, cls.second)]
        cls.box = Box(cls.lab, rules=[], soc=targets, settings=SETTINGS)
        cls.box.write_settings().start_slowpath()
        cls.fed = 0

    def feed(self):
        ring = self.box.folder / "run" / "events-0.ring"
        child = self.lab.start("box", "soc_feed", BUILD / "soc_feed", ring, self.fed, ALERTS)
        type(self).fed += ALERTS
        return child

    def group(self):
        return wait_for("the slow path's status", self.box.slow_status, 20)["soc_groups"][0]

    def lines(self, soc):
        return soc.lines("relp-tls")

    def all_told(self):
        """What both together heard, of every machine."""
        return wait_for("every alert", lambda: (heard := self.both()) and len(heard.hosts) == self.fed and heard, 30, 0.2)

    def both(self):
        return Heard("".join(line + "\n" for soc in (self.first, self.second) for line in self.lines(soc)))

    def test_1_the_first_gets_all(self):
        self.feed()
        self.all_told()
        self.assertEqual(self.lines(self.second), [])
        group = self.group()
        self.assertEqual((group["name"], group["active"], group["switches"]), ("socs", "first-relp-tls", 0))

    def test_2_the_second_goes_on_where_the_first_was_killed(self):
        before = len(self.lines(self.first))
        self.feed()
        wait_for("messages", lambda: len(self.lines(self.first)) > before, 20)
        self.first.process.kill()
        wait_for("the second", lambda: self.lines(self.second), 20)
        self.box.slowpathd.kill()
        self.box.start_slowpath()
        heard = self.all_told()
        self.assertEqual(heard.unmarked, 0, "a message came twice without the mark")
        self.assertEqual(heard.mistaken, 0, "one number for two messages")
        wait_for("the alert", lambda: any('class="soc-switch"' in line for line in self.lines(self.second)), 20)
        facts = next(facts for line in self.lines(self.second) if 'class="soc-switch"' in line
                     for name, facts in parse_rfc5424(line)["data"].items() if name.startswith("sekisho"))
        self.assertEqual((facts["target"], facts["severity"]), ("socs", "Medium"))
        self.assertIn("second-relp-tls took over from first-relp-tls", facts["signature"])
        group = self.group()
        self.assertEqual((group["active"], group["switches"]), ("second-relp-tls", 1))

    def test_3_the_first_gets_its_place_back(self):
        self.first.start()
        wait_for("the first", lambda: self.group()["active"] == "first-relp-tls", 30)
        taken = len(self.lines(self.second))
        self.feed()
        heard = self.all_told()
        self.assertEqual(heard.unmarked, 0)
        self.assertEqual(len(self.lines(self.second)), taken)
        group = wait_for("the count", lambda: (group := self.group())["switches"] == 2 and group, 10)
        self.assertIn("first-relp-tls is well again", group["last_switch"])
        numbers = {int(re.search(r' seq="([0-9]+)"', line)[1]) for soc in (self.first, self.second) for line in self.lines(soc)}
        self.assertEqual(numbers, set(range(1, max(numbers) + 1)), "between them they have every number")


if __name__ == "__main__":
    main()
