"""threshold: type limit tells once per source and interval."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    for number in range(6):
        talk = Tcp(out, Wire(), sport=41000 + number).open()
        talk.client(http_request("/scan")).server(http_response(b"ok")).close()
    out.pause(70)
    talk = Tcp(out, Wire(), sport=42000).open()
    talk.client(http_request("/scan")).server(http_response(b"ok")).close()
    return out
