"""A pass rule exempts what it matches."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    for number, host in enumerate(("backup.example.com", "www.example.com")):
        talk = Tcp(out, Wire(), sport=41000 + number).open()
        talk.client(http_request("/archive.zip", host=host)).server(http_response(b"PK")).close()
    return out
