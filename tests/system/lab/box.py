"""The box: its settings file, both daemons and the CLI, in the box namespace."""
import json
import os
from pathlib import Path

from .process import run, wait_for

SOURCE = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("SEKISHO_BUILD", SOURCE / "build")).resolve()


def to_yaml(value, indent=0):
    """YAML text of dicts, lists and plain values: strings always quoted, so nothing is read as another type."""
    pad = "  " * indent
    if isinstance(value, dict):
        if not value:
            return " {}\n"
        return "\n" + "".join(f"{pad}{key}:{to_yaml(item, indent + 1)}" for key, item in value.items())
    if isinstance(value, list):
        if not value:
            return " []\n"
        return "\n" + "".join(f"{pad}-{to_yaml(item, indent + 1)}" for item in value)
    if isinstance(value, (bool, int, float)):
        return f" {json.dumps(value)}\n"
    return f" {json.dumps(str(value), ensure_ascii=False)}\n"


def free_hugepages_mb():
    """Free memory in 2 MiB hugepages, when they are mounted as well."""
    try:
        mounted = any(line.split()[2] == "hugetlbfs" for line in Path("/proc/mounts").read_text().splitlines())
        free = int(Path("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages").read_text())
        return 2 * free if mounted else 0
    except (OSError, ValueError):
        return 0


def merged(base, more):
    out = dict(base)
    for key, value in (more or {}).items():
        out[key] = merged(out[key], value) if isinstance(value, dict) and isinstance(out.get(key), dict) else value
    return out


class Box:
    """@param rules     rule files; default: the project's own
    @param local      text of rules the test adds
    @param settings   merged over the lab's settings, section by section
    """

    def __init__(self, lab, rules=None, local="", soc=(), settings=None, slowpath=True):
        self.lab = lab
        self.folder = Path(lab.folder) / "box"
        for name in ("run", "state", "log"):
            (self.folder / name).mkdir(parents=True)
        self.local_rules = self.folder / "local.rules"
        self.local_rules.write_text(local)
        self.url_admin = self.folder / "url-admin.list"
        self.url_admin.write_text("")
        self.categories = self.folder / "lists" / "lab"
        self.categories.mkdir(parents=True)
        self.settings_file = self.folder / "sekisho.yaml"
        self._rules = [str(SOURCE / "rules" / "*.rules")] if rules is None else [str(path) for path in rules]
        self._settings = merged(self._base_settings(list(soc)), settings)
        self.fastpathd = self.slowpathd = None
        self._with_slowpath = slowpath

    def category(self, name, domains):
        """Adds a URL category list; what is done with it stands in settings url.categories."""
        folder = self.categories / name
        folder.mkdir(exist_ok=True)
        (folder / "domains").write_text("".join(f"{domain}\n" for domain in domains))

    def change(self, settings):
        """Settings from the next write_settings() on, merged over the present ones."""
        self._settings = merged(self._settings, settings)
        return self

    def write_settings(self):
        self.settings_file.write_text("# settings of a laboratory box" + to_yaml(self._settings))
        return self

    def start(self):
        self.write_settings()
        if self._with_slowpath:
            self.start_slowpath()
        self.start_fastpath()
        return self

    def start_fastpath(self, seconds=60):
        self.fastpathd = self.lab.start("box", "fastpathd", BUILD / "sekisho-fastpathd", "--config", self.settings_file)
        wait_for("the fast path", lambda: self.fastpathd.check_running() and self.fast_status(), seconds)
        wait_for("the first policy", lambda: self.fastpathd.check_running() and self.policy_ready(), seconds)

    def start_slowpath(self, seconds=20):
        self.slowpathd = self.lab.start("box", "slowpathd", BUILD / "sekisho-slowpathd", "--config", self.settings_file)
        wait_for("the slow path", lambda: self.slowpathd.check_running() and self.control("slowpath", "ping"), seconds)

    def cli(self, *words, check=True, timeout=60, language="C.UTF-8"):
        return run(self.lab.argv("box", ["env", f"LC_ALL={language}", BUILD / "sekisho", "--config", self.settings_file, *words]),
                   check=check, timeout=timeout)

    def control(self, daemon, command, *words, timeout=60):
        """A request on a daemon's control socket (include/sekisho/control/message.h). @return text, None when down"""
        from .control import call
        return call(self.folder / "run" / f"{daemon}.sock", [command, *words], timeout)

    def fast_status(self):
        text = self.control("fastpath", "status")
        return json.loads(text) if text else None

    def slow_status(self):
        text = self.control("slowpath", "status")
        return json.loads(text) if text else None

    def policy_ready(self):
        status = self.fast_status()
        return bool(status) and status.get("policy", {}).get("version", 0) > 0

    def reload(self):
        return json.loads(self.control("fastpath", "reload", timeout=120))

    def alerts(self):
        done = self.cli("alerts", "--json")
        text = done.stdout.strip()
        if text.startswith("["):
            return json.loads(text)
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def _base_settings(self, soc):
        hugepages = free_hugepages_mb() >= 768
        return {
            "version": 1,
            "box_name": "box.example",
            "run_folder": self.folder / "run",
            "home_net": ["192.168.0.0/16", "fd00::/8"],
            "fastpath": {
                "ports": [{"name": "lan", "device": "net_af_packet0,iface=lan"},
                          {"name": "wan", "device": "net_af_packet1,iface=wan"}],
                "pairs": [{"inside": "lan", "outside": "wan"}],
                "workers": 1,
                "memory_mb": 512,
                "hugepages": hugepages,
                "mbufs": 32767,
                "flows": 65536,
                "stream_memory_mb": 64,
            },
            "rules": {
                "files": self._rules,
                "local_file": self.local_rules,
                "overrides_file": self.folder / "overrides",
                "classification_file": SOURCE / "rules" / "classification.config",
            },
            "url": {
                "lists": [self.categories],
                "admin_file": self.url_admin,
                "categories": {},
                "contact": "it@factory.example",
            },
            "slowpath": {
                "database": self.folder / "state" / "alerts.db",
                "severity_table": SOURCE / "rules" / "severity.yaml",
                "messages": SOURCE / "rules" / "messages.yaml",
                "host_table": SOURCE / "rules" / "hosts.yaml",
                "evidence_folder": self.folder / "state" / "evidence",
                "queue_file": self.folder / "state" / "soc-queue.db",
                "json_log_file": self.folder / "log" / "events.json",
                "soc": soc,
            },
        }
