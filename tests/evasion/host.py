"""Hosts, as far as they matter here: which octets does a program get from the frames that arrive? Several systems at
once, because the attacker picks the one that helps him: which of two copies counts, and how much is checked."""
import itertools
import struct
from typing import NamedTuple

from case import ATTACK
from plan import frames
from wire import captured

_TAGS = (0x8100, 0x88A8, 0x9100)
_WINDOW = 65535 << 7


class System(NamedTuple):
    """@param tcp       which copy of a stream's octet counts: first or last
    @param pieces     the same for fragments: first, last, bsd, linux
    @param strict     checks ACK, time stamps and RST as RFC 5961 and RFC 7323 want; else takes what is in the window
    @param urgent     takes the urgent octet out of the data
    @param patience   seconds that it waits for fragments
    """
    tcp: str
    pieces: str
    strict: bool
    urgent: bool
    patience: int


SYSTEMS = [System(*kind) for kind in itertools.product(("first", "last"), ("first", "last", "bsd", "linux"), (True, False),
                                                       (False, True), (30, 60)) if (kind[1] == "first") or kind[2:] == (True, False, 30)]


class _Datagram:
    def __init__(self, now):
        self.began, self.pieces, self.size = now, [], None

    def add(self, offset, more, octets, policy):
        self.pieces.append((offset, len(self.pieces), octets))
        if not more and self.size is None:
            self.size = offset + len(octets)
        if self.size is None:
            return None
        # Later in this list covers earlier.
        order = {"first": lambda p: -p[1], "last": lambda p: p[1], "bsd": lambda p: (-p[0], -p[1]),
                 "linux": lambda p: (-p[0], p[1])}[policy]
        out, known = bytearray(self.size), bytearray(self.size)
        for at, _, piece in sorted(self.pieces, key=order):
            piece = piece[:max(0, self.size - at)]
            out[at:at + len(piece)] = piece
            known[at:at + len(piece)] = b"\1" * len(piece)
        return bytes(out) if all(known) else None


class _Connection:
    def __init__(self, start):
        self.start, self.octets, self.read, self.closed = start, {}, bytearray(), False
        self.urgent, self.stamp, self.end, self.server = set(), None, None, None


class Host:
    """Feed it with the frames that arrive in time order; `streams` are what its programs have got."""

    def __init__(self, system):
        self.system, self.datagrams, self.connections, self.past = system, {}, {}, []
        self.kinds = {}

    def frame(self, now, frame, to_server=True):
        at, kind = 12, int.from_bytes(frame[12:14], "big")
        while kind in _TAGS:
            at += 4
            kind = int.from_bytes(frame[at:at + 2], "big")
        at += 2
        if frame[:6] not in (frames.SERVER_MAC, frames.CLIENT_MAC):
            return
        if kind == frames.IPV4:
            self._ipv4(now, frame[at:])
        elif kind == frames.IPV6:
            self._ipv6(now, frame[at:])

    def streams(self):
        return [bytes(c.read) for c in [*self.past, *self.connections.values()]]

    def _ipv4(self, now, packet):
        head = (packet[0] & 15) * 4
        size, ident, word = struct.unpack(">HHH", packet[2:8])
        if frames.checksum(packet[:head]) or packet[8] < 2:
            return
        body, ends = packet[head:size], (packet[12:16], packet[16:20])
        offset, more = (word & 0x1FFF) * 8, bool(word & 0x2000)
        if offset or more:
            body = self._piece(now, (ends, ident, packet[9]), offset, more, body)
        if body and packet[9] == frames.TCP:
            self._tcp(now, ends, body)

    def _ipv6(self, now, packet):
        size, kind = int.from_bytes(packet[4:6], "big"), packet[6]
        ends, body = (packet[8:24], packet[24:40]), packet[40:40 + size]
        while kind in (0, 60, 43, 44):
            following = body[0]
            if kind == 44:
                word, ident = struct.unpack(">HI", body[2:8])
                body = body[8:]
                if word & 0xFFF9:
                    following, body = self._piece6(now, (ends, ident), word, following, body)
                if not body:
                    return
            else:
                body = body[(body[1] + 1) * 8:]
            kind = following
        if kind == frames.TCP:
            self._tcp(now, ends, body)

    def _piece6(self, now, key, word, kind, octets):
        """The protocol is what the first piece says."""
        whole = self._piece(now, key, word & 0xFFF8, bool(word & 1), octets)
        if not word & 0xFFF8:
            self.kinds[key] = kind
        return self.kinds.get(key, kind), whole

    def _piece(self, now, key, offset, more, octets):
        datagram = self.datagrams.get(key)
        if datagram is None or now - datagram.began > self.system.patience:
            datagram = self.datagrams[key] = _Datagram(now)
        if more:
            octets = octets[:len(octets) // 8 * 8]
        whole = datagram.add(offset, more, octets, self.system.pieces)
        if whole is not None:
            del self.datagrams[key]
        return whole

    def _tcp(self, now, ends, segment):
        sport, dport, seq, ack, offset, flags, _, _, pointer = struct.unpack(">HHIIBBHHH", segment[:20])
        src, dst = ends
        pseudo = src + dst + (struct.pack(">BBH", 0, 6, len(segment)) if len(src) == 4
                              else struct.pack(">IHBB", len(segment), 0, 0, 6))
        if frames.checksum(pseudo + segment):
            return
        head = (offset >> 4) * 4
        data, options = segment[head:], dict(self._options(segment[20:head]))
        if dport not in (25, 53, 80, 443):
            self._answer(ends, sport, dport, seq, flags, data)
            return
        key = (src, sport, dst, dport)
        self._from_client(key, seq, ack, flags, data, pointer, options)

    @staticmethod
    def _options(octets):
        """(kind, value) of each."""
        at = 0
        while at < len(octets) and octets[at] != 0:
            size = 1 if octets[at] == 1 else max(2, octets[at + 1])
            yield octets[at], octets[at + 2:at + size]
            at += size

    def _answer(self, ends, sport, dport, seq, flags, data):
        connection = self.connections.get((ends[1], dport, ends[0], sport))
        if connection:
            reach = (seq + len(data) + bool(flags & (frames.SYN | frames.FIN))) & 0xFFFFFFFF
            if connection.server is None or (reach - connection.server & 0xFFFFFFFF) < 1 << 31:
                connection.server = reach

    def _from_client(self, key, seq, ack, flags, data, pointer, options):
        connection, strict = self.connections.get(key), self.system.strict
        stamp = int.from_bytes(options[8][:4], "big") if 8 in options else None
        if flags & frames.SYN and not flags & (frames.ACK | frames.FIN):
            # Before anything was read a new start counts, as a server that was not reached takes it.
            if connection is None or connection.closed:
                if connection:
                    self.past.append(connection)
                connection = self.connections[key] = _Connection(seq)
                connection.stamp = stamp
                if options.get(34):  # fast open with a cookie
                    self._keep(connection, 0, data, 0)
                    self._deliver(connection)
            return
        if connection is None or connection.closed or flags & frames.SYN:
            return
        at = (seq - connection.start - 1 + (1 << 31) & 0xFFFFFFFF) - (1 << 31)
        expected = len(connection.read) + len(connection.urgent)
        if flags & frames.RST:
            connection.closed = at == expected or (not strict and expected <= at <= expected + _WINDOW)
            return
        if not flags & frames.ACK:
            return
        if strict:
            ahead = 0 if connection.server is None else (ack - connection.server + (1 << 31) & 0xFFFFFFFF) - (1 << 31)
            if ahead > 0 or ahead < -(1 << 24):
                return
            if stamp is not None and connection.stamp is not None and (stamp - connection.stamp & 0xFFFFFFFF) >= 1 << 31:
                return
            if stamp is not None and at <= expected:
                connection.stamp = stamp
        if at > expected + _WINDOW or at + len(data) < expected - (1 << 24):
            return
        if flags & frames.URG and self.system.urgent:
            connection.urgent_at = at + (pointer or 1) - 1
        self._keep(connection, at, data, expected)
        if flags & frames.FIN and connection.end is None:
            connection.end = at + len(data)
        self._deliver(connection)

    def _keep(self, connection, at, data, expected):
        for n, octet in enumerate(data):
            place = at + n
            if place < expected or (connection.end is not None and place >= connection.end):
                continue
            if place not in connection.octets or self.system.tcp == "last":
                connection.octets[place] = octet

    def _deliver(self, connection):
        at = len(connection.read) + len(connection.urgent)
        while at in connection.octets:
            octet = connection.octets.pop(at)
            if at == getattr(connection, "urgent_at", None):
                connection.urgent.add(at)
            else:
                connection.read.append(octet)
            at += 1


def timed(conversation):
    """(time, frame) of (silence, frame)"""
    now, out = 0.0, []
    for silence, frame in conversation:
        now += silence + 0.001
        out.append((now, frame))
    return out


def provable(make, needle):
    """Whether some system gets the attack when no box stands in the way."""
    return reaches(timed(captured(make(ATTACK, "browser"))), needle(ATTACK, "browser"))


def reaches(arrived, needle):
    """Whether some system's program gets the octets. @param arrived  (time, frame) in order"""
    for system in SYSTEMS:
        host = Host(system)
        for now, frame in arrived:
            host.frame(now, frame)
        if any(needle in stream for stream in host.streams()):
            return system
    return None
