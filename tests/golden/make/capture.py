"""A classic pcap file (microseconds, little-endian, Ethernet) whose clock goes on by itself."""
import struct


class Capture:
    """Frames a millisecond apart from 2024-01-01 00:00:00 UTC on, so that a case gives the same file every time."""

    def __init__(self, step_us=1000):
        self.now_us = 1704067200 * 1_000_000
        self.step_us = step_us
        self._frames = []

    def add(self, frame):
        self._frames.append((self.now_us, bytes(frame)))
        self.now_us += self.step_us
        return len(self._frames)

    def pause(self, seconds):
        self.now_us += int(seconds * 1_000_000)

    def __bytes__(self):
        out = bytearray(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for time_us, frame in self._frames:
            out += struct.pack("<IIII", time_us // 1_000_000, time_us % 1_000_000, len(frame), len(frame)) + frame
        return bytes(out)

    def write(self, path):
        with open(path, "wb") as file:
            file.write(bytes(self))
