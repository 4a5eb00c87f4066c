"""Pipelined requests are told apart."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire()).open()
    talk.client(http_request("/a") + http_request("/upload") + http_request("/b", method="POST", body=b"x=1"))
    talk.server(http_response(b"1") + http_response(b"2") + http_response(b"3")).close()
    return out
