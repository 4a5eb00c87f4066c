"""A Telnet login, and a word with a command in it."""
from make import Capture, Tcp, Wire, segments


def build():
    out = Capture()
    for name, port in (("telnet/login", 23), ("telnet/hidden", 2323), ("telnet/environment", 23)):
        talk = Tcp(out, Wire(), sport=40000 + port + len(name), dport=port).open()
        for to_server, octets in segments(name):
            (talk.client if to_server else talk.server)(octets)
        talk.close()
    return out
