"""A conversation with two tags is inspected and both tags reported."""
from make import Capture, Tcp, Wire, frames, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire(vlans=[(frames.QINQ, 200), (frames.VLAN, 100)])).open()
    other = Tcp(out, Wire(vlans=[(frames.QINQ, 200), (frames.VLAN, 101)])).open()
    request = http_request("/needle")
    talk.client(request[:8])
    other.client(request[8:])
    talk.client(request[8:]).server(http_response(b"ok")).close()
    return out
