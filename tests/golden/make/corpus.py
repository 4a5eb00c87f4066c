"""Conversations of the parsers' corpus: direction, two octets of length, and the bytes, one behind the other."""
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "app" / "corpus"


def segments(name):
    """@return (to_server, bytes) of each segment of `name`, such as "quic/v1"."""
    octets, out = (CORPUS / name).read_bytes(), []
    while octets:
        size = int.from_bytes(octets[1:3], "big")
        out.append((octets[0] == 0, octets[3:3 + size]))
        octets = octets[3 + size:]
    return out
