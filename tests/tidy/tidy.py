#!/usr/bin/env python3
"""Is the house in order? Reads the tree, not the running program; each check prints file:line: what.

  arrows      every include in src/ and include/ goes to a room named in CMakeLists.txt, or to a library whose door
              the room is
  headers     each public header compiles by itself
  sizes       no source file is too long to read in one sitting
  words       no marks of unfinished work, no paths of a machine, no hosts of package mirrors
  docs        docs/ARCHITECTURE.md names every room; every room has its README.md; links lead somewhere
  keywords    every keyword of the rule language stands in a rule under tests/ (a warning only)
  rules       every rule of rules/ has a case in tests/rules/cases.json (a warning only)

Usage: tidy.py --source DIR --build DIR [CHECK...]
"""
import argparse
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LINES_MAX = 600
CODE = {".cpp", ".h", ".py", ".sh", ".cmake"}

# Third-party headers by the name of their door; what is in no line is the C or C++ library or the kernel's.
DOORS = {
    "spdlog": r"spdlog/", "expected": r"tl/expected", "json": r"nlohmann/", "yaml": r"yaml-cpp/",
    "openssl": r"openssl/", "zlib": r"zlib\.h", "brotli": r"brotli/", "hyperscan": r"hs(/|\.h|_)",
    "pcre2": r"pcre2", "ndpi": r"(libndpi/|ndpi)", "pcap": r"pcap", "dpdk": r"rte_", "sqlite": r"sqlite3",
    "idn2": r"idn2\.h", "psl": r"libpsl\.h", "maxminddb": r"maxminddb\.h", "archive": r"archive(_entry)?\.h", "cli11": r"CLI/", "edit": r"(histedit|editline)", "cap": r"sys/capability\.h", "relp": r"librelp", "curl": r"curl/",
}

# Written in pieces, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(work/|root/|home/\w|tmp/b-)")
MIRRORS = re.compile(r"\b(deb|security|ftp\.\w+|snapshot|archive|mirrors?)\.(debian|ubuntu)\.(org|com)\b")
LINK = re.compile(r"\[[^]\[]*\]\(([^)#\s]+)")


class Tree:
    def __init__(self, source, build):
        self.source, self.build = source, build
        listed = subprocess.run(["git", "-C", source, "ls-files", "-co", "--exclude-standard"], capture_output=True,
                                text=True)
        if listed.returncode == 0:
            self.files = [p for p in map(Path, listed.stdout.split("\n")) if p.name and (source / p).is_file()]
        else:   # an unpacked archive
            self.files = [p.relative_to(source) for p in source.rglob("*")
                          if p.is_file() and p.relative_to(source).parts[0] not in ("build", ".git")]

    def under(self, *roots, suffixes=None):
        for path in self.files:
            if path.parts[0] in roots and (suffixes is None or path.suffix in suffixes):
                yield path

    def lines(self, path):
        text = (self.source / path).read_text(encoding="utf-8", errors="replace")
        return enumerate(text.splitlines(), 1)

    def is_text(self, path):
        with open(self.source / path, "rb") as file:
            return b"\0" not in file.read(4096)

    def arrows(self):
        """rooms.txt: "room: used rooms | doors", programs as "program:name: rooms |"."""
        rooms = {}
        for line in (self.build / "rooms.txt").read_text().splitlines():
            name, _, rest = line.rpartition(": ")
            uses, _, doors = rest.partition("|")
            rooms[name.rstrip(":")] = (set(uses.split()), set(doors.split()))
        return rooms


def check_arrows(tree):
    rooms = tree.arrows()
    include = re.compile(r'\s*#\s*include\s+([<"])([^>"]+)[>"]')
    for path in tree.under("src", "include", suffixes={".cpp", ".h"}):
        parts = path.parts
        room = parts[1] if parts[0] == "src" else parts[2]
        who = room
        if room == "programs":     # wiring: main() hands the nouns of the lower floors to the rooms it starts
            who = path.stem
            uses, doors = rooms.get(f"program:{who}", (set(), set()))
            uses = uses.union(*(rooms[used][0] for used in uses if used in rooms))
        elif room in rooms:        # arrows are written out: what a used room uses is not ours to include
            uses, doors = rooms[room]
        else:
            yield path, 0, f"room {room} is not declared in CMakeLists.txt"
            continue
        private = {p.name for p in (tree.source / "src").iterdir()}
        for number, line in tree.lines(path):
            found = include.match(line)
            if not found:
                continue
            target = found.group(2)
            if target.startswith("sekisho/"):
                other = target.split("/")[1]
                if other != room and other not in uses:
                    yield path, number, f"{who} may not include {other} (USES in CMakeLists.txt)"
                if not (tree.source / "include" / target).exists():
                    yield path, number, f"{target} does not exist"
            elif found.group(1) == '"' and target.split("/")[0] in private and target.split("/")[0] != room:
                yield path, number, f"a private header of another room: {target}"
            else:
                for door, pattern in DOORS.items():
                    if re.match(pattern, target) and door not in doors:
                        yield path, number, f"{who} is not the door to {door}: {target}"


def check_headers(tree):
    compiler = os.environ.get("CXX", "g++")
    headers = sorted(tree.under("include", suffixes={".h"}))
    flags = subprocess.run(["pkg-config", "--cflags", "libdpdk", "libndpi", "libhs", "libpcre2-8"], capture_output=True,
                           text=True).stdout.split()

    def alone(header):
        # A whole room per process would be quicker, but then one header could hide another's missing include.
        done = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra",
                               '-DSEKISHO_VERSION=""', *flags, "-I", tree.source / "include", "-x", "c++", "-"],
                              input=f'#include "{header.relative_to("include")}"\n', capture_output=True, text=True)
        return header, done.returncode, done.stderr

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, code, said in pool.map(alone, headers):
            if code != 0:
                first = next((line for line in said.splitlines() if "error" in line), said[:200])
                yield header, 0, f"does not compile alone: {first}"


def check_sizes(tree):
    for path in tree.files:
        if path.suffix in CODE and path.parts[0] in ("src", "include", "tests", "bench", "firmware", "cmake"):
            length = sum(1 for _ in tree.lines(path))
            if length > LINES_MAX:
                yield path, length, f"{length} lines, more than {LINES_MAX}"


def check_words(tree):
    own = {Path("tests/tidy/tidy.py"), Path("tests/tidy/tidy_test.py")}
    for path in tree.files:
        if path in own or "corpus" in path.parts or not tree.is_text(path):
            continue
        data = path.suffix in {".rules", ".json", ".jsonl"} or path.name == "domains"
        for number, line in tree.lines(path):
            if UNFINISHED.search(line) and not data:
                yield path, number, f"unfinished work: {line.strip()[:80]}"
            if MACHINE_PATHS.search(line) and not data:
                yield path, number, f"a path of one machine: {line.strip()[:80]}"
            if MIRRORS.search(line):
                yield path, number, f"a package mirror's host: {line.strip()[:80]}"


def check_docs(tree):
    page = Path("docs/ARCHITECTURE.md")
    text = (tree.source / page).read_text() if (tree.source / page).exists() else ""
    for room in tree.arrows():
        if room.startswith("program:"):
            room = room.removeprefix("program:")
        elif not (tree.source / "src" / room / "README.md").exists():
            yield Path("src") / room, 0, "the room has no README.md"
        if not re.search(rf"\b{re.escape(room)}\b", text):
            yield page, 0, f"does not name {room}"
    for path in tree.files:
        if path.suffix != ".md":
            continue
        for number, line in tree.lines(path):
            for target in LINK.findall(line):
                if "://" not in target and not target.startswith("mailto:"):
                    if not (tree.source / path.parent / target).exists():
                        yield path, number, f"a link to nothing: {target}"


def check_rules(tree):
    cases = tree.source / "tests/rules/cases.json"
    if not cases.exists():
        return
    content = json.loads(cases.read_text())
    content = content.get("cases", []) if isinstance(content, dict) else content
    known = {case.get("sid") for case in content}
    for path in tree.under("rules", suffixes={".rules"}):
        for number, line in tree.lines(path):
            sid = re.search(r"\bsid:\s*(\d+)", line)
            if sid and not line.startswith("#") and int(sid.group(1)) not in known:
                yield path, number, f"no case for sid {sid.group(1)}"


def check_keywords(tree):
    table = Path("src/signature/keywords/table.cpp")
    names = re.findall(r'^    \{"([^"]+)",', (tree.source / table).read_text(), re.MULTILINE)
    rules = "".join((tree.source / path).read_text(errors="replace")
                    for path in tree.under("tests", suffixes={".cpp", ".h", ".rules", ".json", ".py"}))
    for name in names:
        if not re.search(rf"(?<![\w.]){re.escape(name)}\s*[:;]", rules):
            yield table, 0, f"no rule under tests/ has {name}"


CHECKS = {"arrows": check_arrows, "headers": check_headers, "sizes": check_sizes, "words": check_words,
          "docs": check_docs, "keywords": check_keywords, "rules": check_rules}
WARN_ONLY = {"keywords", "rules"}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--source", type=Path, required=True)
    options.add_argument("--build", type=Path, required=True)
    options.add_argument("checks", nargs="*", metavar="CHECK", help=", ".join(CHECKS))
    asked = options.parse_args()
    tree = Tree(asked.source.resolve(), asked.build.resolve())
    failed = 0
    for name in asked.checks or CHECKS:
        found = list(CHECKS[name](tree))
        for path, number, what in found:
            print(f"{path}:{number}: {'warning: ' if name in WARN_ONLY else ''}{what}")
        failed += 0 if name in WARN_ONLY else len(found)
        print(f"{name}: {len(found)} findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
