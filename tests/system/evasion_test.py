"""The generated evasions of tests/evasion, for real: raw frames through the box to nginx. What the box drops by rule nginx
never serves, however it is cut; the same conversations without the attack are served."""
import json
import re
import sys

from lab import Box, Web, curl, wait_for
from support import SOURCE, BoxTest, main

EVASION = SOURCE / "tests" / "evasion"
sys.path.insert(0, str(EVASION))
sys.dont_write_bytecode = True

from live_client import agent_of, live_cases                                   # noqa: E402
from families import inline_rules                                              # noqa: E402

CASES_AT_LEAST = 150
_LINE = re.compile(r'"(?P<request>[^"]*)" (?P<status>\d+) \d+ "[^"]*" "(?P<agent>[^"]*)"$')


class Evasion(BoxTest):
    slowpath = False

    @classmethod
    def prepare(cls):
        cls.web = Web(cls.lab)
        cls.web.page("orders.cgi", b"orders\n")
        cls.web.page("attack.cgi", b"reached\n")
        cls.box = Box(cls.lab, rules=[], local=inline_rules(), slowpath=False).start()
        cls.mac = cls.lab.run("server", "cat", "/sys/class/net/wan0/address").stdout.strip()

    def play(self, kind):
        said = self.lab.run("client", sys.executable, "-B", EVASION / "live_client.py", "lan0", self.mac, kind, timeout=120)
        return json.loads(said.stdout)

    def served(self):
        """(agent, request) of what nginx did not refuse."""
        found = [_LINE.search(line) for line in self.web.requests()]
        return [(m["agent"], m["request"]) for m in found if m and m["status"] != "400"]

    def test_harmless_ones_are_served_and_attacks_are_not(self):
        cases = live_cases()
        self.assertGreaterEqual(len(cases), CASES_AT_LEAST)
        answered = self.play("harmless")
        self.assertTrue(all(answered.values()), [name for name, ok in answered.items() if not ok])
        wanted = {agent_of("harmless", case) for case in cases if case.control and case.name != "version-0.9"}
        try:
            wait_for("the harmless requests", lambda: wanted <= {agent for agent, _ in self.served()})
        except TimeoutError:
            self.fail(f"not served: {sorted(wanted - {agent for agent, _ in self.served()})}")

        self.play("attack")
        page = curl(self.lab, "http://shop.example/")  # nginx has seen all that came before
        self.assertEqual((page.code, page.status), (0, 200), page.said)
        told = {agent_of("attack", case) for case in cases if case.only_told}
        # A request whose octet was not taken out of the word, as its mark did not arrive, asks for something else.
        through = [(agent, request) for agent, request in self.served()
                   if (agent.startswith("attack:") and not agent.endswith("-first") or "/attack.cgi" in request)
                   and agent not in told and "attXack" not in request]
        self.assertEqual(through, [])
        print(f"{len(cases)} attacks, none served; {len(wanted)} harmless twins served", file=sys.stderr)


if __name__ == "__main__":
    main()
