"""A conversation inside an IP-in-IP tunnel is inspected."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire(tunnel="ipip")).open()
    talk.client(http_request("/needle")).server(http_response(b"ok")).close()
    return out
