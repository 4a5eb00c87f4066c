#!/usr/bin/env python3
"""Plays plans against a real server, from an address that no kernel owns: so nobody answers for it but this program.

  live_client.py INTERFACE SERVER_MAC attack|harmless

Says on standard output, as JSON, which cases got an answer to their SYN.
"""
import json
import select
import socket
import struct
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from case import ATTACK, HARMLESS                                              # noqa: E402
from plan import ACK, SYN, frames                                              # noqa: E402
from families import all_cases                                                 # noqa: E402
from wire import CLIENT, SERVER, frames_of                                     # noqa: E402

FIRST_PORT = 20000


def agent_of(kind, case):
    """The name a case gives itself in the server's log."""
    return f"{kind}:{case.full_name}"


def live_cases():
    return [case for case in all_cases() if case.live]


class Wire:
    """The client's end: sends frames, answers ARP, and notes the server's initial sequence numbers."""

    def __init__(self, interface):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind((interface, 0))
        self.starts = {}

    def send(self, frame):
        self.socket.send(frame)

    def listen(self, seconds, enough=lambda: False):
        end = time.monotonic() + seconds
        while not enough() and (left := end - time.monotonic()) > 0:
            if select.select([self.socket], [], [], left)[0]:
                self._frame(self.socket.recv(65535))

    def _frame(self, frame):
        kind = int.from_bytes(frame[12:14], "big")
        if kind == 0x0806 and frame[20:22] == b"\0\1" and frame[38:42] == socket.inet_aton(CLIENT):
            asker = frame[22:32]
            self.send(asker[:6] + frames.CLIENT_MAC + frame[12:20] + b"\0\2" + frames.CLIENT_MAC
                      + socket.inet_aton(CLIENT) + asker)
        elif kind == frames.IPV4 and frame[23] == frames.TCP and frame[30:34] == socket.inet_aton(CLIENT):
            segment = frame[14 + (frame[14] & 15) * 4:]
            port, = struct.unpack(">H", segment[2:4])
            if segment[13] & (SYN | ACK) == SYN | ACK:
                self.starts.setdefault(port, int.from_bytes(segment[4:8], "big"))


def main():
    interface, server_mac, kind = sys.argv[1:]
    frames.SERVER_MAC = bytes.fromhex(server_mac.replace(":", ""))
    wire, talks = Wire(interface), {}
    # Ports apart for the two rounds: a connection of the first may still be open.
    base = FIRST_PORT + (2000 if kind == "attack" else 0)
    for n, case in enumerate(live_cases()):
        talks[base + n] = case, case.make(ATTACK if kind == "attack" else HARMLESS, agent_of(kind, case))

    def play(port, talk, steps, server_start):
        for step in steps:
            if step.to_server:
                for frame in frames_of(step, talk, (port, talk.port), (talk.start, server_start), ends=(CLIENT, SERVER)):
                    wire.send(frame)

    middles = {}
    for port, (_, talk) in talks.items():
        answer = next(n for n, step in enumerate(talk.steps) if not step.to_server)
        middles[port] = answer
        play(port, talk, talk.steps[:answer], 0)
        wire.listen(0.002)
    wire.listen(8, lambda: len(wire.starts) == len(talks))
    for port, (_, talk) in talks.items():
        if port in wire.starts:
            play(port, talk, talk.steps[middles[port]:], wire.starts[port])
            wire.listen(0.004)
    wire.listen(1)
    print(json.dumps({case.full_name: port in wire.starts for port, (case, _) in talks.items()}))


if __name__ == "__main__":
    main()
