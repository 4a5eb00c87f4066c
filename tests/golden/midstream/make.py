"""A conversation without its handshake is taken up when asked to."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire())
    talk.client(http_request("/needle")).server(http_response(b"ok")).close()
    return out
