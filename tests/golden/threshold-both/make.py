"""threshold: type both tells once after enough hits."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    for number in range(8):
        talk = Tcp(out, Wire(), sport=41000 + number).open()
        talk.client(http_request("/login", method="POST", body=b"user=a")).server(http_response(b"no")).close()
    return out
