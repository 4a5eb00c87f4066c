"""Of overlapping TCP data the first copy counts."""
from make import Capture, Tcp, Wire, frames


def build():
    out = Capture()
    talk = Tcp(out, Wire(), dport=9000).open()
    base = talk.next[0]
    talk.segment(True, frames.PSH | frames.ACK, b"attack end\n", seq=base + 6)
    talk.segment(True, frames.PSH | frames.ACK, b"first-harmls", seq=base)
    talk.next[0] = base + 17
    talk.segment(False, frames.ACK)
    talk.close()
    return out
