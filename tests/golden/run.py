#!/usr/bin/env python3
"""Does the product judge right? Replays each case's capture and holds what comes out against what was expected.

  run.py [CASE...] [--update] [--make]

A case is a folder: README.md (what it is about), make.py (builds traffic.pcap), case.rules, settings (words for the
command line, one line each; may be missing), urls/ (category lists; may be missing), expected.jsonl.
--update writes expected.jsonl from what the program says: read the difference before it is committed.
--make writes traffic.pcap from make.py. Without it, make.py must still give the very same file.
"""
import argparse
import difflib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ.get("SEKISHO_BUILD", HERE.parents[1] / "build"))
SKIPPED = 77

# What a case holds fast, by kind of line. Further fields may come and go without a case's notice.
PACKET = ("pcap_cnt", "src_ip", "src_port", "dest_ip", "dest_port", "proto")
VIEW = {
    "rules": ("loaded", "failed"),
    "alert": (*PACKET, "vlan", "app_proto", "action", "gid", "sid", "rev", "signature", "severity"),
    "drop": (*PACKET, "sid", "reason"),
    "http": ("src_ip", "dest_ip", "hostname", "url", "http_method", "http_user_agent", "http_content_type", "status",
             "length"),
    "tls": ("src_ip", "dest_ip", "sni", "version", "ja3.hash"),
    "quic": ("src_ip", "dest_ip", "sni", "version"),
    "dns": ("type", "id", "rrname", "rrtype", "rcode"),
    "url": ("pcap_cnt", "src_ip", "dest_ip", "action", "category", "host", "list"),
    "anomaly": ("pcap_cnt", "reason", "event"),
}


def flatten(record, prefix=""):
    """Nested objects give their fields by last name, and as parent.field where the parent says more."""
    out = {}
    for key, value in record.items():
        if isinstance(value, dict):
            for inner, item in flatten(value).items():
                out.setdefault(inner, item)
                out[f"{key}.{inner}"] = item
        else:
            out[key] = value
    return out


def view(line):
    """The line as the case sees it; None when the case does not look at such lines."""
    record = json.loads(line)
    kind = record.get("event_type") or record.get("event")
    if kind not in VIEW:
        return None
    flat = flatten(record)
    if kind == "alert":
        flat.setdefault("sid", flat.get("signature_id"))
        flat["action"] = flat.get("alert.action", flat.get("action"))
    seen = {name: flat[name] for name in VIEW[kind] if flat.get(name) is not None}
    return json.dumps({"kind": kind, **seen}, ensure_ascii=False)


def built(case):
    """The capture that the case's script makes, as bytes."""
    spec = importlib.util.spec_from_file_location(f"case_{case.name}", case / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return bytes(module.build())


def replay(case):
    words = [BUILD / "sekisho", "replay", "--json", "--rules", "case.rules",
             "--set", f"classification-file={HERE.parents[1] / 'rules' / 'classification.config'}"]
    if (case / "urls").is_dir():
        words += ["--urls", "urls"]
    if (case / "settings").exists():
        for line in (case / "settings").read_text().splitlines():
            words += line.split()
    done = subprocess.run([*words, "traffic.pcap"], cwd=case, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        return None, f"ended with {done.returncode}: {done.stderr.strip()[-500:]}"
    return [seen for seen in map(view, done.stdout.splitlines()) if seen], done.stderr


def check(case, asked):
    """@return what is wrong, in lines"""
    capture = case / "traffic.pcap"
    if asked.make:
        capture.write_bytes(built(case))
    elif capture.read_bytes() != built(case):
        return ["make.py gives another capture than traffic.pcap (run.py --make)"]
    got, said = replay(case)
    if got is None:
        return [said]
    expected_file = case / "expected.jsonl"
    if asked.update:
        expected_file.write_text("".join(line + "\n" for line in got))
        return []
    expected = expected_file.read_text().splitlines() if expected_file.exists() else []
    difference = list(difflib.unified_diff(expected, got, "expected", "got", lineterm="", n=1))
    return difference + ([said.strip()] if difference and said.strip() else [])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("cases", nargs="*", metavar="CASE")
    options.add_argument("--update", action="store_true")
    options.add_argument("--make", action="store_true")
    asked = options.parse_args()
    if not (BUILD / "sekisho").exists():
        print(f"skipped: no {BUILD / 'sekisho'}")
        return SKIPPED
    sys.path.insert(0, str(HERE))
    sys.dont_write_bytecode = True
    cases = sorted(path.parent for path in HERE.glob("*/make.py") if not asked.cases or path.parent.name in asked.cases)
    failed = 0
    for case in cases:
        wrong = check(case, asked)
        failed += bool(wrong)
        if wrong:
            print(f"FAIL {case.name}\n  " + "\n  ".join(wrong))
    print(f"{len(cases) - failed} of {len(cases)} golden cases as expected")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
