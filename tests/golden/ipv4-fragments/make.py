"""A pattern over IPv4 fragments is found."""
from make import Capture, Wire, frames


def build():
    out = Capture()
    wire = Wire()
    datagram = frames.udp_datagram(wire.client, wire.server, 5000, 9999, b"." * 30 + b"fragmented-needle" + b"." * 20)
    for packet in frames.fragments4(wire.client, wire.server, frames.UDP, datagram, 24, order=[0, 2, 1, 3]):
        out.add(wire.frame(True, packet))
    return out
