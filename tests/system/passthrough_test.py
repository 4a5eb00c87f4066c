"""Inline, nothing listed: everything passes as it was. IPv4, IPv6, TCP, UDP, VLAN tags, frames that are not IP."""
import json
import subprocess
import sys

from lab import Web, curl, wait_for
from lab.namespaces import CLIENT4, SERVER4, SERVER6, SERVER_VLAN4
from support import BoxTest, main

_FRAMES = str(__file__).replace("passthrough_test.py", "frames.py")


class Passthrough(BoxTest):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.web = Web(cls.lab)

    def ping(self, address, *words):
        said = self.lab.run("client", "ping", "-q", "-c", "10", "-i", "0.05", "-W", "2", *words, address).stdout
        self.assertIn(" 0% packet loss", said)

    def iperf3(self, *words):
        # A server for each run: a standing one closes its port between two runs and resets who comes too early.
        server = self.lab.start("server", "iperf3-server", "iperf3", "-s", "-1")
        wait_for("iperf3", lambda: ":5201 " in self.lab.run("server", "ss", "-lntH").stdout)
        said = self.lab.run("client", "iperf3", "-J", "-t", "2", *words, check=False).stdout
        report = json.loads(said)
        self.assertNotIn("error", report)
        server.close(2.0)
        return report["end"]

    def test_ping(self):
        self.ping(SERVER4)
        self.ping(SERVER4, "-s", "1472", "-M", "do")

    def test_ping_fragmented(self):
        self.ping(SERVER4, "-s", "4000")

    def test_ping6(self):
        self.ping(SERVER6)
        self.ping(SERVER6, "-s", "4000")

    def test_http_and_https(self):
        for url in ("http://shop.example/", "https://shop.example/"):
            for address in (SERVER4, f"[{SERVER6}]"):
                with self.subTest(url=url, address=address):
                    page = curl(self.lab, url, address=address)
                    self.assertEqual((page.code, page.status), (0, 200), page.said)
                    self.assertIn("Parts list", page.body)

    def test_tcp_in_both_directions(self):
        for address in (SERVER4, SERVER6):
            for reverse in ([], ["-R"]):
                with self.subTest(address=address, reverse=bool(reverse)):
                    sums = self.iperf3("-c", address, *reverse)
                    rate = sums["sum_received"]["bits_per_second"]
                    print(f"iperf3 TCP {address} {'down' if reverse else 'up'}: {rate / 1e6:.0f} Mbit/s", file=sys.stderr)
                    self.assertGreater(rate, 20e6)

    def test_udp(self):
        for address in (SERVER4, SERVER6):
            with self.subTest(address=address):
                sums = self.iperf3("-c", address, "-u", "-b", "20M", "-l", "1200")["sum"]
                print(f"iperf3 UDP {address}: {sums['packets']} packets, {sums['lost_packets']} lost", file=sys.stderr)
                self.assertGreater(sums["packets"], 1000)
                self.assertLessEqual(sums["lost_packets"], sums["packets"] // 1000)

    def test_frames_pass_unchanged(self):
        """Tagged, twice tagged, LLDP, and a full-sized tagged frame: octet by octet, with their tags."""
        listen = subprocess.Popen(self.lab.argv("server", [sys.executable, "-B", _FRAMES, "receive", "wan0"]),
                                  stdout=subprocess.PIPE, text=True)
        self.assertEqual(listen.stdout.readline().strip(), "ready")
        self.lab.run("client", sys.executable, "-B", _FRAMES, "send", "lan0")
        said, _ = listen.communicate(timeout=20)
        self.assertEqual(listen.returncode, 0, said)

    def test_vlan_interfaces(self):
        if not self.lab.add_vlan():
            self.skipTest("this kernel has no VLAN interfaces; test_frames_pass_unchanged covers the tags")
        self.ping(SERVER_VLAN4)
        page = curl(self.lab, "http://shop.example/", address=SERVER_VLAN4)
        self.assertEqual(page.status, 200)

    def test_the_box_counts_what_passed(self):
        before = {port["name"]: port for port in self.box.fast_status()["ports"]}
        self.ping(SERVER4)
        after = {port["name"]: port for port in self.box.fast_status()["ports"]}
        for name in ("lan", "wan"):
            self.assertGreaterEqual(after[name]["rx_frames"] - before[name]["rx_frames"], 10)
            self.assertEqual(after[name]["tx_errors"], 0)
        flows = self.box.fast_status()["flows"]
        self.assertGreater(flows, 0, f"a conversation of {CLIENT4} is a flow")


if __name__ == "__main__":
    main()
