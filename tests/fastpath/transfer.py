"""20 MB over one TCP connection between two namespaces, compared. Usage: transfer.py FROM TO ADDRESS"""
import ctypes
import hashlib
import os
import random
import socket
import sys

SIZE, PORT = 20_000_000, 8099


def enter(namespace):
    fd = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)


def main(source, target, address):
    data = random.Random(1).randbytes(SIZE)
    enter(target)
    server = socket.create_server((address, PORT))
    child = os.fork()
    if child == 0:
        connection, _ = server.accept()
        connection.sendall(data)
        connection.close()
        os._exit(0)
    enter(source)
    digest = hashlib.sha256()
    with socket.create_connection((address, PORT), timeout=20) as client:
        while piece := client.recv(1 << 16):
            digest.update(piece)
    os.waitpid(child, 0)
    return 0 if digest.digest() == hashlib.sha256(data).digest() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
