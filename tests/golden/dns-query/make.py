"""A name asked for over UDP is matched."""
from make import Capture, Wire, dns_answer, dns_query


def build():
    out = Capture()
    wire = Wire(server="203.0.113.53")
    for ident, name in enumerate(("update.vendor.example", "c2.botnet.example"), 1):
        out.add(wire.udp(True, 50000 + ident, 53, dns_query(name, ident)))
        out.add(wire.udp(False, 53, 50000 + ident, dns_answer(name, "192.0.2.7", ident)))
    return out
