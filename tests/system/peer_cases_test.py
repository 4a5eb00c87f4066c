"""The peer cases that lie beside the checkout, where they do: at least the floor passes, over all and by family."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import BUILD, SOURCE, main, require

FLOOR = 0.70        # of tier core, over all and outside of http-evader; raised to what is reached
CASES = SOURCE.parent / "shared" / "peer-cases"


class PeerCases(unittest.TestCase):
    def setUp(self):
        require("sekisho")
        if not (CASES / "run-cases").exists():
            self.skipTest("no peer cases beside the checkout (../shared/peer-cases)")

    def test_core(self):
        with tempfile.NamedTemporaryFile(suffix=".jsonl") as results:
            subprocess.run([CASES / "run-cases", "--tier", "core", "-j", "2", "--results", results.name, "--cmd",
                            f"{BUILD}/sekisho replay --rules {{rules}} --json {{sets}} {{pcap}}"],
                           stdout=subprocess.DEVNULL, timeout=280)
            cases = [json.loads(line) for line in Path(results.name).read_text().splitlines()]
        family = {case["name"]: case["family"] for case in json.loads((CASES / "open" / "cases.json").read_text())}
        for title, chosen in (("all", cases),
                              ("without http-evader", [c for c in cases if family.get(c["name"]) != "http-evader"])):
            passed = sum(not case["bad"] for case in chosen)
            print(f"peer cases, core, {title}: {passed} of {len(chosen)} ({100 * passed / len(chosen):.1f} %)", file=sys.stderr)
            with self.subTest(cases=title):
                self.assertGreaterEqual(passed / len(chosen), FLOOR)
        crashed = [case["name"] for case in cases if any("exit status -" in bad or "timed out" in bad for bad in case["bad"])]
        self.assertEqual(crashed, [])


if __name__ == "__main__":
    main()
