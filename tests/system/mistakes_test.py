"""Fifty different mistakes in one rule file give fifty messages with file, line and cause; the rest is loaded."""
import json
import unittest
from pathlib import Path

from lab.process import run
from support import BUILD, SOURCE, main, require

RULES = Path(__file__).with_name("mistakes.rules")      # line 1 to 50 each with its own mistake, line 51 good
CAPTURE = SOURCE / "tests" / "golden" / "vlan" / "traffic.pcap"


class Mistakes(unittest.TestCase):
    def setUp(self):
        require("sekisho")

    def test_each_is_told(self):
        done = run([BUILD / "sekisho", "replay", "--rules", RULES, "--json", CAPTURE])
        told = [line for line in done.stderr.splitlines() if "mistakes.rules:" in line]
        self.assertEqual(len(told), 50, done.stderr)
        for number in range(1, 51):
            self.assertRegex(done.stderr, rf"mistakes\.rules:{number}:\d+: .{{8,}}")
        self.assertEqual(len({line.split(": ", 2)[-1] for line in told}), 50, "different mistakes, different words")
        rules = json.loads(done.stdout.splitlines()[0])
        self.assertEqual((rules["loaded"], rules["failed"]), (1, 50))


if __name__ == "__main__":
    main()
