"""A plain HTTP request raises an alert."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire()).open()
    talk.client(http_request("/admin/setup.php?step=1")).server(http_response(b"<p>hello</p>", "404 Not Found"))
    talk.close()
    return out
