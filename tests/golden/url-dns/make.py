"""The URL filter blocks a name in DNS."""
from make import Capture, Wire, dns_query


def build():
    out = Capture()
    wire = Wire(server="203.0.113.53")
    for ident, name in enumerate(("cdn.evil.example", "www.example.com"), 1):
        out.add(wire.udp(True, 50000 + ident, 53, dns_query(name, ident)))
    return out
