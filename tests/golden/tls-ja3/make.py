"""The JA3 hash of a ClientHello is matched."""
from make import Capture, Tcp, Wire, client_hello


def build():
    out = Capture()
    talk = Tcp(out, Wire(), dport=443).open()
    talk.client(client_hello("www.example.com")).reset(False)
    return out
