"""byte_jump goes over a field of stated length."""
from make import Capture, Wire


def build():
    out = Capture()
    for number, field in enumerate((b"abcdef", b"abcdefg")):
        wire = Wire()
        out.add(wire.udp(True, 5000 + number, 7777, b"HDR\x06" + field + b"MARK"))
    return out
