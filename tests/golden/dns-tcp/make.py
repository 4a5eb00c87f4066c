"""A name asked for over TCP is matched."""
from make import Capture, Tcp, Wire, dns_answer, dns_query


def build():
    out = Capture()
    talk = Tcp(out, Wire(server="203.0.113.53"), dport=53).open()
    query = dns_query("tunnel.exfil.example", 7)
    talk.client(len(query).to_bytes(2, "big") + query, cut=[1, 9])
    answer = dns_answer("tunnel.exfil.example", "192.0.2.9", 7)
    talk.server(len(answer).to_bytes(2, "big") + answer).close()
    return out
