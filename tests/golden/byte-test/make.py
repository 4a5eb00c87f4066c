"""byte_test and isdataat read numbers and ends."""
from make import Capture, Wire


def build():
    out = Capture()
    wire = Wire()
    for number, length in enumerate((900, 1001)):
        out.add(wire.udp(True, 5000 + number, 7777, b"LEN" + length.to_bytes(2, "big") + b"...."))
    out.add(wire.udp(True, 5002, 7777, b"LEN" + (2000).to_bytes(2, "big")))
    return out
