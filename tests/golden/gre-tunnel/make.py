"""A conversation inside a GRE tunnel is inspected."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire(tunnel="gre")).open()
    talk.client(http_request("/needle")).server(http_response(b"ok")).close()
    return out
