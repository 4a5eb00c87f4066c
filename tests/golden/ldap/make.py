"""LDAP: a directory, a search for a domain controller, StartTLS, and a bind that hides what follows."""
from make import Capture, Tcp, Wire, segments


def build():
    out = Capture()
    for number, (name, port) in enumerate((("directory", 389), ("many", 3268), ("starttls", 10389), ("sasl", 389), ("unasked", 389))):
        talk = Tcp(out, Wire(), sport=40000 + number, dport=port).open()
        for to_server, octets in segments("ldap/" + name):
            (talk.client if to_server else talk.server)(octets)
        talk.close()
    for to_server, octets in segments("ldap_udp/ping"):
        out.add(Wire().udp(to_server, *((50000, 389) if to_server else (389, 50000)), octets))
    return out
