"""DNS and TLS: names that a box may not find where resolver and server find them."""
import struct

from case import Case
from make import client_hello
from plan import Talk, frames
from wire import CLIENT, SERVER, ethernet, ip_packets

NAMES = {True: "attack.example", False: "orders.example"}


def _name(target):
    return NAMES[target == "/attack.cgi"]


def _labels(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def _query(question, count=1, more=b"", extra=0, flags=0x0100, answers=0):
    return struct.pack(">HHHHHH", 0x1234, flags, count, answers, 0, extra) + question + more


def _ask(name, kind=1):
    return _labels(name) + struct.pack(">HH", kind, 1)


def _udp(case_name, message, host, pieces=None, six=False, **more):
    def make(target, _agent):
        ends = ("fd00:10::77", "2001:db8::10") if six else (CLIENT, SERVER)
        datagram = frames.udp_datagram(*ends, 50000, 53, message(_name(target)))
        return [(0, ethernet(packet, six=six)) for packet in ip_packets(datagram, frames.UDP, six=six, pieces=pieces)]
    return Case("dns", case_name, make, host, sid=4, live=False, **more)


def _tcp(case_name, message, host, size, order=None, **more):
    def make(target, _agent):
        data = message(_name(target))
        return Talk(port=53).open().send(struct.pack(">H", len(data)) + data, size, order)
    return Case("dns", case_name, make, host, sid=4, live=False, **more)


def _dns():
    plain = lambda name: _query(_ask(name))
    odd = (140, 141, 142, 143)
    yield _udp("plain", plain, "asks")
    yield _udp("mixed-case", lambda n: plain("".join(c.upper() if i % 2 else c for i, c in enumerate(n))), "does not look at case")
    yield _udp("ipv6", plain, "asks over IPv6", six=True)
    yield _udp("edns", lambda n: _query(_ask(n), more=b"\0" + struct.pack(">HHIH", 41, 4096, 0, 0), extra=1), "takes an OPT record")
    yield _udp("record-type-any", lambda n: _query(_ask(n, 255)), "answers any type")
    yield _udp("below-another-name", lambda n: plain("a.b.c.d.e.f." + n), "asks for a name below")
    yield _udp("second-question", lambda n: _query(_ask("orders.example") + _ask(n), 2), "some answer the second question",
               control=False)
    # www + a pointer to the question's own second label, and a pointer that leads forward.
    yield _udp("pointer-in-second-question", lambda n: _query(_ask(n) + b"\x03www\xc0\x0c" + struct.pack(">HH", 1, 1), 2),
               "follows a pointer", control=False)
    yield _udp("pointer-forward", lambda n: _query(b"\xc0\x12" + struct.pack(">HH", 1, 1) + _labels(n)), "some follow a pointer forward",
               control=False, told=odd)
    yield _udp("pointer-to-pointer", lambda n: _query(b"\xc0\x12" + struct.pack(">HH", 1, 1) + b"\xc0\x14" + _labels(n)),
               "some follow pointers to pointers", control=False, told=odd)
    yield _udp("octets-behind", lambda n: plain(n) + b"junk" * 5, "does not look behind the message", control=False)
    yield _udp("checking-and-recursion-flags", lambda n: _query(_ask(n), flags=0x0130), "does not look at flags")
    fragments = lambda payload: [(at, at + 8 < len(payload), payload[at:at + 8]) for at in range(0, len(payload), 8)][::-1]
    yield _udp("in-fragments", plain, "puts fragments together", pieces=fragments)
    yield _tcp("tcp", plain, "asks over TCP", 1400)
    yield _tcp("tcp-cut-1", plain, "asks over TCP", 1)
    yield _tcp("tcp-cut-3-backwards", plain, "asks over TCP", 3, lambda n: list(range(n))[::-1])
    yield _tcp("tcp-second-message", lambda n: plain(n), "asks twice in one connection", [1, 2, 3])


def _records(hello, sizes, version=0x0301):
    """The handshake message of a ClientHello record in records of `sizes` octets, the last one repeated."""
    message, out, at, n = hello[5:], b"", 0, 0
    while at < len(message):
        size = sizes[min(n, len(sizes) - 1)]
        piece = message[at:at + size]
        out += struct.pack(">BHH", 22, version, len(piece)) + piece
        at += size
        n += 1
    return out


def _padded(name, octets):
    """A ClientHello whose extensions begin with `octets` of padding (RFC 7685)."""
    hello = bytearray(client_hello(name))
    session = 5 + 4 + 2 + 32
    at = session + 1 + hello[session]
    at += 2 + int.from_bytes(hello[at:at + 2], "big")
    at += 1 + hello[at]
    padding = struct.pack(">HH", 21, octets) + b"\0" * octets
    size = int.from_bytes(hello[at:at + 2], "big") + len(padding)
    body = bytes(hello[9:at]) + struct.pack(">H", size) + padding + bytes(hello[at + 2:])
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack(">H", len(message)) + message


def _tls():
    def case(name, build, host, size=1400, order=None, **more):
        make = lambda target, _agent: Talk(port=443).open().send(build(_name(target)), size, order)
        return Case("tls", name, make, host, sid=5, live=False, **more)
    plain = client_hello
    yield case("plain", plain, "reads the server name")
    for size in (1, 2, 7):
        yield case(f"segments-of-{size}", plain, "joins segments", size)
    yield case("segments-backwards", plain, "sorts segments", 9, lambda n: list(range(n))[::-1])
    for size in (1, 2, 5, 40):
        yield case(f"records-of-{size}", lambda n, size=size: _records(plain(n), [size]), "joins records")
    yield case("records-of-1-segments-of-1", lambda n: _records(plain(n), [1]), "joins records and segments", 1)
    for cut in (1, 3, 4, 50, 90, 110):
        yield case(f"two-records-at-{cut}", lambda n, cut=cut: _records(plain(n), [cut, 16000]), "joins two records")
    yield case("cut-in-the-name", lambda n: _records(plain(n), [plain(n).index(b".example") - 5, 16000]), "joins two records",
               [60, 100])
    yield case("warning-before", lambda n: b"\x15\x03\x01\0\2\1\x5a" + plain(n), "skips a warning", control=False)
    yield case("empty-record-before", lambda n: b"\x16\x03\x01\0\0" + plain(n), "skips an empty record", control=False)
    yield case("record-version-3.0", lambda n: _records(plain(n), [16000], 0x0300), "does not look at the record's version")
    yield case("record-version-3.3", lambda n: _records(plain(n), [16000], 0x0303), "does not look at the record's version")
    yield case("name-in-capitals", lambda n: plain(n.upper()), "does not look at case")
    for octets in (1500, 9000, 14000):
        yield case(f"padding-{octets}", lambda n, octets=octets: _padded(n, octets), "reads behind the padding")
    yield case("padding-9000-records-of-100", lambda n: _records(_padded(n, 9000), [100]), "joins many records", 333)


def cases():
    yield from _dns()
    yield from _tls()
