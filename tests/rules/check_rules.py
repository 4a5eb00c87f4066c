#!/usr/bin/env python3
"""Checks the form of the shipped rules: what docs/rules-and-lists.md asks of each, and that each has its cases."""
import collections, json, os, re, sys

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "rules")
NO_CASES = {9000220, 9000221, 9000560, 9000618}  # TCP flags, ICMP, TLS version: not a conversation of text
LEAST = 80


def options_of(rule):
    """Options as (name, value); `;` within quotes does not end one."""
    body = rule[rule.index("(") + 1:rule.rindex(")")]
    return [(m.group(1), m.group(2) or "") for m in re.finditer(r'\s*([\w.]+)(?::((?:"(?:\\.|[^"])*"|[^;"])*))?;', body)]


def faults_of(rule, classes):
    options = options_of(rule)
    values = collections.defaultdict(list)
    for name, value in options:
        values[name].append(value)
    metadata = dict(item.strip().split(" ", 1) for item in ",".join(values["metadata"]).split(","))
    if not re.match(r"(alert|drop) (http|tls|dns|tcp|udp|icmp|ip) \S+ \S+ -> \S+ \S+ \(", rule):
        yield "header"
    for name in ("msg", "classtype", "sid", "rev", "reference", "metadata"):
        if not values[name]:
            yield "no " + name
    if values["classtype"][0] not in classes:
        yield "class %s is not in classification.config" % values["classtype"][0]
    if metadata.get("signature_severity") not in ("High", "Medium", "Low"):
        yield "signature_severity"
    if not re.search("[\u3040-\u30ff\u4e00-\u9fff]", metadata.get("msg_ja", "")):
        yield "msg_ja is not Japanese"
    if not values["msg"][0].startswith('"SEKISHO '):
        yield "msg does not begin with SEKISHO"
    for pattern in values["pcre"]:
        if re.search(r"\)[*+][*+]?[^\\]*\)[*+]", pattern):
            yield "nested unbounded repetition"


def main():
    text = open(os.path.join(RULES, "classification.config"), encoding="utf-8").read()
    classes = set(re.findall(r"^config classification: ([\w-]+),[^,]+,[1-4]$", text, re.M))
    cases = collections.defaultdict(set)
    for case in json.load(open(os.path.join(HERE, "cases.json"), encoding="utf-8")):
        cases[case["sid"]].add(case["expect"])
    seen, wrong = set(), 0
    for name in sorted(os.listdir(RULES)):
        if not name.endswith(".rules"):
            continue
        for number, line in enumerate(open(os.path.join(RULES, name), encoding="utf-8"), 1):
            if not line.strip() or line.startswith("#"):
                continue
            sid = int(re.search(r"\bsid:(\d+);", line).group(1))
            faults = list(faults_of(line, classes))
            if sid in seen:
                faults.append("sid stands twice")
            if sid < 9000000:
                faults.append("sid below 9000000")
            if sid not in NO_CASES and cases[sid] != {True, False}:
                faults.append("needs a case that fires and one that does not")
            seen.add(sid)
            for fault in faults:
                wrong += 1
                print("%s:%d: sid %d: %s" % (name, number, sid, fault))
    for sid in sorted(set(cases) - seen - {0}):
        if cases[sid]:
            wrong += 1
            print("cases.json: no rule %d" % sid)
    if len(seen) < LEAST:
        wrong += 1
    print("%d rules, %d faults" % (len(seen), wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
