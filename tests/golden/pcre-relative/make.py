"""A relative pcre begins where the content ended."""
from make import Capture, Tcp, Wire


def build():
    out = Capture()
    talk = Tcp(out, Wire(), dport=9000).open()
    talk.client(b"CMD id=4711;\n", acked=True)
    talk.close()
    talk = Tcp(out, Wire(), sport=40001, dport=9000).open()
    talk.client(b"CMD id=x4711;\n").close()
    return out
