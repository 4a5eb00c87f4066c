"""HTTP/2 with prior knowledge: header fields and a compressed body are found by rules for http."""
from make import Capture, Tcp, Wire, segments


def build():
    out = Capture()
    talk = Tcp(out, Wire(), sport=41000, dport=80).open()
    for to_server, octets in segments("http2/get"):
        (talk.client if to_server else talk.server)(octets, cut=50)
    talk.reset(True)
    return out
