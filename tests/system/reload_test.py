"""A gigabyte arrives intact while the rules are exchanged twenty times; no packet is lost to it."""
import hashlib
import sys
import threading
import time

from lab import Box, Web, curl, wait_for
from lab.control import Refused
from lab.namespaces import SERVER4
from support import BoxTest, Stream, main

GIGABYTE = 1_000_000_000
RELOADS = 20


class Reload(BoxTest):
    slowpath = False

    @classmethod
    def prepare(cls):
        cls.box = Box(cls.lab, slowpath=False).start()
        cls.web = Web(cls.lab)
        piece = hashlib.sha256(b"sekisho").digest() * 31250       # 1 MB
        digest = hashlib.sha256()
        with open(cls.web.pages / "big.bin", "wb") as file:
            for number in range(GIGABYTE // len(piece)):
                block = number.to_bytes(8, "big") + piece[8:]
                file.write(block)
                digest.update(block)
        cls.digest = digest.hexdigest()

    def drops(self):
        status = self.box.fast_status()
        missed = sum(port["rx_missed"] + port["rx_errors"] + port["tx_errors"] for port in status["ports"])
        verdicts = status["workers"][0]["verdicts"]
        return missed, verdicts.get("drop", {})

    def transfer(self, result):
        target = self.came
        done = self.lab.run("client", "curl", "-sS", "--max-time", "240", "-o", target, "-w", "%{num_connects} %{speed_download}",
                            f"http://{SERVER4}/big.bin", check=False, timeout=250)
        result["code"], result["said"], result["out"] = done.returncode, done.stderr, done.stdout
        digest = hashlib.sha256()
        with open(target, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        result["digest"] = digest.hexdigest()

    def test_transfer_through_reloads(self):
        before = self.drops()
        version = self.box.fast_status()["policy"]["version"]
        result, reloads, longest = {}, 0, 0.0
        self.came = self.lab.folder / "came.bin"
        self.came.touch()
        worker = threading.Thread(target=self.transfer, args=(result,))
        with Stream(self.lab, interval=0.005) as stream:
            worker.start()
            for number in range(RELOADS):
                share = GIGABYTE * number // (RELOADS + 1)
                wait_for(f"{share} octets", lambda s=share: self.came.stat().st_size >= s or not worker.is_alive(), 120)
                # A changed rule each time: every reload is a new set.
                self.box.local_rules.write_text(
                    f'alert http any any -> any any (msg:"set {number}"; http.uri; content:"/set-{number}"; sid:{1000 + number};)\n')
                began = time.monotonic()
                self.box.reload()
                longest = max(longest, time.monotonic() - began)
                reloads += worker.is_alive()
            worker.join()
        print(f"{reloads} of {RELOADS} reloads during the transfer, longest {longest:.2f} s; {result['out']} octets/s; "
              f"{stream.sent} echoes, {stream.lost} lost", file=sys.stderr)
        self.assertEqual(result["code"], 0, result["said"])
        self.assertEqual(result["digest"], self.digest)
        self.assertEqual(result["out"].split()[0], "1", "one connection from the first octet to the last")
        self.assertEqual(self.box.fast_status()["policy"]["version"], version + RELOADS)
        self.assertEqual(stream.lost, 0)
        # What the kernel loses before the box leaves a hole, and more than a megabyte behind it is left to the sender.
        drops = {cause: count for cause, count in self.drops()[1].items() if cause != "stream_no_room"}
        self.assertEqual(drops, before[1], "the engine dropped something, by cause")
        # TCP fills every queue it finds, with or without reloads; the echoes above are what must not be lost.
        print(f"frames missed by ports: {self.drops()[0] - before[0]}", file=sys.stderr)

    def test_refused_reload_keeps_the_rules(self):
        self.box.local_rules.write_text('alert tcp any any -> any 9 (msg:"kept"; content:"kept-needle"; sid:77;)\n')
        self.box.reload()
        settings = self.box.settings_file.read_text()
        self.addCleanup(self.box.settings_file.write_text, settings)
        self.box.settings_file.write_text("fastpath: [this is no settings file\n")
        with self.assertRaises(Refused):
            self.box.reload()
        self.assertIn("kept-needle", self.box.control("fastpath", "rule", "77"))
        self.assertEqual(curl(self.lab, "http://shop.example/").status, 200)


if __name__ == "__main__":
    main()
