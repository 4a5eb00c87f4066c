"""Sequence numbers may wrap inside a pattern."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire(), start=(0xFFFFFFF0, 5000)).open()
    talk.client(http_request("/the/needle"), cut=5).server(http_response(b"ok")).close()
    return out
