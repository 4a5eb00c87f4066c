"""A conversation with a VLAN tag is inspected and the tag reported."""
from make import Capture, Tcp, Wire, frames, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire(vlans=[(frames.VLAN, 100)])).open()
    talk.client(http_request("/needle")).server(http_response(b"ok")).close()
    return out
