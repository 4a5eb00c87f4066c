"""A pattern split over TCP segments is found."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire()).open()
    request = http_request("/cgi-bin/evil-needle.cgi")
    talk.client(request, cut=[10, 17, 18, 19, 24])
    talk.server(http_response(b"ok"))
    talk.close()
    return out
