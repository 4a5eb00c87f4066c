"""A rule that cannot be loaded is counted and the rest works."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire()).open()
    talk.client(http_request("/needle")).server(http_response(b"ok")).close()
    return out
