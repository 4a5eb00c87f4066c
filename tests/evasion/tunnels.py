"""Tags and tunnels: the request in packets within packets, and all of it together with fragments and segments."""
import itertools

from case import Case, request
from plan import Talk
from wire import backwards, shuffled

C, S = 0x8100, 0x88A8
ENDS = ("10.1.2.3", "10.9.8.7")
LAYERS = (113, 114)              # decode-event vlan.too_many_layers, too_many_layers


def _case(name, make, host, **more):
    return Case("tunnels", name, make, host, live=False, **more)


def _talk(size=20, order=None, six=False, **wire):
    return lambda target, agent: Talk(six=six, **wire).open().send(request(target, agent), size, order)


def _tags():
    for name, vlans in {"vlan": [(C, 5)], "qinq": [(S, 5), (C, 6)], "three-tags": [(S, 5), (C, 6), (C, 7)],
                        "priority-tag": [(C, 0)], "two-priority-tags": [(C, 0), (C, 0)],
                        "old-qinq": [(0x9100, 5), (C, 6)], "priority-then-vlan": [(C, 0), (C, 5)]}.items():
        yield _case(name, _talk(vlans=vlans), "takes the tags off")
    yield _case("vlan-ipv6", _talk(vlans=[(C, 5)], six=True), "takes the tag off")
    for count in (4, 6, 20):
        yield _case(f"{count}-priority-tags", _talk(vlans=[(C, 0)] * count), "takes priority tags off, however many", told=LAYERS,
                    control=False)

    def now_and_then(tag):
        def make(target, agent):
            talk, data = Talk().open(), request(target, agent)
            for n, at in enumerate(range(0, len(data), 10)):
                talk.c(data[at:at + 10], at=at, shape={"vlans": [tag] if n % 2 else []})
            return talk
        return make
    yield _case("priority-tag-now-and-then", now_and_then((C, 0)), "takes a priority tag for none")

    def before_the_vlan(target, agent):
        talk, data = Talk(vlans=[(C, 5)]).open(), request(target, agent)
        for n, at in enumerate(range(0, len(data), 10)):
            talk.c(data[at:at + 10], at=at, shape={"vlans": [(C, 0), (C, 5)] if n % 2 else [(C, 5)]})
        return talk
    yield _case("priority-tag-before-the-vlan-now-and-then", before_the_vlan, "takes a priority tag for none")


FOUR = ("ipip", "gre", "gre-key", "gre-all", "gre-ethernet", "pptp", "erspan1", "erspan2", "erspan3", "vxlan", "geneve",
        "geneve-options", "pppoe", "mpls", "mpls-stack", "mpls-ethernet", "nsh", "pbb", "vntag", "snap", "ip6")
SIX = ("ipip", "gre", "teredo", "teredo-origin", "pppoe", "mpls", "vxlan", "geneve", "ip6", "snap")


def _carriers():
    for kind in FOUR:
        yield _case(kind, _talk(tunnel=kind), f"takes the packet out of {kind}")
    for kind in SIX:
        yield _case(f"{kind}-ipv6", _talk(tunnel=kind, six=True), f"takes an IPv6 packet out of {kind}")
    for pair in (("gre", "ipip"), ("vxlan", "gre"), ("ipip", "pppoe"), ("gre-ethernet", "mpls"), ("ipip", "ipip", "ipip")):
        yield _case("-in-".join(pair), _talk(tunnel=pair), "takes packets out one by one")
    yield _case("five-carriers", _talk(tunnel=("ipip",) * 5), "takes packets out one by one", told=LAYERS, control=False)


def _combined():
    def pieces(size, order=None):
        def cut(payload):
            out = [(at, at + size < len(payload), payload[at:at + size]) for at in range(0, len(payload), size)]
            return [out[n] for n in order(len(out))] if order else out
        return cut

    for kind in ("ipip", "gre", "vxlan", "geneve", "pppoe", "mpls"):
        def inside(target, agent, kind=kind):
            return Talk(tunnel=kind).open().c(request(target, agent), pieces=pieces(16, backwards))
        yield _case(f"{kind}-fragments-inside", inside, "puts the inner packet's pieces together")
        yield _case(f"{kind}-cut-1-shuffled", _talk(1, shuffled(4), tunnel=kind), "sorts inner segments")
    for kind in ("ipip", "gre", "vxlan"):
        def outside(target, agent, kind=kind):
            return Talk(tunnel=kind).open().c(request(target, agent), shape={"outer_pieces": pieces(40, backwards)})
        yield _case(f"{kind}-fragments-outside", outside, "puts the carrier's pieces together")
    yield _case("vlan-vxlan-vlan-cut-2", _talk(2, backwards, vlans=[(C, 5)], tunnel="vxlan"), "takes all of it off")


def cases():
    yield from itertools.chain(_tags(), _carriers(), _combined())
