"""A client of a daemon's control socket; the frames are drawn in src/control/frame.h."""
import socket
import struct

_VERSION = 1


class Refused(Exception):
    """The daemon said no, in words."""


def call(path, words, timeout=60.0):
    """@param words  command and arguments  @return the reply's text; None when no daemon answers"""
    encoded = [word.encode() for word in words]
    body = struct.pack(">BH", _VERSION, len(encoded)) + b"".join(struct.pack(">I", len(w)) + w for w in encoded)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
            channel.settimeout(timeout)
            channel.connect(str(path))
            channel.sendall(struct.pack(">I", len(body)) + body)
            reply = _read(channel, struct.unpack(">I", _read(channel, 4))[0])
    except (FileNotFoundError, ConnectionError):
        return None
    text = reply[2:].decode("utf-8", "replace")
    if reply[1] != 1:
        raise Refused(text)
    return text


def _read(channel, size):
    data = bytearray()
    while len(data) < size:
        piece = channel.recv(size - len(data))
        if not piece:
            raise ConnectionResetError("the daemon closed the socket")
        data += piece
    return bytes(data)
