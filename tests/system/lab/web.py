"""A real nginx for HTTP and HTTPS with one generated certificate for every name it serves."""
from pathlib import Path

from .namespaces import SERVER4
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
        listen 443 ssl default_server; listen [::]:443 ssl default_server;
        ssl_certificate {folder}/server.crt; ssl_certificate_key {folder}/server.key;
        root {folder}/pages;
        location = /login {{ return 200 "welcome\\n"; }}
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

    def __init__(self, lab, names=("intranet.example",), where="server", keepalive_requests=1000):
        self.folder = Path(lab.folder) / "web"
        self.pages = self.folder / "pages"
        self.pages.mkdir(parents=True)
        (self.pages / "index.html").write_text("<html><body><h1>Parts list</h1><p>All quiet.</p></body></html>\n")
        self.certificate = make_certificate(self.folder, "server", list(names))
        configuration = self.folder / "nginx.conf"
        configuration.write_text(_CONFIGURATION.format(folder=self.folder, keepalive_requests=keepalive_requests))
        # As the user that starts it: without a master there is nobody to change to another one.
        self.process = lab.start(where, "nginx", "nginx", "-c", configuration, "-p", self.folder)
        wait_for("nginx", lambda: self.process.check_running() and self._answers(lab, where), seconds=20)

    @staticmethod
    def _answers(lab, where):
        return lab.run(where, "curl", "-sf", "-o", "/dev/null", f"http://{SERVER4}/", check=False).returncode == 0

    def page(self, name, content):
        path = self.pages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path
