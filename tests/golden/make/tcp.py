"""A TCP conversation that keeps its own sequence numbers."""
from . import frames
from .frames import ACK, FIN, PSH, RST, SYN


class Tcp:
    """Writes its segments into a capture. @param start  initial sequence numbers of client and server"""

    def __init__(self, capture, wire, sport=40000, dport=80, start=(1000, 5000)):
        self.capture, self.wire = capture, wire
        self.ports = (sport, dport)
        self.next = list(start)     # next sequence number of client, server

    def segment(self, to_server, flags, payload=b"", seq=None, **more):
        """One segment as it stands; sequence numbers do not move. @return the number of its frame"""
        return self.capture.add(self.build(to_server, flags, payload, seq, **more))

    def build(self, to_server, flags, payload=b"", seq=None, **more):
        me, peer = (0, 1) if to_server else (1, 0)
        ports = self.ports if to_server else self.ports[::-1]
        segment = frames.tcp_segment(*self.wire.ends(to_server), *ports, self.next[me] if seq is None else seq,
                                     self.next[peer] if flags & ACK else 0, flags, payload, **more)
        return self.wire.frame(to_server, self.wire.packet(to_server, frames.TCP, segment))

    def open(self):
        options = bytes([2, 4, 5, 0xB4])
        self.segment(True, SYN, options=options)
        self.next[0] += 1
        self.segment(False, SYN | ACK, options=options)
        self.next[1] += 1
        self.segment(True, ACK)
        return self

    def send(self, to_server, data, cut=1400, acked=True):
        """Data in segments of at most `cut` octets (or cut at the offsets of a list), each acknowledged."""
        borders = list(range(0, len(data), cut))[1:] if isinstance(cut, int) else list(cut)
        for begin, end in zip([0] + borders, borders + [len(data)]):
            piece = data[begin:end]
            self.segment(to_server, PSH | ACK, piece)
            self.next[0 if to_server else 1] += len(piece)
            if acked:
                self.segment(not to_server, ACK)
        return self

    def client(self, data, **more):
        return self.send(True, data, **more)

    def server(self, data, **more):
        return self.send(False, data, **more)

    def close(self):
        self.segment(True, FIN | ACK)
        self.next[0] += 1
        self.segment(False, FIN | ACK)
        self.next[1] += 1
        self.segment(True, ACK)
        return self

    def reset(self, to_server=True):
        self.segment(to_server, RST | ACK)
        return self
