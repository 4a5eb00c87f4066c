"""An order of the SOC cuts a host off: it reaches nothing but the notice, until the SOC or the admin lets it go on."""
import json

from lab import Box, Web, curl, wait_for
from lab.box import BUILD
from lab.namespaces import CLIENT4, SERVER4
from lab.process import run
from support import BoxTest, main


class Orders(BoxTest):
    slowpath = False

    @classmethod
    def prepare(cls):
        cls.web = Web(cls.lab)
        folder = cls.lab.folder
        cls.key = f"{folder}/soc.key"
        run([BUILD / "sekisho", "soc-order", "key", cls.key])
        cls.box = Box(cls.lab, rules=[], slowpath=False, settings={
            "fastpath": {"quarantine_file": f"{folder}/box/quarantine"},
            "orders": {"key_file": f"{cls.key}.pub", "state_file": f"{folder}/box/state/orders", "never": ["192.168.10.1"]}}).start()

    def make(self, host, action="add", key=None, box="box.example", **more):
        words = ["soc-order", "make", "--key", key or self.key, "--box", box, "--host", host, "--action", action, "--reason", "calls home"]
        if action == "add":
            words += ["--for", more.get("lasting", "1h")]
        path = self.box.folder / "order"
        path.write_text(run([BUILD / "sekisho", *words]).stdout)
        return path

    def reaches(self):
        return curl(self.lab, "http://shop.example/").status == 200

    def pings(self):
        return self.lab.run("client", "ping", "-c", "1", "-W", "2", SERVER4, check=False).returncode == 0

    def test_1_cut_off_and_let_go_on(self):
        wait_for("the site", lambda: self.reaches() and self.pings(), 30)
        order = self.make(CLIENT4)
        self.box.cli("quarantine", "apply", order)
        wait_for("the notice", lambda: curl(self.lab, "http://shop.example/").status == 403, 10)
        page = curl(self.lab, "http://shop.example/").body
        self.assertIn("calls home", page)
        self.assertIn("it@factory.example", page)
        self.assertFalse(self.pings())
        self.assertNotEqual(curl(self.lab, "https://shop.example/").status, 200)
        self.assertNotEqual(self.box.cli("quarantine", "apply", order, check=False).returncode, 0)  # a replay
        self.box.cli("quarantine", "apply", self.make(CLIENT4, "remove"))
        wait_for("the site again", self.reaches, 10)

    def test_2_the_admin_undoes_it(self):
        order = self.make(CLIENT4)
        self.box.cli("quarantine", "apply", order)
        wait_for("the notice", lambda: not self.reaches(), 10)
        self.box.cli("quarantine", "remove", CLIENT4)
        wait_for("the site again", self.reaches, 10)
        self.assertNotEqual(self.box.cli("quarantine", "apply", order, check=False).returncode, 0)
        self.assertTrue(self.reaches())

    def test_3_it_ends_by_itself(self):
        self.box.cli("quarantine", "apply", self.make(CLIENT4, lasting="5s"))
        wait_for("the notice", lambda: not self.reaches(), 4)
        wait_for("the site again", self.reaches, 15)

    def test_4_refused_orders_change_nothing(self):
        other = f"{self.lab.folder}/other.key"
        run([BUILD / "sekisho", "soc-order", "key", other])
        for order in (self.make(CLIENT4, key=other), self.make(CLIENT4, box="another"), self.make("192.168.10.1")):
            done = self.box.cli("quarantine", "apply", order, check=False)
            self.assertNotEqual(done.returncode, 0, order.read_text())
        self.assertTrue(self.reaches())
        lines = [json.loads(line) for line in (self.box.folder / "audit.log").read_text().splitlines()]
        applied = [line for line in lines if line["command"] == "quarantine apply" and line["result"] == "done"]
        self.assertTrue(applied and all("calls home" in line["note"] for line in applied))


if __name__ == "__main__":
    main()
