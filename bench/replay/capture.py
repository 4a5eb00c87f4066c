"""The HTTP capture of bench/throughput, made by nginx and wrk between two namespaces.

Eight connections at a time, ten requests on each, objects of 1 to 256 KiB: half of them text as web pages and
scripts have it, half of them bytes as images and archives have it. The objects are the same on every machine.
"""
import os
import random
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "system"))
from lab import Lab, Web, wait_for  # noqa: E402
from lab.namespaces import SERVER4  # noqa: E402

OBJECTS_PER_SIZE = 8
SIZES = [1024 << step for step in range(9)]
CONNECTIONS, REQUESTS_PER_CONNECTION = 8, 10
TOTAL_BYTES = 500_000_000

_TAGS = "div span table tr td a li ul p h1 h2 section article label input form button script link meta".split()
_CODE = ["function ", "return ", "var ", "document.getElementById(", "window.location", "if (", ") {\n", "};\n",
         "addEventListener('click', ", ".prototype.", "null", "true", "false", "JSON.parse(", ".length", "for (var i = 0; "]


def _words(rng, count):
    letters = "etaoinshrdlucmfwypvbgkqjxz"
    weights = [12, 9, 8, 8, 7, 7, 6, 6, 6, 4, 4, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, .3, .3, .2, .2]
    return ["".join(rng.choices(letters, weights, k=rng.randint(2, 11))) for _ in range(count)]


def _html(rng, words, size):
    parts, length = ["<!DOCTYPE html>\n<html><head><title>catalogue</title></head><body>\n"], 70
    while length < size:
        tag = rng.choice(_TAGS)
        text = " ".join(rng.choices(words, k=rng.randint(3, 24)))
        part = (f'<{tag} class="{rng.choice(words)}-{rng.randint(0, 99)}" id="{rng.choice(words)}" '
                f'href="/{rng.choice(words)}/{rng.choice(words)}.html?id={rng.randint(0, 9999)}">{text}</{tag}>\n')
        parts.append(part)
        length += len(part)
    return "".join(parts).encode()[:size]


def _script(rng, words, size):
    parts, length = [], 0
    while length < size:
        part = rng.choice(_CODE) + rng.choice(words) + rng.choice(["_", ".", " = ", "(", "); ", ", ", "['"]) + rng.choice(words)
        parts.append(part)
        length += len(part)
    return "".join(parts).encode()[:size]


def _binary(rng, _words_, size):
    return rng.randbytes(size)


_KINDS = [("html", _html), ("bin", _binary), ("js", _script), ("png", _binary)]


def make_objects(web):
    """Writes the objects; @return their paths in an order that mixes sizes and kinds, and their mean size."""
    rng = random.Random(20240401)
    words = _words(rng, 4000)
    paths, total = [], 0
    for size in SIZES:
        for number in range(OBJECTS_PER_SIZE):
            kind, build = _KINDS[number % len(_KINDS)]
            name = f"o/{size // 1024}k-{number}.{kind}"
            web.page(name, build(rng, words, size))
            paths.append("/" + name)
            total += size
    rng.shuffle(paths)
    return paths, total / len(paths)


_WRK = """
local paths = {{ {paths} }}
local next_path, answered = 0, 0
function request()
    next_path = next_path % #paths + 1
    return wrk.format("GET", paths[next_path])
end
function response()
    answered = answered + 1
    if answered >= {requests} then wrk.thread:stop() end
end
"""


def make(path, total_bytes=TOTAL_BYTES):
    """Makes the capture at path, whole or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with Lab(box=False) as lab:
        web = Web(lab, keepalive_requests=REQUESTS_PER_CONNECTION)
        paths, mean = make_objects(web)
        script = lab.folder / "requests.lua"
        script.write_text(_WRK.format(paths=", ".join(f'"{p}"' for p in paths), requests=int(total_bytes / mean)))
        taken = lab.folder / "http.pcap"
        # A buffer that holds all of it: a packet that the capture misses is a gap in a stream.
        tcpdump = lab.start("server", "tcpdump", "tcpdump", "-i", "wan0", "-n", "-s", "0", "-B", "800000",
                            "-Z", "root", "-w", taken, "tcp port 80")
        wait_for("tcpdump", lambda: "listening" in tcpdump.log() and tcpdump.check_running())
        # wrk sits out its time also when its thread has stopped: the capture says when the traffic is over.
        wrk = lab.start("client", "wrk", "wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", "600", "-s", str(script),
                        "-H", "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0",
                        f"http://{SERVER4}/")
        size = -1
        while size < total_bytes or size != taken.stat().st_size:
            wrk.check_running()
            size = taken.stat().st_size
            time.sleep(1)
        tcpdump.close()
        lost = [line for line in tcpdump.log().splitlines() if "dropped by kernel" in line]
        if not lost or not lost[0].startswith("0 "):
            raise RuntimeError(f"the capture is not whole: {tcpdump.log()}")
        part = path.with_suffix(".part")
        shutil.copyfile(taken, part)
        os.replace(part, path)


if __name__ == "__main__":
    make(sys.argv[1], *(int(n) for n in sys.argv[2:3]))
