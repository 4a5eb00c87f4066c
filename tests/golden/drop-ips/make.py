"""A drop rule in ips mode stops the packet and the rest of the flow."""
from make import Capture, Tcp, Wire, http_request, http_response


def build():
    out = Capture()
    talk = Tcp(out, Wire(), sport=41000).open()
    talk.client(http_request("/item?id=1%27%20UNION%20SELECT%20password%20FROM%20users--"), acked=False)
    talk.server(http_response(b"leak"))
    talk.close()
    other = Tcp(out, Wire(), sport=41001).open()
    other.client(http_request("/item?id=2")).server(http_response(b"ok")).close()
    return out
