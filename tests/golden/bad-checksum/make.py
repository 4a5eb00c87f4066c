"""A segment with a wrong checksum is not believed."""
from make import Capture, Tcp, Wire, frames


def build():
    out = Capture()
    talk = Tcp(out, Wire(), dport=9000).open()
    talk.segment(True, frames.PSH | frames.ACK, b"needle\n", bad_checksum=True)
    talk.segment(True, frames.PSH | frames.ACK, b"thread\n")
    talk.next[0] += 7
    talk.segment(False, frames.ACK)
    talk.close()
    return out
