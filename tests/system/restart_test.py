"""Daemons die and come back: the slow path without a packet lost, the fast path within two seconds."""
import sys
import time

from lab import Box, Web, curl, wait_for
from lab.namespaces import SERVER4
from support import BoxTest, Stream, main

RULE = 'alert http any any -> any any (msg:"marked request"; flow:established,to_server; http.uri; content:"/mark-"; sid:4001;)\n'


class Restart(BoxTest):
    @classmethod
    def prepare(cls):
        # A small ring, so that it can run over while nobody reads it.
        cls.box = Box(cls.lab, rules=[], local=RULE, settings={"fastpath": {"ring_events": 256}}).start()
        cls.web = Web(cls.lab)

    def mark(self, number, count=1):
        target = f"http://{SERVER4}/mark-{number}?[1-{count}]"
        return self.lab.run("client", "curl", "-sS", "-o", "/dev/null", "--max-time", "60", target, timeout=90)

    def logged(self, number):
        log = self.box.folder / "log" / "events.json"
        return log.exists() and f"/mark-{number}" in log.read_text(errors="replace")

    def test_1_slow_path_killed_under_traffic(self):
        self.mark("first")
        wait_for("the first event", lambda: self.logged("first"))
        lost_before = self.box.slow_status()["events_lost"]
        with Stream(self.lab) as stream:
            self.box.slowpathd.kill()
            self.mark("while-dead", count=3)
            self.mark("flood", count=600)      # more events than the ring holds
            self.box.start_slowpath()
            self.mark("after")
            wait_for("events after the restart", lambda: self.logged("after"), 20)
        self.assertEqual(stream.lost, 0, f"of {stream.sent} echoes")
        self.assertTrue(self.logged("while-dead"), "events waited in the ring")
        lost = self.box.slow_status()["events_lost"] - lost_before
        print(f"slow path dead under traffic: {stream.sent} echoes, {stream.lost} lost; {lost} events lost and counted", file=sys.stderr)
        self.assertGreater(lost, 0, "the ring ran over, and it must show")
        self.assertEqual(self.box.fast_status()["events_lost"], self.box.slow_status()["events_lost"])
        self.assertRegex(self.box.cli("status").stdout.lower(), r"lost")

    def test_2_fast_path_killed(self):
        self.box.fastpathd.kill()
        began = time.monotonic()
        self.box.start_fastpath()
        page = curl(self.lab, "http://shop.example/", "--retry", "20", "--retry-delay", "0", "--retry-connrefused")
        took = time.monotonic() - began
        print(f"fast path killed: traffic again after {took:.2f} s", file=sys.stderr)
        self.assertEqual(page.status, 200)
        self.assertLess(took, 2.0)
        self.mark("reborn")
        wait_for("events of the new fast path", lambda: self.logged("reborn"), 10)

    def test_3_clean_stop(self):
        for daemon in (self.box.fastpathd, self.box.slowpathd):
            began = time.monotonic()
            self.assertEqual(daemon.close(), 0, daemon.log())
            self.assertLess(time.monotonic() - began, 3.0)


if __name__ == "__main__":
    main()
