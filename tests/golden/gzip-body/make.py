"""A gzip response body is inspected as the browser sees it."""
import gzip

from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    page = b"<html><body>" + b"spare parts " * 40 + b"<script>malicious_needle()</script></body></html>"
    body = gzip.compress(page, mtime=0)
    talk = Tcp(out, Wire()).open()
    talk.client(http_request("/shop"))
    talk.server(http_response(body, headers=("Content-Type: text/html", "Content-Encoding: gzip")), cut=60)
    talk.close()
    return out
