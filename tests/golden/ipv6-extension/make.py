"""IPv6 extension headers do not hide the transport."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    wire = Wire("fd00:10::2", "2001:db8::10", extensions=[(0, b""), (60, b"")])
    talk = Tcp(out, wire).open()
    talk.client(http_request("/needle")).server(http_response(b"ok")).close()
    return out
