"""A real nginx for HTTP and HTTPS with one generated certificate for every name it serves, and curl."""
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from .namespaces import CLIENT4, SERVER4
from .process import run, wait_for

_CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log {folder}/access.log;
    default_type application/octet-stream;
    types {{ text/html html; application/javascript js; text/css css; text/plain txt; image/png png; }}
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    client_max_body_size 2g;
    sendfile off;
    keepalive_requests {keepalive_requests};
    server {{
        listen 80 default_server; listen [::]:80 default_server;
        listen 443 ssl http2 default_server; listen [::]:443 ssl http2 default_server;
        ssl_certificate {folder}/server.crt; ssl_certificate_key {folder}/server.key;
        root {folder}/pages;
        location = /login {{ return 200 "welcome\\n"; }}
        location = /loop {{ return 302 /loop; }}
    }}
}}
"""


def make_certificate(folder, name, names, authority=None):
    """A key and certificate folder/name.{key,crt}: self-signed, or signed by authority (another such name)."""
    alternatives = ",".join(f"IP:{n}" if n.replace(".", "").isdigit() else f"DNS:{n}" for n in names)
    key, certificate = folder / f"{name}.key", folder / f"{name}.crt"
    subject = ["-subj", f"/O=Sekisho lab/CN={names[0]}"]
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key]
    if authority is None:
        run(["openssl", "req", "-x509", *new_key, "-out", certificate, "-days", "7", *subject, "-addext",
             f"subjectAltName={alternatives}"])
        return certificate
    request, extensions = folder / f"{name}.csr", folder / f"{name}.ext"
    extensions.write_text(f"subjectAltName={alternatives}\n")
    run(["openssl", "req", *new_key, "-out", request, *subject])
    run(["openssl", "x509", "-req", "-in", request, "-CA", folder / f"{authority}.crt", "-CAkey",
         folder / f"{authority}.key", "-CAcreateserial", "-out", certificate, "-days", "7", "-extfile", extensions])
    return certificate


class Web:
    """nginx in the server namespace; pages are files below self.pages."""

    def __init__(self, lab, names=("shop.example",), where="server", keepalive_requests=1000):
        self.folder = Path(lab.folder) / f"web-{where}"
        self.pages = self.folder / "pages"
        self.pages.mkdir(parents=True)
        (self.pages / "index.html").write_text("<html><body><h1>Parts list</h1><p>All quiet.</p></body></html>\n")
        self.certificate = make_certificate(self.folder, "server", list(names))
        configuration = self.folder / "nginx.conf"
        configuration.write_text(_CONFIGURATION.format(folder=self.folder, keepalive_requests=keepalive_requests))
        # As the user that starts it: without a master there is nobody to change to another one.
        self.process = lab.start(where, f"nginx-{where}", "nginx", "-c", configuration, "-p", self.folder)
        wait_for("nginx", lambda: self.process.check_running() and self._answers(lab, where), seconds=20)

    @staticmethod
    def _answers(lab, where):
        return lab.run(where, "curl", "-sf", "-o", "/dev/null", "http://127.0.0.1/", check=False).returncode == 0

    def requests(self):
        """What has reached the server, a line each."""
        log = self.folder / "access.log"
        return log.read_text().splitlines() if log.exists() else []

    def page(self, name, content):
        path = self.pages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


class Answer(NamedTuple):
    """What curl got. @field code  curl's exit code: 0, 28 timed out, 35 and 56 cut off"""
    code: int
    status: int
    body: str
    said: str


def curl(lab, url, *words, where="client", address=None, seconds=8):
    """Fetches a URL whose name is taken to be at address (the other side's when not given)."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = address or (SERVER4 if where == "client" else CLIENT4)
    done = lab.run(where, "curl", "-sS", "--max-time", str(seconds), "-k", "--noproxy", "*", "--resolve",
                   f"{parts.hostname}:{port}:{address}", "-w", "\n%{http_code}", *words, url, check=False)
    body, _, status = done.stdout.rpartition("\n")
    return Answer(done.returncode, int(status or 0), body, done.stderr.strip())
