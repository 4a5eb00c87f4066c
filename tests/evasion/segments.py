"""TCP: the same request in segments that a box may read in another order, or with other octets, than the host."""
import itertools

from case import Case, request
from host import provable
from plan import ACK, FIN, MSS, PSH, RST, SCALE, SYN, URG, Talk, timestamps
from wire import backwards, even_then_odd, shuffled

CONFLICT = (100,)                    # stream-event reassembly_overlap_different_data
OTHER_MAC = bytes.fromhex("02000000ee01"), bytes.fromhex("02000000ee02")


def _get(target, agent):
    return request(target, agent)


def _junk(data):
    return b"j" * len(data)


def _case(name, make, host, **more):
    return Case("segments", name, make, host, needle=_get, **more)


# Cuts and orders --------------------------------------------------------------------------------------------------

def _cut(size, order=None, **talk):
    return lambda target, agent: Talk(**talk).open().send(_get(target, agent), size, order)


def _orders():
    for size in (1, 2, 3, 5, 8, 13):
        yield _case(f"cut-{size}", _cut(size), f"takes the request from segments of {size}")
    for size, (name, order) in itertools.product((1, 4, 9), (("backwards", backwards), ("odd-first", even_then_odd),
                                                             ("shuffled", shuffled(7)), ("shuffled-again", shuffled(8)))):
        yield _case(f"cut-{size}-{name}", _cut(size, order), f"sorts segments of {size} that come {name}")
    yield _case("cut-in-the-word", _cut([7]), "joins a word that lies in two segments")
    yield _case("cut-at-line-ends", _cut([25, 26, 27]), "joins lines cut between CR and LF")
    yield _case("sequence-wraps", _cut(4, start=0xFFFFFFF0), "goes on at zero behind 2^32")
    yield _case("sequence-wraps-shuffled", _cut(4, shuffled(3), start=0xFFFFFFE0), "sorts around zero")
    yield _case("ipv6-cut-3-shuffled", _cut(3, shuffled(5), six=True), "the same over IPv6", live=False)


def _twice(target, agent):
    talk, data = Talk().open(), _get(target, agent)
    for at in range(0, len(data), 6):
        talk.c(data[at:at + 6], at=at).c(data[at:at + 6], at=at)
    return talk


def _sliding(step, length, order=None):
    """Each segment repeats a part of the one before, with the same octets."""
    def make(target, agent):
        talk, data = Talk().open(), _get(target, agent)
        starts = list(range(0, len(data), step))
        for at in [starts[n] for n in order(len(starts))] if order else starts:
            talk.c(data[at:at + length], at=at)
        return talk
    return make


def _handshake_games():
    def data_with_the_last_ack(target, agent):
        return Talk().open(last_ack=False).send(_get(target, agent), 9)

    def second_half_first(target, agent):
        data = _get(target, agent)
        return Talk().open(last_ack=False).c(data[20:], at=20).c(data[:20], at=0)

    def syn_with_data(target, agent):
        talk = Talk()
        talk.add(to_server=True, flags=SYN, at=-1, ack=None, options=talk.options, data=b"HEAD /nothing HTTP/1.1\r\n")
        talk.add(to_server=False, flags=SYN | ACK, at=-1, options=talk.options)
        return talk.c(b"", flags=ACK).send(_get(target, agent), 11)

    def syn_again(target, agent):
        talk = Talk().open()
        talk.add(to_server=True, flags=SYN, at=-1, ack=None, options=talk.options)
        return talk.send(_get(target, agent), 11)

    def other_syn_before(target, agent):
        talk = Talk()
        talk.add(to_server=True, flags=SYN, at=-5001, ack=None, options=talk.options, bad_checksum=True)
        return talk.open().send(_get(target, agent), 11)

    def split_handshake(target, agent):
        talk = Talk()
        talk.add(to_server=True, flags=SYN, at=-1, ack=None, options=talk.options)
        talk.add(to_server=False, flags=ACK, at=0)
        talk.add(to_server=False, flags=SYN, at=-1, ack=None, options=talk.options)
        talk.add(to_server=True, flags=SYN | ACK, at=-1, options=talk.options)
        talk.add(to_server=False, flags=ACK, at=0)
        return talk.send(_get(target, agent), 11)

    def crossing_syns(target, agent):
        talk = Talk()
        talk.add(to_server=True, flags=SYN, at=-1, ack=None, options=talk.options)
        talk.add(to_server=False, flags=SYN, at=-1, ack=None, options=talk.options)
        talk.add(to_server=True, flags=SYN | ACK, at=-1, options=talk.options)
        talk.add(to_server=False, flags=SYN | ACK, at=-1, options=talk.options)
        return talk.c(b"", flags=ACK).send(_get(target, agent), 11)

    def fast_open(target, agent):
        data = _get(target, agent)
        talk = Talk(options=MSS + bytes([34, 10]) + b"cookie!!")
        talk.add(to_server=True, flags=SYN, at=-1, ack=None, options=talk.options, data=data)
        talk.add(to_server=False, flags=SYN | ACK, at=-1, options=MSS, ack=len(data))
        talk.sent = len(data)
        return talk.c(b"", flags=ACK)

    yield _case("data-with-last-ack", data_with_the_last_ack, "takes data that comes with the handshake's last ACK")
    yield _case("second-half-before-the-ack", second_half_first, "takes a later segment for the handshake's last ACK")
    yield _case("syn-with-data", syn_with_data, "drops the data of a SYN without cookie")
    yield _case("syn-again", syn_again, "answers a SYN within the connection and goes on")
    yield _case("other-syn-before", other_syn_before, "drops a SYN whose checksum is wrong")
    yield _case("split-handshake", split_handshake, "a client that answers a SYN with SYN+ACK is still the client", live=False)
    yield _case("crossing-syns", crossing_syns, "both ends open at once", live=False)
    yield _case("fast-open", fast_open, "takes the data of a SYN that brings a cookie", live=False)


# Segments that a host does not take, in front of those that it takes ---------------------------------------------------

def _ignored(**odd):
    """Junk in the place of the request, with something that makes hosts drop it; then the request."""
    def make(target, agent):
        data = _get(target, agent)
        talk = Talk(options=odd.get("open", MSS + SCALE)).open()
        more = {name: value for name, value in odd.items() if name not in ("open", "good")}
        talk.c(_junk(data), at=more.pop("at", 0), **more)
        return talk.send(data, 30, **odd.get("good", {}))
    return make


def _with_timestamps(junk_value, good_value, first=1_000_000):
    def make(target, agent):
        data = _get(target, agent)
        talk = Talk()
        talk.add(to_server=True, flags=SYN, at=-1, ack=None, options=MSS + timestamps(first))
        talk.add(to_server=False, flags=SYN | ACK, at=-1, options=MSS + timestamps(77, first))
        talk.c(b"", flags=ACK, at=0, options=timestamps(first + 1, 77))
        talk.c(_junk(data[:40]), at=0, options=timestamps(junk_value, 77))
        for at in range(0, len(data), 30):
            talk.c(data[at:at + 30], at=at, options=timestamps(good_value + at, 77))
        return talk
    return make


def _rejects():
    yield _case("junk-bad-checksum", _ignored(bad_checksum=True), "drops junk whose checksum is wrong")
    yield _case("junk-without-ack-flag", _ignored(flags=PSH, ack=None), "drops junk that has no ACK flag", control=False)
    yield _case("junk-beyond-window", _ignored(at=90_000_000), "drops junk beyond its window", control=False)
    yield _case("junk-before-window", _ignored(at=-100_000), "drops junk from before", control=False)
    yield _case("junk-confirms-the-unsent", _ignored(ack=500), "drops junk that confirms what was not sent", control=False,
                told=CONFLICT)
    yield _case("junk-confirms-far-ahead", _ignored(ack=900_000_000), "drops junk with an ACK far ahead", control=False)
    yield _case("junk-old-timestamp", _with_timestamps(5_000, 1_000_010), "drops junk whose timestamp is old", control=False)
    yield _case("junk-low-ttl", _ignored(shape={"ttl": 1}), "never sees junk that a router drops", control=False,
                told=CONFLICT, live=False)
    yield _case("junk-to-another-station", _ignored(shape={"macs": OTHER_MAC}), "never sees a frame for another station",
                control=False, told=CONFLICT, live=False)

    def keepalive(target, agent):
        data = _get(target, agent)
        return Talk().open().c(data[:10]).s(ack=10).c(b"Z", at=9).s(ack=10).c(data[10:])
    yield _case("keepalive-with-junk", keepalive, "takes nothing of a keepalive's octet", live=False)

    def early_junk(target, agent):
        return Talk().open().c(b"XXXX", at=-4).send(_get(target, agent), 16)
    yield _case("junk-below-the-first-octet", early_junk, "takes nothing from before the stream")


# RST, FIN, ports again --------------------------------------------------------------------------------------------------

def _ends():
    def rst(at, **more):
        def make(target, agent):
            data = _get(target, agent)
            return Talk().open().c(data[:9]).add(to_server=True, flags=more.pop("flags", RST), at=at, ack=None, **more).send(
                data[9:], 20)
        return make
    yield _case("rst-bad-checksum", rst(9, bad_checksum=True), "drops a RST whose checksum is wrong")
    yield _case("rst-far-ahead", rst(50_000_000), "drops a RST beyond its window", control=False)
    yield _case("rst-from-before", rst(-70_000), "drops a RST from before", control=False)

    def rst_ahead_of_a_hole(target, agent):
        data = _get(target, agent)
        talk = Talk().open().c(b"\n", at=len(data) + 300)
        talk.add(to_server=True, flags=RST | ACK, at=len(data) + 301)
        return talk.send(data, 30)
    yield _case("rst-ahead-of-a-hole", rst_ahead_of_a_hole, "answers a RST that is not the next octet, and goes on (RFC 5961)",
                control=False, told=(102, 103, 104))

    def fin_first(target, agent):
        data = _get(target, agent)
        return Talk().open().c(b"", at=len(data), flags=FIN | ACK).send(data, 10)
    yield _case("fin-first", fin_first, "keeps an early FIN until the data before it came")

    def fin_with_data(target, agent):
        data = _get(target, agent)
        return Talk().open().c(data[30:], at=30, flags=FIN | PSH | ACK).c(data[:30], at=0)
    yield _case("fin-with-the-second-half", fin_with_data, "takes the data of a FIN")

    def fin_bad_checksum(target, agent):
        data = _get(target, agent)
        return Talk().open().c(data[:9]).add(to_server=True, flags=FIN | ACK, at=9, bad_checksum=True).send(data[9:], 20)
    yield _case("fin-bad-checksum", fin_bad_checksum, "drops a FIN whose checksum is wrong")

    def fin_without_ack(target, agent):
        data = _get(target, agent)
        return Talk().open().c(data[:9]).add(to_server=True, flags=FIN, at=9, ack=None).send(data[9:], 20)
    yield _case("fin-without-ack-flag", fin_without_ack, "drops a FIN that has no ACK flag", control=False)

    def again(end):
        def make(target, agent):
            talk = Talk().open()
            if end == "rst":
                talk.add(to_server=True, flags=RST, at=0, ack=None)
            else:
                talk.add(to_server=True, flags=RST | ACK, at=0, ack=1_500_000_000)
            talk.add(to_server=True, flags=SYN, at=100_000, ack=None, options=talk.options, after=0.2)
            talk.add(to_server=False, flags=SYN | ACK, at=300_000, ack=100_001, options=talk.options)
            data = _get(target, agent)
            for at in range(0, len(data), 20):
                talk.c(data[at:at + 20], at=100_001 + at, ack=300_001)
            return talk
        return make
    yield _case("ports-again-after-rst", again("rst"), "begins anew on the same ports", live=False)
    # RFC 9293 section 3.10.7.4 looks at a RST before it looks at the ACK.
    yield _case("ports-again-after-rst-with-a-wild-ack", again("wild"), "takes a RST whatever it acknowledges", live=False,
                control=False)

    def stray(target, agent):
        talk = Talk()
        talk.add(to_server=True, flags=ACK, at=2_000_000_000, ack=7, shape={"ttl": 1})
        return talk.open().send(_get(target, agent), 20)
    yield _case("stray-ack-before", stray, "never sees what a router drops", live=False)


# Two copies that differ ------------------------------------------------------------------------------------------------

def _conflicts():
    """Junk over a part of the request: before or behind it in time; beginning before, at or behind its begin; ending
    before, at or behind its end; with the part waiting behind a hole, or in order."""
    spans = {"whole": (10, 40), "front": (6, 25), "back": (25, 46), "inside": (18, 30), "around": (4, 50),
             "same-begin": (10, 25), "same-end": (25, 40)}
    for (span, (begin, end)), first, waiting in itertools.product(spans.items(), ("junk", "real"), (True, False)):
        def make(target, agent, begin=begin, end=end, first=first, waiting=waiting):
            data = _get(target, agent)
            talk = Talk().open()
            junk, real = (begin, b"j" * (end - begin)), (10, data[10:40])
            if not waiting:
                talk.c(data[:10], at=0)
            for at, octets in ((junk, real) if first == "junk" else (real, junk)):
                talk.c(octets, at=at)
            if waiting:
                talk.c(data[:10], at=0)
            return talk.c(data[40:], at=40)
        place = "waiting" if waiting else "in-order"
        if not provable(make, _get):
            continue
        yield _case(f"conflict-{span}-{first}-first-{place}", make, "takes the first copy, or the last, as its system does",
                    told=CONFLICT, control=False)


# Urgent data, windows, and what is rarely set -----------------------------------------------------------------------------

def _oddities():
    def urgent(target, agent):
        data = _get(target, agent)
        odd = data[:8] + b"X" + data[8:]
        return Talk().open().c(odd, flags=PSH | ACK | URG, urgent=9)
    yield _case("urgent-octet-in-the-word", urgent, "takes the urgent octet out of the data", told=("urgent_data",), control=False)

    def urgent_ahead(target, agent):
        data = _get(target, agent)
        odd = data[:8] + b"X" + data[8:]
        return Talk().open().c(b"", flags=ACK | URG, urgent=9).c(odd)
    yield _case("urgent-told-ahead", urgent_ahead, "takes out the octet that an empty segment has marked",
                told=("urgent_data",), control=False)

    def urgent_twice(target, agent):
        data = _get(target, agent)
        odd = data[:8] + b"X" + data[8:16] + b"Y" + data[16:]
        return Talk().open().c(odd[:12], flags=PSH | ACK | URG, urgent=9).c(odd[12:], flags=PSH | ACK | URG, urgent=6)
    yield _case("urgent-twice", urgent_twice, "takes out each octet that is marked when its segment comes", told=("urgent_data",),
                control=False)

    def urgent_alone(target, agent):
        data = _get(target, agent)
        return Talk().open().c(data[:8]).c(b"X", flags=PSH | ACK | URG, urgent=1).c(data[8:])
    yield _case("urgent-alone", urgent_alone, "takes out an octet that has a segment of its own", told=("urgent_data",), control=False)

    def odd_flags(target, agent):
        return Talk().open().send(_get(target, agent), 12, flags=ACK | 0x40 | 0x80)
    yield _case("ecn-flags", odd_flags, "takes segments whatever ECN says")

    def options_of(octets):
        return lambda target, agent: Talk().open().send(_get(target, agent), 12, options=octets)
    yield _case("options-full", options_of(b"\1" * 40), "skips forty octets of options")
    yield _case("options-unknown", options_of(bytes([253, 6]) + b"abcd"), "skips options it does not know")
    yield _case("ttl-changes", lambda target, agent: _ttl(Talk().open(), _get(target, agent)), "does not look at the TTL")
    yield _case("ip-options", lambda target, agent: Talk(options=MSS).open().send(
        _get(target, agent), 12, shape={"options": b"\x94\x04\0\0"}), "skips options of the IP header", live=False)
    yield _case("repeated-twice", _twice, "takes each octet once")
    for step, length in ((1, 8), (3, 9), (5, 40)):
        yield _case(f"sliding-{step}-{length}", _sliding(step, length), "takes each octet once")
        yield _case(f"sliding-{step}-{length}-backwards", _sliding(step, length, backwards), "takes each octet once")

    def across_window(target, agent):
        data = _get(target, agent)
        talk = Talk(options=MSS)
        talk.add(to_server=True, flags=SYN, at=-1, ack=None, options=MSS)
        talk.add(to_server=False, flags=SYN | ACK, at=-1, options=MSS, window=30)
        return talk.c(b"", flags=ACK).c(data)
    yield _case("across-the-window", across_window, "takes a segment across the window's end, whole", control=False, live=False)

    def small_window(target, agent):
        data = _get(target, agent)
        talk = Talk(options=MSS)
        talk.add(to_server=True, flags=SYN, at=-1, ack=None, options=MSS)
        talk.add(to_server=False, flags=SYN | ACK, at=-1, options=MSS, window=8)
        talk.c(b"", flags=ACK)
        for at in range(0, len(data), 8):
            talk.c(data[at:at + 8], at=at).s(ack=at + 8, window=8)
        return talk
    yield _case("window-of-eight", small_window, "takes eight octets at a time", live=False)

    def behind_a_hole(size, pieces):
        def make(target, agent):
            filler = request("/orders.cgi", "filler")
            data = filler * (size // len(filler)) + _get(target, agent)
            talk = Talk().open().s(window=65535)
            for at in range(1, len(data), pieces):
                talk.c(data[at:at + pieces], at=at)
            return talk.c(data[:1], at=0)
        return make
    for size in (100_000, 160_000, 300_000, 900_000):
        yield _case(f"{size // 1000}-kb-behind-a-hole", behind_a_hole(size, 1400), "gets all of it with the octet that was missing",
                    live=False)


def _ttl(talk, data):
    for n, at in enumerate(range(0, len(data), 12)):
        talk.c(data[at:at + 12], at=at, shape={"ttl": 40 + 17 * n % 60})
    return talk


def cases():
    for family in (_orders, _handshake_games, _rejects, _ends, _conflicts, _oddities):
        yield from family()
