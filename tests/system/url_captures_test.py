"""QUIC as browsers and servers have really sent it (Google's QUIC, drafts, versions 1 and 2, retries, 0-RTT, CRYPTO frames in
any order): each name that the captures beside the checkout are known to hold is found and blocked by the URL filter."""
import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import BUILD, SOURCE, main, require

CAPTURES = SOURCE.parent / "shared" / "oracle" / "open"


@unittest.skipUnless((CAPTURES / "urls.json").exists(), "no captures here")
class QuicCaptures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require("sekisho")
        cls.folder = Path(tempfile.mkdtemp(prefix="sekisho-quic-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)

    def replay(self, capture, names):
        """Names blocked over UDP, and the drops for that, when a list holds these names."""
        category = Path(tempfile.mkdtemp(dir=self.folder)) / "listed"
        category.mkdir()
        # A leading dot: "localhost" is a whole public suffix, and here it is meant.
        (category / "domains").write_text("".join(f".{name}\n" for name in sorted(names)))
        done = subprocess.run([BUILD / "sekisho", "replay", "--json", "--set", "mode=ips", "--urls", category.parent,
                               "--url-action", "listed=block", capture], capture_output=True, text=True, timeout=60, check=True)
        events = [event for event in map(json.loads, done.stdout.splitlines()) if event.get("proto") == "UDP"]
        blocked = {event["url"]["host"] for event in events
                   if event["event_type"] == "url" and event["url"]["action"] == "blocked" and event["dest_port"] != 53}
        return blocked, sum(event["event_type"] == "drop" for event in events)

    def test_every_name_is_blocked(self):
        known = json.loads((CAPTURES / "urls.json").read_text())["pcaps"]
        seen = 0
        for name, found in known.items():
            names = {host.partition(":")[0] for host, _ in found.get("quic", [])}
            if not names:
                continue
            with self.subTest(name):
                blocked, drops = self.replay(CAPTURES / "pcaps" / name, names)
                self.assertLessEqual(names, {host.partition(":")[0] for host in blocked})
                self.assertGreaterEqual(drops, len(names))
                seen += len(names)
        self.assertGreater(seen, 20)

    def test_names_that_are_not_listed_pass(self):
        blocked, drops = self.replay(CAPTURES / "pcaps" / "arkime__tests__pcap__quicietf.pcap", {"other.example"})
        self.assertEqual((blocked, drops), (set(), 0))


if __name__ == "__main__":
    main()
