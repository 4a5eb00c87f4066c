"""The Debian package: builds, holds what a box needs, asks for its libraries, installs into a bare root."""
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from lab.process import run
from support import BUILD, main, require

WANTED = ["usr/bin/sekisho", "usr/s?bin/sekisho-fastpathd", "usr/s?bin/sekisho-slowpathd",
          "lib/systemd/system/sekisho-fastpathd.service", "lib/systemd/system/sekisho-slowpathd.service",
          "lib/systemd/system/sekisho-url-update.service", "lib/systemd/system/sekisho-url-update.timer",
          "etc/sekisho/sekisho.yaml", "usr/share/sekisho/rules/severity.yaml", "usr/share/sekisho/rules/web-attack.rules",
          "usr/share/sekisho/rules/categories/"]


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require("sekisho", "sekisho-fastpathd", "sekisho-slowpathd", "CPackConfig.cmake")
        cls.folder = Path(tempfile.mkdtemp(prefix="sekisho-package-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        run(["cpack", "-G", "DEB", "-B", cls.folder, "--config", BUILD / "CPackConfig.cmake"], timeout=240, cwd=BUILD)
        cls.packages = sorted(cls.folder.glob("*.deb"))

    def test_content(self):
        self.assertTrue(self.packages, "cpack made no package")
        content = "".join(run(["dpkg", "-c", package]).stdout for package in self.packages)
        for path in WANTED:
            self.assertRegex(content, rf"\./(usr/)?{path}", f"{path} is not in the package")
        self.assertNotRegex(content, r"\./(usr/include|.*_test|.*\.o\b)", "what only a build needs is in the package")
        owners = set(re.findall(r"^\S+ (\S+)", content, re.M))
        self.assertEqual(owners, {"root/root"})

    def test_control(self):
        fields = "".join(run(["dpkg-deb", "-f", package]).stdout for package in self.packages)
        for library in ("libc6", "libhyperscan5", "libssl3", "librte-ethdev|libdpdk|librte"):
            self.assertRegex(fields, library)
        self.assertIn("Maintainer:", fields)
        conffiles = "".join(run(["dpkg-deb", "-I", package, "conffiles"], check=False).stdout for package in self.packages)
        self.assertIn("/etc/sekisho/sekisho.yaml", conffiles, "an upgrade must not overwrite the admin's settings")

    def test_install_into_a_bare_root(self):
        """dpkg unpacks and registers it; the programs run from there."""
        root = self.folder / "root"
        (root / "var/lib/dpkg/info").mkdir(parents=True)
        (root / "var/lib/dpkg/updates").mkdir()
        (root / "var/lib/dpkg/triggers").mkdir()
        (root / "var/lib/dpkg/status").touch()
        run(["dpkg", f"--root={root}", "--force-script-chrootless", "--force-depends", "--force-not-root", "--unpack",
             *self.packages], timeout=120)
        listed = run(["dpkg", f"--root={root}", "-l"]).stdout
        self.assertRegex(listed, r"\bsekisho\b")
        program = next(path for path in (root / "usr").rglob("sekisho") if path.is_file())
        self.assertIn("sekisho", run([program, "version"]).stdout)
        settings = root / "etc/sekisho/sekisho.yaml"
        found = settings if settings.exists() else settings.with_suffix(".yaml.dpkg-new")
        subprocess.run([program, "config", "check", found], check=True, timeout=30)


if __name__ == "__main__":
    main()
