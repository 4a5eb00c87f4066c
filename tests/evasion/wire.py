"""How a plan's segments become frames: addresses, fragments, tags and tunnels."""
import ipaddress
import random
import struct

from plan import build, frames

CLIENT, SERVER = "192.168.10.77", "203.0.113.10"
CLIENT6, SERVER6 = "fd00:10::77", "2001:db8::10"
GATES = ("198.51.100.1", "198.51.100.2")
GATES6 = ("2001:db8:1::1", "2001:db8:1::2")


def ipv6_fragment(src, dst, protocol, piece, offset, more, ident, before=(), hop_limit=64, reserved=0):
    head = struct.pack(">BBHI", protocol, reserved, offset | int(more), ident)
    # frames.ipv6 pads extension bodies; the fragment header is exactly eight octets and stands last.
    return frames.ipv6(src, dst, 44, head + piece, extensions=before, hop_limit=hop_limit)


def ip_packets(payload, protocol, to_server=True, six=False, pieces=None, ident=0x4242, ttl=64, options=b"",
               extensions=(), ends=None, **_):
    """The IP packets of one datagram."""
    ends = ends or ((CLIENT6, SERVER6) if six else (CLIENT, SERVER))
    src, dst = ends if to_server else ends[::-1]
    if pieces is None:
        if six:
            return [frames.ipv6(src, dst, protocol, payload, extensions=extensions, hop_limit=ttl)]
        return [frames.ipv4(src, dst, protocol, payload, ident=ident, ttl=ttl, options=options, dont=True)]
    out = []
    for piece in pieces(payload):
        offset, more, octets, *rest = piece
        odd = rest[0] if rest else {}
        if six:
            out.append(ipv6_fragment(src, dst, odd.get("protocol", protocol), octets, offset, more,
                                     odd.get("ident", ident), before=odd.get("extensions", extensions), hop_limit=ttl,
                                     reserved=odd.get("reserved", 0)))
        else:
            packet = frames.ipv4(src, dst, protocol, octets, ident=odd.get("ident", ident), ttl=ttl, fragment=offset,
                                 more=more, options=odd.get("options", options), dont=odd.get("dont", False))
            if odd.get("bad_header"):
                packet = packet[:10] + bytes([packet[10] ^ 0x55]) + packet[11:]
            out.append(packet)
    return out


def _udp(payload, port, six=False, sport=50000):
    return frames.ipv4(*GATES, frames.UDP, frames.udp_datagram(*GATES, sport, port, payload))


def _inner_ethernet(packet, ethertype):
    return frames.ethernet(packet, True, ethertype)


def _gre(inner, ethertype, flags=0, more=b""):
    return frames.ipv4(*GATES, frames.GRE, struct.pack(">HH", flags, ethertype) + more + inner)


def _pppoe(packet, six):
    ppp = struct.pack(">H", 0x0057 if six else 0x0021) + packet
    return struct.pack(">BBHH", 0x11, 0, 7, len(ppp)) + ppp


def tunnelled(packet, kind, six=False):
    """(Ethernet type, what follows it) of an IP packet in a tunnel."""
    ethertype = frames.IPV6 if six else frames.IPV4
    frame = _inner_ethernet(packet, ethertype)
    protocol = frames.IPV6_IN_IP if six else frames.IPIP
    mpls = lambda *labels: b"".join(struct.pack(">I", label << 12 | (n == len(labels) - 1) << 8 | 64)
                                    for n, label in enumerate(labels))
    erspan2 = struct.pack(">HHI", 1 << 12, 5, 0)
    erspan3 = struct.pack(">HHIHH", 2 << 12, 5, 0, 0, 0)
    geneve = lambda options: struct.pack(">BBHI", len(options) // 4, 0, 0x6558, 9 << 8) + options
    vxlan = struct.pack(">II", 0x08000000, 42 << 8)
    nsh = struct.pack(">HBBI", 0x0FC6 & 0xFFC0 | 6, 1, 2 if six else 1, 1 << 8) + b"\0" * 16
    table = {
        "ipip": lambda: (frames.IPV4, frames.ipv4(*GATES, protocol, packet)),
        "ip6": lambda: (frames.IPV6, frames.ipv6(*GATES6, protocol, packet)),
        "gre": lambda: (frames.IPV4, _gre(packet, ethertype)),
        "gre-key": lambda: (frames.IPV4, _gre(packet, ethertype, 0x2000, struct.pack(">I", 7))),
        "gre-all": lambda: (frames.IPV4, _gre(packet, ethertype, 0xB000, struct.pack(">HHII", 0, 0, 7, 1))),
        "gre-ethernet": lambda: (frames.IPV4, _gre(frame, 0x6558)),
        "pptp": lambda: (frames.IPV4, _gre(b"\xff\x03" + struct.pack(">H", 0x0057 if six else 0x0021) + packet, 0x880B, 0x3001,
                                           struct.pack(">HHI", len(packet) + 4, 5, 1))),
        "erspan1": lambda: (frames.IPV4, _gre(frame, 0x88BE)),
        "erspan2": lambda: (frames.IPV4, _gre(erspan2 + frame, 0x88BE, 0x1000, struct.pack(">I", 3))),
        "erspan3": lambda: (frames.IPV4, _gre(erspan3 + frame, 0x22EB, 0x1000, struct.pack(">I", 3))),
        "vxlan": lambda: (frames.IPV4, _udp(vxlan + frame, 4789)),
        "geneve": lambda: (frames.IPV4, _udp(geneve(b"") + frame, 6081)),
        "geneve-options": lambda: (frames.IPV4, _udp(geneve(struct.pack(">HBB", 0x0102, 3, 1) + b"abcd") + frame, 6081)),
        "teredo": lambda: (frames.IPV4, _udp(packet, 3544)),
        "teredo-origin": lambda: (frames.IPV4, _udp(b"\0\0" + b"\xf0" * 6 + packet, 3544)),
        "pppoe": lambda: (0x8864, _pppoe(packet, six)),
        "mpls": lambda: (0x8847, mpls(100) + packet),
        "mpls-stack": lambda: (0x8847, mpls(16, 17, 18) + packet),
        "mpls-ethernet": lambda: (0x8847, mpls(100) + b"\0\0\0\0" + frame),
        "nsh": lambda: (0x894F, nsh + packet),
        "pbb": lambda: (0x88E7, struct.pack(">I", 77) + frame),
        "vntag": lambda: (0x8926, struct.pack(">IH", 1, ethertype) + packet),
        "snap": lambda: (8 + len(packet), b"\xaa\xaa\x03\0\0\0" + struct.pack(">H", ethertype) + packet),
    }
    return table[kind]()


def ethernet(packet, to_server=True, six=False, tunnel=None, vlans=(), macs=None, **_):
    """A frame around an IP packet. @param tunnel  one kind or several, the innermost first"""
    ethertype = frames.IPV6 if six else frames.IPV4
    for kind in [tunnel] if isinstance(tunnel, str) else tunnel or ():
        ethertype, packet = tunnelled(packet, kind, ethertype == frames.IPV6)
    frame = frames.ethernet(packet, to_server, ethertype, vlans)
    if macs:
        source, destination = macs
        frame = destination + source + frame[12:]
    return frame


def frames_of(segment, talk, ports, numbers, **more):
    """@param numbers  initial sequence numbers of client and server"""
    setting = {**talk.wire, **segment.shape, **more}
    ends = setting.get("ends") or ((CLIENT6, SERVER6) if talk.six else (CLIENT, SERVER))
    ports = ports if segment.to_server else ports[::-1]
    octets = build(segment, ends if segment.to_server else ends[::-1], ports, numbers)
    setting.setdefault("six", talk.six)
    setting["ident"] = setting.get("ident", (segment.at * 7 + len(segment.data)) & 0xFFFF or 1)
    packets = ip_packets(octets, frames.TCP, segment.to_server, pieces=segment.pieces, **setting)
    outer = setting.get("outer_pieces")
    if outer:  # the carrier's packet in fragments
        _, carrier = tunnelled(packets[0], setting["tunnel"], talk.six)
        src, dst, protocol = carrier[12:16], carrier[16:20], carrier[9]
        packets = ip_packets(carrier[20:], protocol, True, pieces=outer, ident=setting["ident"],
                             ends=(str(ipaddress.IPv4Address(src)), str(ipaddress.IPv4Address(dst))))
        setting.pop("tunnel")
    return [ethernet(packet, segment.to_server, **setting) for packet in packets]


def captured(talk, client_port=40000, server_start=5000):
    """(seconds of silence before it, frame) of the whole plan."""
    out = []
    for segment in talk.steps:
        ports = (client_port if segment.port is None else segment.port, talk.port)
        made = frames_of(segment, talk, ports, (talk.start, server_start))
        out += [(segment.after if n == 0 else 0, frame) for n, frame in enumerate(made)]
    return out


def shuffled(seed):
    def order(count):
        numbers = list(range(count))
        random.Random(seed).shuffle(numbers)
        return numbers
    return order


def backwards(count):
    return list(range(count))[::-1]


def even_then_odd(count):
    return [*range(1, count, 2), *range(0, count, 2)]
