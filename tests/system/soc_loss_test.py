"""Nothing is lost on the way to the SOC: receivers and the slow path are killed, the network is cut, the queue is filled.

Short by default. `--full`: 100,000 alerts, 20 kills of each, printed as a table (docs/soc-integration.md).
Real: the slow path with ring, judge, journal and queue; rsyslogd and syslog-ng with files. Made: the events (soc_feed).
"""
import sys
import time

from lab import Box, Soc, wait_for
from lab.heard import Heard
from lab.syslog_ng import SyslogNg
from support import BUILD, BoxTest, main, require

FULL = "--full" in sys.argv
ALERTS, KILLS, CUTS, CUT_SECONDS = (100_000, 20, 3, 12) if FULL else (2_000, 3, 1, 2)
PATIENCE = 1200 if FULL else 90
OVERFLOW = ALERTS // 10             # fed while the SOC is away and the queue holds four fifths of it
QUEUE = OVERFLOW * 4 // 5
ANSWERED = ("relp", "relp-tls")
TRANSPORTS = ("tcp", "tls", *ANSWERED)


def gaps(numbers):
    """How many runs of successive numbers."""
    return sum(1 for i, number in enumerate(numbers) if i == 0 or number != numbers[i - 1] + 1)


class SocLoss(BoxTest):
    @classmethod
    def prepare(cls):
        require("soc_feed")
        cls.soc = Soc(cls.lab)
        cls.receivers = [cls.soc]
        targets = cls.soc.targets(TRANSPORTS)
        cls.transports = list(TRANSPORTS)
        try:
            cls.receivers.append(SyslogNg(cls.lab, cls.soc))
            targets += cls.receivers[1].targets()
            cls.transports += ["ng-tcp", "ng-tls"]
        except FileNotFoundError as why:
            print(why)
        cls.settings = {"home_net": ["10.0.0.0/8"]}
        cls.box = Box(cls.lab, rules=[], soc=targets, settings=cls.settings)
        cls.box.write_settings().start_slowpath()
        cls.seen = {}
        cls.fed = cls.last = 0

    def feed(self, count):
        """In the background: the ring's place is the fast path's."""
        ring = self.box.folder / "run" / "events-0.ring"
        child = self.lab.start("box", "soc_feed", BUILD / "soc_feed", ring, self.fed, count)
        type(self).fed += count
        return child

    def heard_lines(self, transport):
        """Lines so far, reading only what is new."""
        at, lines = self.seen.get(transport, (0, 0))
        path = self.soc.folder / f"{transport}.log"
        if path.exists():
            with open(path, "rb") as file:
                file.seek(at)
                new = file.read()
            at, lines = at + len(new), lines + new.count(b"\n")
            self.seen[transport] = (at, lines)
        return lines

    def heard(self, transport):
        return Heard((self.soc.folder / f"{transport}.log").read_text(encoding="utf-8", errors="replace"))

    def queue(self):
        status = wait_for("the slow path's status", self.box.slow_status, 30)
        return status["soc_queue"], status["soc"]

    def restart_slowpath(self):
        self.box.slowpathd.kill()
        self.box.start_slowpath(PATIENCE)

    def restart_receivers(self):
        for receiver in self.receivers:
            receiver.process.kill()
        time.sleep(0.2)
        for receiver in self.receivers:
            receiver.start()

    def cut(self):
        self.lab.run("soc", "ip", "link", "set", "soc0", "down")
        time.sleep(CUT_SECONDS)
        self.lab.run("soc", "ip", "link", "set", "soc0", "up")

    def drain(self, queued):
        def empty():
            queue, targets = self.queue()
            return sum(queue["queued"].values()) >= queued and all(target["waiting"] == 0 for target in targets)
        wait_for("an empty queue", empty, PATIENCE, 0.2)

    def test_1_kills_and_cuts(self):
        begin = time.monotonic()
        feeder = self.feed(ALERTS)
        done = [(self.restart_receivers, (k + 0.3) / KILLS) for k in range(KILLS)]
        done += [(self.restart_slowpath, (k + 0.7) / KILLS) for k in range(KILLS)]
        done += [(self.cut, (k + 0.5) / CUTS) for k in range(CUTS)]
        for action, share in sorted(done, key=lambda pair: pair[1]):
            # While messages flow: by what the first receiver has.
            wait_for("messages", lambda s=share: self.heard_lines("tcp") >= s * 0.95 * ALERTS, PATIENCE)
            action()
        wait_for("the feeder", lambda: not feeder.running(), PATIENCE)
        self.drain(ALERTS)
        self.assertEqual(feeder.close(), 0)
        queue, _ = self.queue()
        type(self).last = sum(queue["queued"].values())
        print(f"\n{ALERTS} alerts, {KILLS} kills of the receivers and of the slow path, {CUTS} cuts of {CUT_SECONDS} s: "
              f"{self.last} messages, {time.monotonic() - begin:.0f} s")
        print("transport   received  lost  gaps  doubled  unmarked  marked")
        for transport in self.transports:
            heard = self.heard(transport)
            missing = heard.missing(1, self.last)
            print(f"{transport:10} {len(heard.times):9} {len(missing):5} {gaps(missing):5} {heard.doubled:8} {heard.unmarked:9} {heard.marked:7}")
            with self.subTest(transport=transport):
                self.assertEqual(heard.unmarked, 0, "a message came twice without the mark")
                self.assertEqual(heard.mistaken, 0, "one number for two messages")
                # Who counts the numbers knows of every machine that was never told.
                self.assertEqual(ALERTS - len(heard.hosts), len(missing))
                # A receiver that dies takes with it what its kernel had acknowledged: one gap for each death.
                self.assertLessEqual(gaps(missing), 0 if transport in ANSWERED else KILLS)

    def test_2_a_full_queue(self):
        self.box.slowpathd.kill()
        for receiver in self.receivers:
            receiver.process.close()  # by SIGTERM: it writes what it has
        before = {transport: self.heard(transport).missing(1, self.last) for transport in self.transports}
        self.box.change({"slowpath": {"queue_max": QUEUE}}).write_settings().start_slowpath(PATIENCE)
        feeder = self.feed(OVERFLOW)
        wait_for("the feeder", lambda: not feeder.running(), PATIENCE)
        wait_for("the queue", lambda: sum(self.queue()[0]["queued"].values()) >= self.last + OVERFLOW, PATIENCE)
        queue, _ = self.queue()
        self.assertEqual(queue["held"], QUEUE)
        dropped = sum(queue["dropped"].values())
        self.assertEqual(dropped, OVERFLOW - QUEUE)
        self.assertEqual(queue["dropped"]["high"], 0, "High is the last to go")
        for receiver in self.receivers:
            receiver.start()
        end = self.last + OVERFLOW
        self.drain(end)
        print(f"\n{OVERFLOW} alerts into a queue of {QUEUE} while the SOC is away: dropped {queue['dropped']}")
        for transport in self.transports:
            with self.subTest(transport=transport):
                wait_for(transport, lambda t=transport: end in self.heard(t).times, 20, 0.5)
                heard = self.heard(transport)
                self.assertEqual(heard.missing(1, self.last), before[transport])
                missing = heard.missing(self.last + 1, end)
                self.assertEqual(len(missing), dropped, "each message that was dropped is a gap in the numbers")
                self.assertEqual(heard.unmarked, 0)
                high = sum(1 for number in range(self.last + 1, end + 1) if heard.rank.get(number) == "High")
                self.assertEqual(high, sum(1 for i in range(self.fed - OVERFLOW, self.fed) if i % 3 != 0))


if __name__ == "__main__":
    sys.argv = [word for word in sys.argv if word != "--full"]
    main()
