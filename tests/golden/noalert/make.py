"""noalert keeps a rule silent."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire()).open()
    talk.client(http_request("/needle")).server(http_response(b"ok")).close()
    return out
