"""All cases, and the rules that find what they carry."""
from pathlib import Path

import fragments
import mail
import names
import segments
import tunnels
import web

_RULES = Path(__file__).resolve().with_name("attack.rules")


def all_cases():
    return [case for family in (fragments, segments, web, names, mail, tunnels) for case in family.cases()]


def listening_rules():
    return _RULES.read_text()


def inline_rules():
    """The rules with those of attacks made to drop."""
    lines = listening_rules().splitlines()
    return "".join((line.replace("alert", "drop", 1) if 'msg:"attack' in line else line) + "\n" for line in lines)
