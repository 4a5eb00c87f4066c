"""A reject rule in ips mode blocks and says so."""
from make import Capture, Tcp, Wire


def build():
    out = Capture()
    talk = Tcp(out, Wire(), sport=41000, dport=6667).open()
    talk.client(b"NICK bot-1234\r\n")
    return out
