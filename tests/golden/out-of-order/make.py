"""Segments that come out of order are put in order."""
from make import Capture, Tcp, Wire, frames, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire()).open()
    request = http_request("/download/needle.bin")
    first, second = request[:20], request[20:]
    talk.segment(True, frames.PSH | frames.ACK, second, seq=talk.next[0] + len(first))
    talk.segment(False, frames.ACK)
    talk.segment(True, frames.PSH | frames.ACK, first)
    talk.next[0] += len(request)
    talk.segment(False, frames.ACK)
    talk.server(http_response(b"ok")).close()
    return out
