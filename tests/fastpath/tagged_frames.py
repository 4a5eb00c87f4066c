"""Frames of many kinds sent in one namespace arrive in the other bit for bit. Usage: tagged_frames.py FROM TO"""
import ctypes
import os
import socket
import struct
import sys
import time

SOL_PACKET, PACKET_AUXDATA, VLAN_VALID, TPID_VALID = 263, 8, 0x10, 0x40


def socket_in(namespace):
    fd = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)
    made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    made.bind(("eth0", 0))
    made.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    made.settimeout(3)
    return made


def receive(sock, wanted):
    """The frame as it was on the wire: the kernel takes the outer tag off and hands it over beside the data."""
    end = time.monotonic() + 3
    while time.monotonic() < end:
        data, beside, _, _ = sock.recvmsg(65535, 256)
        if data[:12] != wanted[:12]:
            continue
        for level, kind, value in beside:
            if level == SOL_PACKET and kind == PACKET_AUXDATA:
                status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", value)
                if status & VLAN_VALID:
                    data = data[:12] + struct.pack("!HH", tpid if status & TPID_VALID else 0x8100, tci) + data[12:]
        return data
    return None


def frame(number, tags, ether_type, size, destination=b"\x02\0\0\0\0\x02"):
    head = destination + b"\x02\0\0\0\x01" + bytes([number]) + b"".join(struct.pack("!HH", *tag) for tag in tags)
    return head + struct.pack("!H", ether_type) + bytes(i & 0xFF for i in range(size))


CASES = {
    "experimental type": frame(1, [], 0x88B5, 60),
    "one tag": frame(2, [(0x8100, 7)], 0x88B5, 60),
    "tag with priority": frame(3, [(0x8100, 0xA007)], 0x88B5, 60),
    "two tags": frame(4, [(0x8100, 30), (0x8100, 7)], 0x88B5, 60),
    "full size with a tag": frame(5, [(0x8100, 7)], 0x88B5, 1500),
    "LLDP": frame(6, [], 0x88CC, 60, b"\x01\x80\xc2\0\0\x0e"),
    "spanning tree": frame(7, [], 50, 60, b"\x01\x80\xc2\0\0\0"),
    "broadcast": frame(8, [], 0x88B5, 60, b"\xff" * 6),
}


def main(source, target):
    sender, receiver = socket_in(source), socket_in(target)
    wrong = 0
    for name, sent in CASES.items():
        sender.send(sent)
        try:
            got = receive(receiver, sent)
        except TimeoutError:
            got = None
        if got != sent:
            print(f"{name}: sent {sent[:24].hex()} ({len(sent)}), got {got and got[:24].hex()} ({got and len(got)})")
            wrong += 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
