"""The demonstration that firmware/demo/run shows: real traffic through a real box, and what came of it.

Every line that says what happened is checked; the exit code is 1 when one of them is not as it should be.
"""
import html
import re
import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "system"))
from lab import Box, Lab, LabUnavailable, Soc, Web, curl, wait_for  # noqa: E402
from lab.namespaces import CLIENT4, SERVER4  # noqa: E402

LISTED, LISTED_TLS, GOOD = "lucky-dice.example", "games.lucky-dice.example", "parts.example"
# In pieces, so that no virus scanner stops at this file.
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EI" + "CAR-STANDARD-ANTI" + "VIRUS-TEST-FILE!$H+H*"

TTY = sys.stdout.isatty()


def colour(code, text):
    return f"\033[{code}m{text}\033[0m" if TTY else text


def heading(text):
    print("\n" + colour("1", text))


class Scorecard:
    def __init__(self):
        self.failed = 0

    def line(self, good, mark, what, detail=""):
        self.failed += not good
        word = colour("32", mark) if good else colour("31", "WRONG")
        pad = " " * max(0, 8 - len(mark if good else "WRONG"))
        print(f"  {word}{pad} {what}" + (f"\n           {detail}" if detail else ""))


def as_text(page):
    """An HTML page as a person reads it."""
    page = re.sub(r"(?s)<(style|script|title)[^>]*>.*?</\1>", "", page)
    page = re.sub(r"(?i)<(br|/p|/h\d|/div|/tr|/dd|/li|/dt|p|h\d|div)[^>]*>", "\n", page)
    lines = (line.strip() for line in html.unescape(re.sub(r"<[^>]+>", " ", page)).splitlines())
    return "\n".join(re.sub(r"\s+", " ", line) for line in lines if line)


def passes(lab, score):
    page = curl(lab, f"http://{GOOD}/")
    score.line(page.status == 200 and "Parts list" in page.body, "passed", f"http://{GOOD}/ gives the page")
    page = curl(lab, f"https://{GOOD}/")
    score.line(page.status == 200 and "Parts list" in page.body, "passed", f"https://{GOOD}/ gives the page")
    ping = lab.run("client", "ping", "-q", "-c", "3", "-i", "0.1", "-W", "2", SERVER4, check=False)
    score.line(" 0% packet loss" in ping.stdout, "passed", f"ping {SERVER4}: three of three")


def stopped(lab, inside, score):
    page = curl(lab, f"http://{LISTED}/roulette", "-H", "Accept-Language: en")
    score.line(page.status == 403, "blocked", f"http://{LISTED}/roulette gives the box's own page:")
    print(textwrap.indent("\n".join(as_text(page.body).splitlines()[:12]), "             | "))
    page = curl(lab, f"https://{LISTED_TLS}/")
    score.line(page.code in (35, 56), "blocked", f"https://{LISTED_TLS}/ is cut at its server name", page.said)
    query = "id=1%27%20UNION%20SELECT%20name,password%20FROM%20users--"
    attack = curl(lab, f"http://www.factory.example/item?{query}", where="server", seconds=3)
    reached = any("UNION" in line for line in inside.requests())
    score.line(attack.code != 0 and not reached, "dropped", "SQL injection from outside on the factory's web server",
               "the server never saw the request" if not reached else "the server saw the request")
    honest = curl(lab, "http://www.factory.example/item?id=1", where="server")
    score.line(honest.status in (200, 404), "passed", "an honest request to the same server from the same address")
    virus = curl(lab, f"http://{GOOD}/files/tool.com", seconds=3)
    score.line(EICAR not in virus.body and virus.code != 0, "dropped", "download of the EICAR test file", virus.said)


def told(box, soc, score):
    wanted = ("SQL", "EICAR", "gambling")

    def all_there():
        lines = soc.lines("tls")
        return lines if all(any(word in line for line in lines) for word in wanted) else None

    try:
        wait_for("the alerts at the SOC", all_there, seconds=20)
    except TimeoutError:
        pass
    heading("What the box says (sekisho alerts)")
    listed = box.cli("alerts").stdout
    print(textwrap.indent(listed.rstrip(), "  "))
    alerts = box.alerts()
    heading("Why, and what to do (the head of sekisho alerts show ID)")
    for alert in alerts:
        shown = box.cli("alerts", "show", str(alert["id"])).stdout.split("\n\n")[0]
        print(textwrap.indent(shown, "  ") + "\n")
    heading("The gravest one for a reader of Japanese (LC_ALL=ja_JP.UTF-8)")
    for alert in [alert for alert in alerts if alert["severity"] == "High"][:1]:
        shown = box.cli("alerts", "show", str(alert["id"]), language="ja_JP.UTF-8").stdout.split("\n\n")[0]
        print(textwrap.indent(shown, "  ") + "\n")
    heading("What the SOC's rsyslog wrote (TLS, RFC 5424)")
    lines = soc.lines("tls")
    for line in lines:
        print(textwrap.fill(line, 108, initial_indent="  ", subsequent_indent="    "))
    print()
    for word in wanted:
        here = any(word.lower() in str(alert).lower() for alert in alerts)
        there = any(word.lower() in line.lower() for line in lines)
        score.line(here and there, "told", f"{word}: on the box {'yes' if here else 'no'}, at the SOC {'yes' if there else 'no'}")


def main():
    score = Scorecard()
    try:
        with Lab() as lab:
            outside = Web(lab, names=[GOOD, LISTED, LISTED_TLS])
            outside.page("files/tool.com", EICAR.encode())
            inside = Web(lab, names=["www.factory.example"], where="client")
            soc = Soc(lab)
            box = Box(lab, soc=soc.targets(["tls"]), settings={"url": {"categories": {"gambling": "block"}}})
            box.category("gambling", [LISTED])
            box.start()
            status = box.fast_status()
            heading(f"A box between a factory ({CLIENT4}) and the world ({SERVER4})")
            print(f"  {status['policy']['loaded']} rules and {status['policy']['url_entries']} URL entries are in force")
            heading("What passed")
            passes(lab, score)
            heading("What was stopped")
            stopped(lab, inside, score)
            told(box, soc, score)
    except LabUnavailable as why:
        print(f"firmware/demo/run: no network namespaces here: {why}", file=sys.stderr)
        return 1
    print("\n" + (colour("32", "All as it should be.") if not score.failed else
                  colour("31", f"{score.failed} things are not as they should be.")))
    return 1 if score.failed else 0


if __name__ == "__main__":
    sys.exit(main())
