"""A pattern over IPv6 fragments is found."""
from make import Capture, Wire, frames


def build():
    out = Capture()
    wire = Wire("fd00:10::2", "2001:db8::10")
    datagram = frames.udp_datagram(wire.client, wire.server, 5000, 9999, b"." * 34 + b"fragmented-needle" + b"." * 9)
    for at in (0, 48):
        offset = at | (1 if at == 0 else 0)
        header = offset.to_bytes(2, "big") + b"\x00\x00\x00\x4d"
        packet = frames.ipv6(wire.client, wire.server, frames.UDP, datagram[at:at + 48], extensions=[(44, header)])
        out.add(wire.frame(True, packet))
    return out
