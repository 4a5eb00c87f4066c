"""A suppressed source is not told."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    for client in ("192.168.10.2", "192.168.10.3"):
        talk = Tcp(out, Wire(client)).open()
        talk.client(http_request("/needle")).server(http_response(b"ok")).close()
    return out
