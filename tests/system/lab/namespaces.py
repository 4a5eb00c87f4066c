"""The namespaces and links of a lab, and the addresses in it."""
import itertools
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from .process import Process, run

CLIENT4, SERVER4, OTHER4 = "192.168.10.2", "203.0.113.10", "203.0.113.11"
CLIENT6, SERVER6 = "fd00:10::2", "2001:db8::10"
VLAN = 100
CLIENT_VLAN4, SERVER_VLAN4 = "192.168.110.2", "192.168.110.10"
BOX_SOC4, SOC4 = "10.99.0.1", "10.99.0.2"

# veth hands over unfinished checksums and 64 KiB segments unless told otherwise; a port sees what a wire shows.
_OFFLOADS = ("tx", "off", "rx", "off", "tso", "off", "gso", "off", "gro", "off", "sg", "off")
_tags = itertools.count()


class LabUnavailable(Exception):
    """The machine does not let us make namespaces."""


def _end_on_signal(number, _frame):
    sys.exit(128 + number)


class Lab:
    """Four namespaces and the folder of everything that runs in them. Use as a context manager.

    @param box  False: client and server are joined directly, without a box between them
    """

    def __init__(self, box=True):
        self.tag = f"sk{os.getpid()}x{next(_tags)}"
        self.names = ["client", "server"] + (["box", "soc"] if box else [])
        self.folder = Path(tempfile.mkdtemp(prefix="sekisho-lab-"))
        # Daemons that give up root still have to reach their files in here.
        self.folder.chmod(0o755)
        self._processes = []
        self._made = []
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, _end_on_signal)
        try:
            for name in self.names:
                self._add_namespace(name)
            self._join(box)
            self._address()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ns(self, name):
        return f"{self.tag}-{name}"

    def argv(self, where, words):
        """A command line that runs words in a namespace; the process id stays the command's own."""
        return ["ip", "netns", "exec", self.ns(where), *words]

    def run(self, where, *words, **more):
        return run(self.argv(where, words), **more)

    def start(self, where, name, *words, env=None):
        child = Process(name, self.argv(where, words), self.folder / f"{name}.log", env=env)
        self._processes.append(child)
        return child

    def close(self):
        for child in reversed(self._processes):
            child.close(2.0)
        for name in self._made:
            run(["ip", "netns", "del", self.ns(name)], check=False)
        self._made.clear()
        if os.environ.get("SEKISHO_LAB_KEEP"):
            print(f"lab kept: {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _add_namespace(self, name):
        done = run(["ip", "netns", "add", self.ns(name)], check=False)
        if done.returncode != 0:
            denied = any(word in done.stderr for word in ("not permitted", "denied", "not supported", "Invalid argument"))
            raise (LabUnavailable if denied else RuntimeError)(f"ip netns add: {done.stderr.strip()}")
        self._made.append(name)
        self.run(name, "ip", "link", "set", "lo", "up")

    def _link(self, left, left_name, right, right_name):
        run(["ip", "link", "add", left_name, "netns", self.ns(left), "type", "veth", "peer", "name", right_name,
             "netns", self.ns(right)])
        for where, name in ((left, left_name), (right, right_name)):
            # No address of its own: nothing but the test's traffic is on the wire.
            self.run(where, "sysctl", "-qw", f"net.ipv6.conf.{name}.addr_gen_mode=1", check=False)
            self.run(where, "ethtool", "-K", name, *_OFFLOADS, check=False)
            self.run(where, "ip", "link", "set", name, "txqueuelen", "10000", "up")

    def _join(self, box):
        if not box:
            self._link("client", "lan0", "server", "wan0")
            return
        self._link("client", "lan0", "box", "lan")
        self._link("box", "wan", "server", "wan0")
        self._link("box", "soc", "soc", "soc0")
        for name in ("lan", "wan"):
            # The box's own kernel keeps quiet on the data ports.
            self.run("box", "sysctl", "-qw", f"net.ipv6.conf.{name}.disable_ipv6=1", check=False)
            self.run("box", "ip", "link", "set", name, "promisc", "on", "arp", "off")

    def _address(self):
        self._addresses("client", "lan0", [f"{CLIENT4}/24", f"{CLIENT6}/64"],
                        ["203.0.113.0/24", "2001:db8::/64"])
        self._addresses("server", "wan0", [f"{SERVER4}/24", f"{OTHER4}/24", f"{SERVER6}/64"],
                        ["192.168.10.0/24", "fd00:10::/64"])
        if "soc" in self.names:
            self.run("box", "ip", "address", "add", f"{BOX_SOC4}/24", "dev", "soc")
            self.run("soc", "ip", "address", "add", f"{SOC4}/24", "dev", "soc0")

    def _addresses(self, where, port, addresses, routes):
        for address in addresses:
            self.run(where, "ip", "address", "add", address, "dev", port, *(["nodad"] if ":" in address else []))
        for route in routes:
            self.run(where, "ip", "route", "add", route, "dev", port)

    def add_vlan(self):
        """Tagged interfaces on both ends. @return False when the kernel has no VLAN devices"""
        for where, port, address in (("client", "lan0", CLIENT_VLAN4), ("server", "wan0", SERVER_VLAN4)):
            made = self.run(where, "ip", "link", "add", "link", port, "name", f"{port}.{VLAN}", "type", "vlan", "id",
                            str(VLAN), check=False)
            if made.returncode != 0:
                return False
            self.run(where, "ip", "address", "add", f"{address}/24", "dev", f"{port}.{VLAN}")
            self.run(where, "ip", "link", "set", f"{port}.{VLAN}", "up")
        return True
