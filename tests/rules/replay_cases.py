#!/usr/bin/env python3
"""Replays tests/rules/cases.json against the shipped rules and compares who fires with what each case expects.

Each case becomes a conversation of its own (own client address) in one capture; the inspector under test is
`sekisho replay` (default) or Suricata (--suricata), so the two can be held against each other.

Case fields: sid; kind (http-request, http-response, tcp-to-server, tcp-to-client, udp-to-server, icmp-echo: a request
of that data, tcp-probe: one segment without a conversation); port of the server; client ("home" or "external": which
side opens); one of text, hex, base64 with the octets of that direction; ask (hexadecimal: what the client says before
the server does); flags (of a tcp-probe); repeat (conversations, for rules with a threshold; default 1); expect (true:
the sid fires).
Exit code 0: all as expected; 1: not; 77: the inspector is not here.
"""
import argparse, base64, json, os, shutil, struct, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HOME_NET = "10.0.0.0/8"
MSS = 1400


def ipv4(octets):
    return bytes(int(part) for part in octets.split("."))


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet(protocol, source, target, segment, at):
    """Ethernet and IPv4 around a TCP or UDP segment or ICMP message; fills in its checksum at offset `at`."""
    pseudo = b"" if protocol == 1 else source + target + struct.pack(">BBH", 0, protocol, len(segment))
    sum_ = checksum(pseudo + segment)
    segment = segment[:at] + struct.pack(">H", sum_) + segment[at + 2:]
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), 1, 0x4000, 64, protocol, 0) + source + target
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0" + head + segment


class Conversation:
    """TCP between two hosts, with handshake, acknowledgements and an end."""

    def __init__(self, client, server, client_port, server_port):
        self.ends = [(client, client_port), (server, server_port)]
        self.sequence = [1000, 5000]
        self.packets = []

    def segment(self, side, flags, data=b""):
        (source, source_port), (target, target_port) = self.ends[side], self.ends[1 - side]
        head = struct.pack(">HHIIBBHHH", source_port, target_port, self.sequence[side],
                           0 if flags == 2 else self.sequence[1 - side], 0x50, flags, 65000, 0, 0)
        self.packets.append(packet(6, source, target, head + data, 16))
        self.sequence[side] += len(data) + (1 if flags & 3 else 0)

    def open(self):
        self.segment(0, 0x02)
        self.segment(1, 0x12)
        self.segment(0, 0x10)

    def say(self, side, data):
        for at in range(0, len(data), MSS):
            self.segment(side, 0x18, data[at:at + MSS])
            self.segment(1 - side, 0x10)

    def close(self):
        self.segment(0, 0x11)
        self.segment(1, 0x11)
        self.segment(0, 0x10)


def octets_of(case):
    if "text" in case:
        return case["text"].encode("utf-8")
    return bytes.fromhex(case["hex"]) if "hex" in case else base64.b64decode(case["base64"])


def packets_of(case, client, server, client_port):
    data, kind, port = octets_of(case), case["kind"], case["port"]
    if kind == "udp-to-server":
        head = struct.pack(">HHHH", client_port, port, 8 + len(data), 0)
        return [packet(17, client, server, head + data, 6)]
    if kind == "icmp-echo":
        return [packet(1, client, server, struct.pack(">BBHHH", 8, 0, 0, client_port, 1) + data, 2)]
    if kind == "tcp-probe":
        probe = Conversation(client, server, client_port, port)
        probe.segment(0, case["flags"], data)
        return probe.packets
    talk = Conversation(client, server, client_port, port)
    talk.open()
    if kind == "http-response":
        talk.say(0, b"GET /file HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: Mozilla/5.0\r\n\r\n")
    if "ask" in case:
        talk.say(0, bytes.fromhex(case["ask"]))
    to_client = kind in ("http-response", "tcp-to-client")
    talk.say(1 if to_client else 0, data)
    if kind == "http-request":
        talk.say(1, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok")
    talk.close()
    return talk.packets


def write_capture(cases, path):
    """One case, one address: the opener of case N is x.y.N, so an alert tells its case."""
    owner = {}
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        now = 1_700_000_000_000_000
        for number, case in enumerate(cases):
            home = "10.1.%d.%d" % (number // 200, number % 200 + 1)
            external = "203.0.%d.%d" % (number // 200, number % 200 + 1)
            owner[home] = owner[external] = number
            client, server = (home, external) if case.get("client", "home") == "home" else (external, home)
            for turn in range(case.get("repeat", 1)):
                for frame in packets_of(case, ipv4(client), ipv4(server), 20000 + turn):
                    out.write(struct.pack("<IIII", now // 1_000_000, now % 1_000_000, len(frame), len(frame)) + frame)
                    now += 1000
    return owner


def rule_files():
    folder = os.path.join(ROOT, "rules")
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".rules"))


def run_suricata(capture, folder):
    program = shutil.which("suricata")
    if not program:
        return None
    rules = os.path.join(folder, "all.rules")
    events = os.path.join(folder, "eve.json")
    if os.path.exists(events):
        os.remove(events)  # Suricata appends
    with open(rules, "w", encoding="utf-8") as out:
        for path in rule_files():
            out.write(open(path, encoding="utf-8").read())
    subprocess.run([program, "-r", capture, "-S", rules, "-l", folder, "-k", "none", "--runmode", "single",
                    "--set", "vars.address-groups.HOME_NET=[%s]" % HOME_NET,
                    "--set", "vars.address-groups.EXTERNAL_NET=!$HOME_NET",
                    "--set", "classification-file=" + os.path.join(ROOT, "rules", "classification.config")],
                   check=True, stdout=subprocess.DEVNULL)
    return events


def run_sekisho(capture, folder):
    build = os.environ.get("SEKISHO_BUILD", os.path.join(ROOT, "build"))
    program = os.path.join(build, "sekisho")
    if not os.access(program, os.X_OK):
        return None
    events = os.path.join(folder, "events.json")
    command = [program, "replay", "--json", "--home-net", HOME_NET]
    for path in rule_files():
        command += ["--rules", path]
    with open(events, "wb") as out:
        subprocess.run(command + [capture], check=True, stdout=out)
    return events


def fired(events, owner):
    pairs = set()
    for line in open(events, encoding="utf-8", errors="replace"):
        event = json.loads(line)
        if event.get("event_type", event.get("event")) != "alert":
            continue
        # src and dest belong to the same case
        number = owner.get(event["src_ip"], owner.get(event["dest_ip"]))
        pairs.add((number, event["alert"]["signature_id"]))
    return pairs


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--suricata", action="store_true", help="ask Suricata instead of sekisho replay")
    arguments.add_argument("--keep", help="folder for capture and events")
    options = arguments.parse_args()
    cases = json.load(open(os.path.join(HERE, "cases.json"), encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or scratch
        os.makedirs(folder, exist_ok=True)
        capture = os.path.join(folder, "cases.pcap")
        owner = write_capture(cases, capture)
        events = (run_suricata if options.suricata else run_sekisho)(capture, folder)
        if events is None:
            print("the inspector is not here: skipped")
            return 77
        pairs = fired(events, owner)
    wrong = 0
    for number, case in enumerate(cases):
        if ((number, case["sid"]) in pairs) != case["expect"]:
            wrong += 1
            print("case %d: sid %d should%s fire: %r" % (number, case["sid"], "" if case["expect"] else " not",
                                                        octets_of(case)[:100]))
    print("%d cases, %d wrong" % (len(cases), wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
