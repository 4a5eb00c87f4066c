"""What the system tests share: skipping with a reason, a lab with a box for a test class, counting lost packets."""
import os
import re
import sys
import unittest
from pathlib import Path

from lab import Box, Lab, LabUnavailable
from lab.box import BUILD, SOURCE

SKIPPED = 77
__all__ = ["BUILD", "SOURCE", "BoxTest", "Stream", "main", "require"]


def require(*programs):
    """Skips when one of our programs was not built."""
    for program in programs:
        if not (BUILD / program).exists():
            raise unittest.SkipTest(f"no {BUILD / program}")


class BoxTest(unittest.TestCase):
    """A lab with a box for the whole class. prepare() adds servers and starts the box."""

    lab = box = None
    slowpath = True

    @classmethod
    def setUpClass(cls):
        require("sekisho", "sekisho-fastpathd", *(["sekisho-slowpathd"] if cls.slowpath else []))
        if os.geteuid() != 0:
            raise unittest.SkipTest("only root can make network namespaces")
        try:
            cls.lab = Lab()
        except LabUnavailable as why:
            raise unittest.SkipTest(f"no network namespaces here: {why}") from why
        cls.addClassCleanup(cls.lab.close)
        try:
            cls.prepare()
        except Exception:
            cls.show_logs()
            raise

    @classmethod
    def prepare(cls):
        cls.box = Box(cls.lab, slowpath=cls.slowpath).start()

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            self.show_logs()
        return result

    @classmethod
    def show_logs(cls):
        for path in sorted(Path(cls.lab.folder).glob("*.log")):
            text = path.read_text(errors="replace").splitlines()[-15:]
            if text:
                print(f"--- {path.name}\n" + "\n".join(text), file=sys.stderr)


class Stream:
    """An ICMP echo sequence at a fixed rate through the box while something happens to it.

    with Stream(lab) as stream: ...; stream.lost, stream.sent afterwards
    """

    def __init__(self, lab, interval=0.01, where="client", address="203.0.113.10"):
        self._lab, self._interval, self._where, self._address = lab, interval, where, address
        self.sent = self.received = self.lost = None

    def __enter__(self):
        self._ping = self._lab.start(self._where, "ping-stream", "ping", "-q", "-n", "-i", str(self._interval), "-W", "2",
                                     self._address)
        return self

    def __exit__(self, *_):
        self._ping.interrupt()
        found = re.findall(r"(\d+) packets transmitted, (\d+) received", self._ping.log())
        self.sent, self.received = map(int, found[-1])
        # The echo that SIGINT caught on its way is not a loss.
        self.lost = max(0, self.sent - self.received - 1)


def main():
    """Runs the file's tests; exit code 77 when every one was skipped."""
    program = unittest.main(module="__main__", exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.skipped and len(result.skipped) >= max(1, result.testsRun) else 0)
