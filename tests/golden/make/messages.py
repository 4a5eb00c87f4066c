"""Messages of application protocols, as plain as the cases need them."""
import struct


def http_request(target="/", host="www.example.com", method="GET", headers=(), body=b"", agent="curl/7.88"):
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", f"User-Agent: {agent}", "Accept: */*", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def http_response(body=b"", status="200 OK", headers=("Content-Type: text/html",), length=True):
    lines = [f"HTTP/1.1 {status}", "Server: nginx", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body, size):
    pieces = [body[at:at + size] for at in range(0, len(body), size)]
    return b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


def dns_query(name, ident=0x1234, kind=1):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
    return struct.pack(">HHHHHH", ident, 0x0100, 1, 0, 0, 0) + labels + struct.pack(">HH", kind, 1)


def dns_answer(name, address, ident=0x1234):
    """A record of the query's name."""
    query = dns_query(name, ident)
    record = struct.pack(">HHHIH", 0xC00C, 1, 1, 300, 4) + bytes(map(int, address.split(".")))
    return struct.pack(">HHHHHH", ident, 0x8180, 1, 1, 0, 0) + query[12:] + record


def _extension(kind, body):
    return struct.pack(">HH", kind, len(body)) + body


def client_hello(name, ciphers=(0x1301, 0x1302, 0xC02B, 0xC02F, 0x009C), alpn=("h2", "http/1.1")):
    """A TLS record with a ClientHello (RFC 8446 section 4.1.2)."""
    host = name.encode()
    protocols = b"".join(bytes([len(p)]) + p.encode() for p in alpn)
    extensions = (_extension(0, struct.pack(">HBH", len(host) + 3, 0, len(host)) + host)
                  + _extension(10, struct.pack(">HHH", 4, 29, 23))
                  + _extension(11, b"\x01\x00")
                  + _extension(13, struct.pack(">HHH", 4, 0x0403, 0x0804))
                  + _extension(16, struct.pack(">H", len(protocols)) + protocols)
                  + _extension(43, b"\x04\x03\x04\x03\x03"))
    body = (struct.pack(">H", 0x0303) + bytes(range(32)) + b"\0"
            + struct.pack(">H", 2 * len(ciphers)) + b"".join(struct.pack(">H", c) for c in ciphers)
            + b"\x01\x00" + struct.pack(">H", len(extensions)) + extensions)
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack(">H", len(message)) + message
