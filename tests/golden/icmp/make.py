"""ICMP is matched by type and content."""
from make import Capture, Wire, frames


def build():
    out = Capture()
    wire = Wire()
    for to_server, kind in ((True, 8), (False, 0)):
        out.add(wire.frame(to_server, wire.packet(to_server, frames.ICMP, frames.icmp4(kind, 0, 0x00010001, b"covert-needle"))))
    return out
