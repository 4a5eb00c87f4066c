"""A TCP conversation as a plan: segments by relative sequence numbers, so that the same plan is a capture for the
replay and is played for real against a server that chooses its own numbers."""
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "golden"))
from make import frames                                                        # noqa: E402
from make.frames import ACK, FIN, PSH, RST, SYN, URG                           # noqa: E402

MSS = bytes([2, 4, 5, 0xB4])
SCALE = bytes([1, 3, 3, 7])


def timestamps(value, echo=0):
    return bytes([1, 1, 8, 10]) + value.to_bytes(4, "big") + echo.to_bytes(4, "big")


@dataclass
class Segment:
    """@param at      sequence number, counted from the first octet behind the sender's SYN (the SYN itself: -1)
    @param ack        the same for the other side; None: no acknowledgment number
    @param pieces     IP fragments instead of one packet: (offset, more, octets) of the IP payload, by a function of it
    @param after      seconds of silence before it
    @param shape      what else the wire does to it, see wire.py
    """
    to_server: bool
    flags: int
    at: int = 0
    data: bytes = b""
    ack: int | None = 0
    window: int = 65535
    options: bytes = b""
    urgent: int = 0
    bad_checksum: bool = False
    pieces: object = None
    after: float = 0
    port: int | None = None
    shape: dict = field(default_factory=dict)


class Talk:
    """@param start  initial sequence number of the client"""

    def __init__(self, start=1000, port=80, six=False, options=MSS + SCALE, **wire):
        self.steps = []
        self.start, self.port, self.six, self.options, self.wire = start, port, six, options, wire
        self.sent = 0       # octets of the client that are in order so far

    def add(self, **more):
        self.steps.append(Segment(**more))
        return self

    def open(self, last_ack=True, **more):
        self.add(to_server=True, flags=SYN, at=-1, ack=None, options=self.options, **more)
        self.add(to_server=False, flags=SYN | ACK, at=-1, options=self.options)
        return self.c(b"", flags=ACK, at=0) if last_ack else self

    def c(self, data, at=None, flags=PSH | ACK, **more):
        """A segment of the client; without `at` it follows on."""
        follows = at is None
        self.add(to_server=True, flags=flags, at=self.sent if follows else at, data=data, **more)
        if follows:
            self.sent += len(data)
        return self

    def s(self, data=b"", at=0, flags=ACK, ack=0, **more):
        """What a server would say; a real one says it by itself."""
        return self.add(to_server=False, flags=flags, at=at, data=data, ack=ack, **more)

    def send(self, data, size=1400, order=None, **more):
        """The client's data in segments of `size`, or cut at the offsets of a list, in the order given."""
        cuts = list(range(0, len(data), size)) if isinstance(size, int) else [0, *size]
        pieces = [(self.sent + begin, data[begin:end]) for begin, end in zip(cuts, cuts[1:] + [len(data)])]
        for at, piece in [pieces[n] for n in order(len(pieces))] if order else pieces:
            self.c(piece, at=at, **more)
        self.sent += len(data)
        return self

    def close(self):
        self.c(b"", flags=FIN | ACK)
        return self.s(flags=FIN | ACK, ack=self.sent + 1)


def build(segment, ends, ports, numbers):
    """The TCP segment as octets. @param numbers  initial sequence numbers of client and server"""
    me, peer = (0, 1) if segment.to_server else (1, 0)
    ack = 0 if segment.ack is None else numbers[peer] + 1 + segment.ack
    out = frames.tcp_segment(*ends, *ports, numbers[me] + 1 + segment.at, ack, segment.flags, segment.data,
                             window=segment.window, options=segment.options)
    if segment.urgent:
        out = bytearray(out)
        out[18:20] = segment.urgent.to_bytes(2, "big")
        out[16:18] = b"\0\0"
        total = frames.checksum(frames.pseudo_header(*ends, frames.TCP, len(out)) + bytes(out))
        out[16:18] = total.to_bytes(2, "big")
    if segment.bad_checksum:
        out = bytearray(out)
        out[16] ^= 0x55
    return bytes(out)


__all__ = ["ACK", "FIN", "MSS", "PSH", "RST", "SCALE", "SYN", "URG", "Segment", "Talk", "build", "frames", "timestamps"]
