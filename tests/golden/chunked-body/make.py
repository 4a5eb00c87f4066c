"""A pattern across the chunks of a body is found."""
from make import Capture, Tcp, Wire, chunked, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire()).open()
    talk.client(http_request("/report"))
    body = chunked(b"The report holds a secret_needle_word in its text.", 7)
    talk.server(http_response(body, headers=("Content-Type: text/plain", "Transfer-Encoding: chunked"), length=False))
    talk.close()
    return out
