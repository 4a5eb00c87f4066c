"""IP fragments: the request's segment in pieces that a box may put together in another way than the host."""
import itertools

from case import Case, request
from host import provable
from plan import MSS, Talk, frames
from wire import backwards, even_then_odd, shuffled

OVERLAP = (105, 106)                 # decode-event ipv4.frag_overlap, ipv6.frag_overlap
ODD = OVERLAP + (107, 108, 109, 110)


def _case(name, make, host, **more):
    return Case("fragments", name, make, host, needle=request, **more)


def _cut(size, order=None, twice=False, odd=None):
    """Pieces of `size` octets in an order; `odd` says what is peculiar about piece n of how many."""
    def pieces(payload):
        starts = list(range(0, len(payload), size))
        out = [(at, at + size < len(payload), payload[at:at + size], odd(n, len(starts)) if odd else {})
               for n, at in enumerate(starts)]
        out = [out[n] for n in order(len(out))] if order else out
        return [piece for piece in out for _ in range(2 if twice else 1)]
    return pieces


def _request(pieces, six=False, shape=None, **talk):
    def make(target, agent):
        return Talk(six=six, **talk).open().c(request(target, agent), pieces=pieces, shape=shape or {})
    return make


def _whole():
    orders = (("", None), ("-backwards", backwards), ("-odd-first", even_then_odd), ("-shuffled", shuffled(1)))
    for six, size, (name, order) in itertools.product((False, True), (8, 24, 64), orders):
        version = "v6" if six else "v4"
        yield _case(f"{version}-{size}{name}", _request(_cut(size, order), six), f"puts pieces of {size} together", live=not six)
    for six in (False, True):
        version = "v6" if six else "v4"
        yield _case(f"{version}-each-twice", _request(_cut(16, twice=True), six), "drops pieces it has, or the whole",
                    told=OVERLAP, live=not six, control=False)
    yield _case("v4-last-piece-three-times", _request(lambda payload: _cut(16)(payload) + _cut(16)(payload)[-1:] * 2),
                "completes the datagram with any copy of its last piece", control=False)
    yield _case("v4-last-first", _request(_cut(16, lambda n: [n - 1, *range(n - 1)])), "waits for the first piece")
    yield _case("v4-options-in-the-first", _request(_cut(24, odd=lambda n, _: {"options": b"\1\1\1\0"} if n == 0 else {})),
                "takes the first piece's options")
    yield _case("v4-options-in-all", _request(_cut(24, odd=lambda n, _: {"options": b"\x94\x04\0\0"})), "skips options",
                live=False)
    yield _case("v4-id-zero", _request(_cut(16), shape={"ident": 0}), "puts pieces together under number 0")
    yield _case("v4-dont-fragment", _request(_cut(16, odd=lambda *_: {"dont": True})), "does not look at DF in a piece")
    yield _case("v4-segments-in-fragments", lambda target, agent: _each_in_pieces(target, agent),
                "joins first pieces and then segments")
    hop, destination = (0, b"\x05\x02\0\0"), (60, b"\x8b\x02ab")
    yield _case("v6-hop-by-hop", _request(_cut(16, odd=lambda *_: {"extensions": (hop,)}), True), "skips the header before",
                live=False)
    yield _case("v6-destination-options", _request(_cut(16, odd=lambda *_: {"extensions": (destination,)}), True),
                "skips the header before", live=False)
    yield _case("v6-reserved-octet", _request(_cut(16, odd=lambda *_: {"reserved": 0xAA}), True), "does not look at reserved bits",
                live=False)
    yield _case("v6-atomic", _request(lambda payload: [(0, False, payload)], True), "takes a piece that is all", live=False)
    yield _case("v6-only-the-first-names-tcp", _request(_cut(16, odd=lambda n, _: {} if n == 0 else {"protocol": 60}), True),
                "takes the protocol of the first piece", live=False)


def _each_in_pieces(target, agent):
    talk, data = Talk().open(), request(target, agent)
    for n, at in enumerate(range(0, len(data), 11)):
        talk.c(data[at:at + 11], at=at, pieces=_cut(8, backwards), shape={"ident": 900 + n})
    return talk


def _overlaps():
    """A piece of junk over a part of the request, in every relation of their begins and ends, before and behind it."""
    spans = {"whole": (24, 48), "front": (16, 32), "back": (40, 64), "inside": (32, 40), "around": (16, 56),
             "same-begin": (24, 32), "same-end": (40, 48)}
    for six, (span, (begin, end)), first in itertools.product((False, True), spans.items(), ("junk", "real")):
        def pieces(payload, begin=begin, end=end, first=first):
            junk, real = (begin, True, b"j" * (end - begin)), (24, True, payload[24:48])
            middle = [junk, real] if first == "junk" else [real, junk]
            return [(0, True, payload[:24]), *middle, (48, False, payload[48:])]
        if not provable(_request(pieces, six), request):
            continue
        yield _case(f"{'v6' if six else 'v4'}-conflict-{span}-{first}-first", _request(pieces, six),
                    "takes one copy, as its system does, or drops the datagram", told=OVERLAP, control=False, live=not six)

    def same(payload):
        return [(0, True, payload[:24]), (16, True, payload[16:40]), (32, False, payload[32:])]
    for six in (False, True):
        yield _case(f"{'v6' if six else 'v4'}-overlap-same", _request(same, six), "takes it, or drops the datagram",
                    told=OVERLAP, control=False, live=not six)


def _oddities():
    def two_ends(payload):
        return [(0, True, payload[:24]), (48, False, payload[48:]), (24, False, b"j" * 16), (24, True, payload[24:48])]
    yield _case("v4-two-ends", _request(two_ends), "believes the first of two ends", told=ODD, control=False)

    def beyond_the_end(payload):
        end = (len(payload) + 7) // 8 * 8
        return [(0, True, payload[:24]), (end + 800, True, b"j" * 16), (24, False, payload[24:])]
    yield _case("v4-piece-beyond-the-end", _request(beyond_the_end), "drops what lies beyond the end", told=ODD, control=False)

    def odd_length(payload):
        return [(0, True, payload[:24] + b"jjj"), (24, False, payload[24:])]
    yield _case("v4-piece-not-of-eights", _request(odd_length), "cuts it, or drops it", told=ODD, control=False)
    yield _case("v6-piece-not-of-eights", _request(odd_length, True), "drops it", told=ODD, control=False, live=False)

    def bad_header(payload):
        return [(24, False, b"j" * (len(payload) - 24), {"bad_header": True}), (0, True, payload[:24]), (24, False, payload[24:])]
    yield _case("v4-junk-with-a-bad-header", _request(bad_header), "drops junk whose header's checksum is wrong", control=False)

    def other_number(payload):
        return [(24, False, b"j" * (len(payload) - 24), {"ident": 1}), (0, True, payload[:24]), (24, False, payload[24:])]
    yield _case("v4-junk-of-another-datagram", _request(other_number), "keeps datagrams apart by number", live=False)

    def slow(seconds, junk):
        def make(target, agent):
            talk, data = Talk().open(), request(target, agent)
            front = lambda payload: [(0, True, b"j" * 24 if junk else payload[:24])]
            rest = lambda payload: [(0, True, payload[:24]), (24, False, payload[24:])]
            talk.c(data, at=0, pieces=front, shape={"ident": 77})
            return talk.c(data, at=0, pieces=rest, shape={"ident": 77}, after=seconds)
        return make
    yield _case("v4-junk-31-s-before", slow(31, True), "has forgotten the junk after 30 s", told=OVERLAP, control=False, live=False)
    yield _case("v4-junk-61-s-before", slow(61, True), "has forgotten the junk after a minute", live=False, control=False)

    def waits(seconds):
        def make(target, agent):
            talk, data = Talk().open(), request(target, agent)
            talk.c(data, at=0, pieces=lambda payload: [(0, True, payload[:24])], shape={"ident": 78})
            return talk.c(data, at=0, pieces=lambda payload: [(24, False, payload[24:])], shape={"ident": 78}, after=seconds)
        return make
    yield _case("v4-second-piece-after-25-s", waits(25), "waits 30 s for a piece", live=False)

    def nested(target, agent):
        """A fragment of a fragment (RFC 8200 section 4.5 allows one fragment header)."""
        def pieces(payload):
            whole = bytes([frames.TCP, 0]) + (1).to_bytes(2, "big") + (7).to_bytes(4, "big") + payload[:48]
            second = bytes([frames.TCP, 0]) + (48).to_bytes(2, "big") + (7).to_bytes(4, "big") + payload[48:]
            out = []
            for number, octets in ((500, whole), (501, second)):
                out += [(0, True, octets[:32], {"protocol": 44, "ident": number}),
                        (32, False, octets[32:], {"protocol": 44, "ident": number})]
            return out
        return Talk(six=True).open().c(request(target, agent), pieces=pieces)
    yield Case("fragments", "v6-fragment-of-a-fragment", nested, "some systems go on putting together", told=(111, 112),
               control=False, live=False)

    def many(target, agent):
        talk, data = Talk(options=MSS).open(), request(target, agent)
        filler = lambda payload: [(0, True, b"f" * 8)]
        pieces = _cut(16)
        talk.c(data, at=0, pieces=lambda payload: pieces(payload)[:2], shape={"ident": 4000})
        for number in range(300):
            talk.c(data, at=0, pieces=filler, shape={"ident": 5000 + number})
        return talk.c(data, at=0, pieces=lambda payload: pieces(payload)[2:], shape={"ident": 4000})
    yield _case("v4-among-300-others", many, "keeps hundreds of datagrams in the making", live=False)


def cases():
    for family in (_whole, _overlaps, _oddities):
        yield from family()
