"""Headers, from the transport outwards. Each function puts one around a payload of bytes."""
import ipaddress
import struct

CLIENT_MAC, SERVER_MAC = bytes.fromhex("020000000a01"), bytes.fromhex("020000000b01")
IPV4, IPV6, VLAN, QINQ = 0x0800, 0x86DD, 0x8100, 0x88A8
ICMP, IPIP, TCP, UDP, IPV6_IN_IP, GRE, ICMP6 = 1, 4, 6, 17, 41, 47, 58
FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(src, dst, protocol, length):
    src, dst = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    if src.version == 4:
        return src.packed + dst.packed + struct.pack(">BBH", 0, protocol, length)
    return src.packed + dst.packed + struct.pack(">IHBB", length, 0, 0, protocol)


def tcp_segment(src, dst, sport, dport, seq, ack, flags, payload=b"", window=65535, options=b"", bad_checksum=False):
    options += b"\0" * (-len(options) % 4)
    offset = (20 + len(options)) // 4 << 4
    head = struct.pack(">HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, offset, flags, window, 0, 0)
    segment = head + options + payload
    check = checksum(pseudo_header(src, dst, TCP, len(segment)) + segment)
    if bad_checksum:
        check ^= 0x5555
    return segment[:16] + struct.pack(">H", check) + segment[18:]


def udp_datagram(src, dst, sport, dport, payload):
    datagram = struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload
    check = checksum(pseudo_header(src, dst, UDP, len(datagram)) + datagram) or 0xFFFF
    return datagram[:6] + struct.pack(">H", check) + datagram[8:]


def icmp4(kind, code, rest, payload=b""):
    message = struct.pack(">BBHI", kind, code, 0, rest) + payload
    return message[:2] + struct.pack(">H", checksum(message)) + message[4:]


def icmp6(src, dst, kind, code, rest, payload=b""):
    message = struct.pack(">BBHI", kind, code, 0, rest) + payload
    check = checksum(pseudo_header(src, dst, ICMP6, len(message)) + message)
    return message[:2] + struct.pack(">H", check) + message[4:]


def ipv4(src, dst, protocol, payload, ident=1, ttl=64, fragment=0, more=False, dont=False, options=b"", tos=0):
    """@param fragment  offset in octets, a multiple of 8"""
    options += b"\0" * (-len(options) % 4)
    word = fragment // 8 | (0x2000 if more else 0) | (0x4000 if dont else 0)
    head = struct.pack(">BBHHHBBH4s4s", 0x45 + len(options) // 4, tos, 20 + len(options) + len(payload), ident, word, ttl,
                       protocol, 0, ipaddress.IPv4Address(src).packed, ipaddress.IPv4Address(dst).packed) + options
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def fragments4(src, dst, protocol, payload, size, ident=77, order=None):
    """The datagram in pieces of `size` octets (a multiple of 8), in the order of their numbers in `order`."""
    pieces = [(at, payload[at:at + size]) for at in range(0, len(payload), size)]
    packets = [ipv4(src, dst, protocol, piece, ident=ident, fragment=at, more=at + size < len(payload))
               for at, piece in pieces]
    return [packets[n] for n in (order or range(len(packets)))]


def _pad(size):
    """Pad1 or PadN (RFC 8200 section 4.2)."""
    return b"" if size == 0 else b"\0" if size == 1 else bytes([1, size - 2]) + b"\0" * (size - 2)


def ipv6(src, dst, protocol, payload, extensions=(), hop_limit=64):
    """@param extensions  (header type, body) pairs; the body is padded, next header and length are filled in"""
    types = [kind for kind, _ in extensions] + [protocol]
    chain = b""
    for number, (_, body) in enumerate(extensions):
        body += _pad(-(len(body) + 2) % 8)
        chain += bytes([types[number + 1], (len(body) + 2) // 8 - 1]) + body
    return struct.pack(">IHBB16s16s", 6 << 28, len(chain) + len(payload), types[0], hop_limit,
                       ipaddress.IPv6Address(src).packed, ipaddress.IPv6Address(dst).packed) + chain + payload


def gre(payload, ethertype=IPV4):
    return struct.pack(">HH", 0, ethertype) + payload


def ethernet(payload, to_server=True, ethertype=IPV4, vlans=()):
    """@param vlans  (tag type, id) from the outermost inwards"""
    macs = SERVER_MAC + CLIENT_MAC if to_server else CLIENT_MAC + SERVER_MAC
    tags = b"".join(struct.pack(">HH", kind, ident) for kind, ident in vlans)
    frame = macs + tags + struct.pack(">H", ethertype) + payload
    return frame + b"\0" * max(0, 60 - len(frame))
