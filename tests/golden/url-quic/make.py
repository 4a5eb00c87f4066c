"""The URL filter stops a server name that QUIC's Initial packets carry in pieces."""
from make import Capture, Wire, segments


def build():
    out = Capture()
    for number, (name, server) in enumerate((("quic/pieces", "203.0.113.10"), ("quic/retry", "203.0.113.11"))):
        wire = Wire(server=server)
        for to_server, datagram in segments(name):
            ports = (50000 + number, 443)
            out.add(wire.udp(to_server, *(ports if to_server else ports[::-1]), datagram))
        out.add(wire.udp(True, 50000 + number, 443, b"\x40 encrypted from here on"))
    return out
