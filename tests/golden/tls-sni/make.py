"""The server name of a ClientHello is matched, in one segment or in many."""
from make import Capture, Tcp, Wire, client_hello


def build():
    out = Capture()
    for number, cut in enumerate((1400, 11)):
        talk = Tcp(out, Wire(), sport=41000 + number, dport=443).open()
        talk.client(client_hello("login.phish.example"), cut=cut).reset(False)
    return out
