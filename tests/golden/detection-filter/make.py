"""detection_filter starts to alert after its count."""
from make import Capture, Tcp, Wire


def build():
    out = Capture()
    for number in range(6):
        talk = Tcp(out, Wire(), sport=41000 + number, dport=2323).open()
        talk.client(b"enable\r\n").close()
    return out
