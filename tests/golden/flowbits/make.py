"""One rule sets a flowbit, another asks for it."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire()).open()
    talk.client(http_request("/step-one")).server(http_response(b"one"))
    talk.client(http_request("/step-two")).server(http_response(b"two"))
    talk.close()
    return out
