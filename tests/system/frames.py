"""Sends and receives whole frames on an interface: frames.py send IF | frames.py receive IF (exit code 0: all came).

The kernel takes the outer tag off a frame before a packet socket sees it and says so beside it (PACKET_AUXDATA);
the receiver puts it back.
"""
import socket
import struct
import sys
import time

ETH_P_ALL, SOL_PACKET, PACKET_AUXDATA = 0x0003, 263, 8
TP_STATUS_VLAN_VALID, TP_STATUS_VLAN_TPID_VALID = 1 << 4, 1 << 6
MACS = bytes.fromhex("0200000000010200000000aa")
EXPERIMENTAL = b"\x88\xb5"      # IEEE 802 local experimental: no stack answers

FRAMES = {
    "untagged": MACS + EXPERIMENTAL + b"untagged" + bytes(60),
    "one tag": MACS + b"\x81\x00\x00\x64" + EXPERIMENTAL + b"one tag" + bytes(60),
    "priority tag": MACS + b"\x81\x00\xe0\x64" + EXPERIMENTAL + b"priority" + bytes(60),
    "two tags": MACS + b"\x81\x00\x00\xc8\x81\x00\x00\x64" + EXPERIMENTAL + b"two tags" + bytes(60),
    "802.1ad": MACS + b"\x88\xa8\x00\xc8\x81\x00\x00\x64" + EXPERIMENTAL + b"provider" + bytes(60),
    "full tagged": MACS + b"\x81\x00\x00\x64" + EXPERIMENTAL + bytes(range(250)) * 6,
    "LLDP": bytes.fromhex("0180c200000e0200000000aa88cc") + b"\x02\x07\x04" + MACS[6:] + bytes(50),
}


# DPDK's driver for packet sockets tells a tag's value and not its type: there an 802.1ad tag leaves as 802.1Q.
ALSO_GOOD = {"802.1ad": FRAMES["802.1ad"][:12] + b"\x81\x00" + FRAMES["802.1ad"][14:]}


def send(interface):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as wire:
        wire.bind((interface, 0))
        for frame in FRAMES.values():
            wire.send(frame)
            time.sleep(0.01)


def receive_one(wire):
    data, beside, _, address = wire.recvmsg(65536, socket.CMSG_SPACE(20))
    if address[2] == socket.PACKET_OUTGOING:
        return b""
    for level, kind, value in beside:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", value[:20])
            if status & TP_STATUS_VLAN_VALID:
                tag = tpid if status & TP_STATUS_VLAN_TPID_VALID else 0x8100
                data = data[:12] + struct.pack(">HH", tag, tci) + data[12:]
    return data


def receive(interface):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as wire:
        wire.bind((interface, 0))
        wire.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        wire.settimeout(0.2)
        print("ready", flush=True)
        missing, end = dict(FRAMES), time.monotonic() + 8
        while missing and time.monotonic() < end:
            try:
                came = receive_one(wire)
            except TimeoutError:
                continue
            for name in [name for name, frame in missing.items() if came in (frame, ALSO_GOOD.get(name))]:
                del missing[name]
    print("did not come as sent: " + ", ".join(missing) if missing else "all came")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(send(sys.argv[2]) if sys.argv[1] == "send" else receive(sys.argv[2]))
