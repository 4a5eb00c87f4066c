#!/usr/bin/env python3
"""Can an attack be hidden from the box and reach the host? Replays generated conversations, listening and inline.

  run.py [PATTERN...] [--list] [--keep FOLDER]

Of each case: before the box at least one system gets the attack (else the case proves nothing). Listening, its rule
hits, or, where hosts read different things, an event tells. Inline, of what is forwarded no system gets it. The same
conversation without the attack raises nothing and passes whole, where it is ordinary traffic.
"""
import argparse
import fnmatch
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ.get("SEKISHO_BUILD", HERE.parents[1] / "build"))
SKIPPED = 77
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

from case import ATTACK, HARMLESS                                              # noqa: E402
from families import all_cases, inline_rules, listening_rules                  # noqa: E402
from host import reaches, timed                                                    # noqa: E402
from make import Capture                                                       # noqa: E402
from wire import captured                                                      # noqa: E402

CASES_AT_LEAST = 150


def conversation(case, target):
    made = case.make(target, "browser")
    return made if isinstance(made, list) else captured(made)


def write(path, conversation):
    capture = Capture()
    for silence, frame in conversation:
        capture.pause(silence)
        capture.add(frame)
    capture.write(path)


def replay(folder, captures, mode):
    """What the box says of each capture. @return {capture: (told, frames that were not forwarded)}"""
    rules = inline_rules() if mode == "ips" else listening_rules()
    rule_file, listing = folder / f"{mode}.rules", folder / f"{mode}.list"
    rule_file.write_text(rules)
    listing.write_text("".join(f"{path}\n" for path in captures))
    done = subprocess.run([BUILD / "sekisho", "replay", "--json", "--rules", rule_file, "--set", f"mode={mode}", "--set",
                           "checksum=auto", "--set", "flows=1024", "--set", "stream.midstream=true", "--list", listing], capture_output=True, text=True, timeout=280)
    if done.returncode != 0:
        raise RuntimeError(f"replay ended with {done.returncode}: {done.stderr[-800:]}")
    out = {str(path): (set(), set()) for path in captures}
    for line in done.stdout.splitlines():
        record = json.loads(line)
        kind = record.get("event_type") or record.get("event")
        if kind == "rules" and record.get("failed"):
            raise RuntimeError(f"{record['failed']} rules do not load: {done.stderr[-800:]}")
        if "pcap_filename" not in record:
            continue
        told, missing = out[record["pcap_filename"]]
        if kind == "alert":
            told.add(record.get("sid") or record["alert"]["signature_id"])
        elif kind == "anomaly":
            told.add(record.get("reason") or record.get("anomaly", {}).get("event"))
        elif kind == "drop":
            missing.add(record["pcap_cnt"])
    return out


def faults(case, listening, inline, attack):
    """@param listening, inline  what was told and dropped, by attack and control
    @return what is wrong with the case, in lines"""
    wrong = []
    told, _ = listening[0]
    tells = {case.sid, *case.told}
    if not told & tells:
        wrong.append(f"listening: passes unseen (told: {sorted(map(str, told))})")
    if case.needle and not reaches(timed(attack), case.needle(ATTACK, "browser")):
        wrong.append("no system gets the attack even without a box: the case proves nothing")
    _, missing = inline[0]
    arrived = [item for n, item in enumerate(timed(attack), 1) if n not in missing]
    if case.needle is None and not missing:
        wrong.append("inline: all of it is forwarded")
    if case.needle and not case.only_told:
        system = reaches(arrived, case.needle(ATTACK, "browser"))
        if system:
            wrong.append(f"inline: gets past to {system} (dropped: {sorted(missing)}, told: {sorted(map(str, inline[0][0]))})")
    if case.control:
        for name, (said, dropped) in (("listening", listening[1]), ("inline", inline[1])):
            if said or dropped:
                wrong.append(f"{name}: harmless, and told {sorted(map(str, said))}, dropped {sorted(dropped)}")
    return wrong


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("patterns", nargs="*", metavar="PATTERN")
    options.add_argument("--list", action="store_true", help="name the cases and what a host makes of them")
    options.add_argument("--keep", metavar="FOLDER", help="write the captures there")
    asked = options.parse_args()
    if not (BUILD / "sekisho").exists():
        print(f"skipped: no {BUILD / 'sekisho'}")
        return SKIPPED
    cases = all_cases()
    twice = [name for name, count in Counter(case.full_name for case in cases).items() if count > 1]
    if twice or len(cases) < CASES_AT_LEAST:
        print(f"{len(cases)} cases, names used twice: {twice}")
        return 1
    if asked.patterns:
        cases = [case for case in cases if any(fnmatch.fnmatch(case.full_name, f"*{p}*") for p in asked.patterns)]
    if asked.list:
        print("\n".join(f"{case.full_name}: a host {case.host}" for case in cases))
        return 0
    with tempfile.TemporaryDirectory(prefix="sekisho-evasion-") as temporary:
        folder = Path(asked.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        return judge(cases, folder)


def judge(cases, folder):
    made, files = {}, []
    for n, case in enumerate(cases):
        for m, target in enumerate((ATTACK, HARMLESS)):
            made[n, m] = conversation(case, target)
            path = folder / f"{case.full_name.replace('/', '-')}-{'harmless' if m else 'attack'}.pcap"
            write(path, made[n, m])
            files.append(path)
    with ThreadPoolExecutor() as both:
        listening, inline = both.map(lambda mode: replay(folder, files, mode), ("ids", "ips"))
    failed, families = 0, Counter()
    for n, case in enumerate(cases):
        mine = [str(path) for path in files[2 * n:2 * n + 2]]
        wrong = faults(case, [listening[path] for path in mine], [inline[path] for path in mine], made[n, 0])
        families[case.family] += 1
        failed += bool(wrong)
        if wrong:
            print(f"FAIL {case.full_name}\n  " + "\n  ".join(wrong))
    told = ", ".join(f"{count} {family}" for family, count in families.items())
    controls = sum(case.control for case in cases)
    print(f"{len(cases) - failed} of {len(cases)} cases as they should be ({told}), {controls} of them with a harmless twin")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
