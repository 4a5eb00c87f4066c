"""The URL filter blocks a server name of TLS."""
from make import Capture, Tcp, Wire, client_hello


def build():
    out = Capture()
    for number, host in enumerate(("www.evil.example", "www.example.com")):
        talk = Tcp(out, Wire(), sport=41000 + number, dport=443).open()
        talk.client(client_hello(host), cut=100, acked=False).reset(False)
    return out
