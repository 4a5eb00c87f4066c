"""The URL filter blocks a host over HTTP."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    for number, host in enumerate(("www.evil.example", "banner.ads.example", "notevil.example")):
        talk = Tcp(out, Wire(), sport=41000 + number).open()
        talk.client(http_request("/", host=host), acked=False).server(http_response(b"page")).close()
    return out
