"""Small peers of the blocking test.

dns.py serve ADDRESS          a name server, UDP and TCP: every A question gets 192.0.2.80
dns.py ask ADDRESS NAME [tcp] asks for A, prints the address, or the rcode's name, or "silence"
dns.py tls ADDRESS NAME       a TLS handshake whose ClientHello leaves in pieces of 40 octets: prints through or cut
"""
import select
import socket
import ssl
import struct
import sys

RCODES = {0: "NOERROR", 2: "SERVFAIL", 3: "NXDOMAIN", 5: "REFUSED"}


def encoded(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def question_name(message):
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode())
        at += 1 + message[at]
    return ".".join(labels)


def answer_to(message):
    print(question_name(message), flush=True)
    record = struct.pack(">HHHIH4s", 0xC00C, 1, 1, 60, 4, bytes([192, 0, 2, 80]))
    return message[:2] + struct.pack(">HHHHH", 0x8180, 1, 1, 0, 0) + message[12:] + record


def serve(address):
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((address, 53))
    tcp = socket.create_server((address, 53))
    print("ready", flush=True)
    while True:
        for ready in select.select([udp, tcp], [], [])[0]:
            if ready is udp:
                message, peer = udp.recvfrom(4096)
                udp.sendto(answer_to(message), peer)
                continue
            with tcp.accept()[0] as channel:
                channel.settimeout(2)
                try:
                    message = channel.recv(4096)
                    reply = answer_to(message[2:])
                    channel.sendall(struct.pack(">H", len(reply)) + reply)
                except (OSError, IndexError):
                    pass


def ask(address, name, transport="udp"):
    message = struct.pack(">HHHHHH", 0x4242, 0x0100, 1, 0, 0, 0) + encoded(name) + struct.pack(">HH", 1, 1)
    try:
        if transport == "tcp":
            with socket.create_connection((address, 53), 3) as channel:
                channel.sendall(struct.pack(">H", len(message)) + message)
                reply = channel.recv(4096)[2:]
        else:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
                channel.settimeout(3)
                channel.connect((address, 53))
                channel.send(message)
                reply = channel.recv(4096)
    except OSError:
        return "silence"
    if len(reply) < 12:
        return "silence"
    flags, _, answers = struct.unpack(">HHH", reply[2:8])
    return socket.inet_ntoa(reply[-4:]) if answers else RCODES.get(flags & 15, str(flags & 15))


def tls(address, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(incoming, outgoing, server_hostname=name)
    with socket.create_connection((address, 443), 3) as channel:
        channel.settimeout(3)
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            try:
                session.do_handshake()
                return "through"
            except ssl.SSLWantReadError:
                hello = outgoing.read()
                try:
                    for at in range(0, len(hello), 40):
                        channel.sendall(hello[at:at + 40])
                    came = channel.recv(65536)
                except OSError:
                    return "cut"
                if not came:
                    return "cut"
                incoming.write(came)
            except ssl.SSLError:
                return "cut"


if __name__ == "__main__":
    words = {"serve": serve, "ask": ask, "tls": tls}
    print(words[sys.argv[1]](*sys.argv[2:]))
