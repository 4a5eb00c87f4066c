"""A mail server: a real postfix for submission, STARTTLS and authentication required, mail kept in a Maildir."""
import email
import email.policy
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from .namespaces import SOC4
from .process import wait_for
from .web import make_certificate

PORT = 5587
USER, PASSWORD, REALM = "box", "open sesame", "mail.example"

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
myhostname = mail.example
mydestination =
mynetworks = 127.0.0.1/32
inet_interfaces = {address}
inet_protocols = ipv4
alias_maps =
virtual_mailbox_domains = office.example
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = regexp:{folder}/etc/mailboxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_tls_cert_file = {folder}/mail.crt
smtpd_tls_key_file = {folder}/mail.key
smtpd_tls_security_level = encrypt
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = {folder}/etc/sasl
smtpd_sasl_local_domain = mail.example
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
"""
_MASTER = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class MailServer:
    """postfix in the soc namespace. Certificates: ca (signs), mail (the server's), stranger (signs nothing)."""

    missing = [name for name in ("postfix", "saslpasswd2") if not shutil.which(name)]

    def __init__(self, lab):
        self._lab = lab
        self.folder = Path(lab.folder) / "mail"
        user = pwd.getpwnam("postfix")
        for name in ("etc/sasl", "queue", "data", "mail", "log"):
            (self.folder / name).mkdir(parents=True)
        for name in ("data", "mail"):
            os.chown(self.folder / name, user.pw_uid, user.pw_gid)
        make_certificate(self.folder, "ca", ["Sekisho lab mail authority"])
        make_certificate(self.folder, "mail", ["mail.example", SOC4], authority="ca")
        make_certificate(self.folder, "stranger", ["somebody else"])
        facts = {"folder": self.folder, "address": SOC4, "port": PORT, "uid": user.pw_uid, "gid": user.pw_gid}
        (self.folder / "etc" / "main.cf").write_text(_MAIN.format(**facts))
        (self.folder / "etc" / "master.cf").write_text(_MASTER.format(**facts))
        (self.folder / "etc" / "mailboxes").write_text("".join(f"/^{name}@office\\.example$/ {name}/\n" for name in ("info", "desk")))
        accounts = self.folder / "sasldb"
        (self.folder / "etc" / "sasl" / "smtpd.conf").write_text(
            f"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: {accounts}\n")
        subprocess.run(["saslpasswd2", "-p", "-c", "-f", accounts, "-u", REALM, USER], input=PASSWORD, text=True, check=True)
        os.chown(accounts, user.pw_uid, user.pw_gid)
        self.password_file = self.folder / "password"
        self.password_file.write_text(PASSWORD + "\n")
        self.password_file.chmod(0o600)
        self.process = None

    def start(self):
        self.process = self._lab.start("soc", "postfix", "postfix", "-c", self.folder / "etc", "start-fg")
        wait_for("postfix", lambda: self.process.check_running() and f":{PORT} " in self._lab.run("soc", "ss", "-lntH").stdout, 30)
        return self

    def stop(self):
        self._lab.run("soc", "postfix", "-c", self.folder / "etc", "stop")
        self.process.close()

    def settings(self, **more):
        """The box's settings for this server."""
        return {"host": SOC4, "port": PORT, "tls": "required", "ca_file": self.folder / "ca.crt", "user": f"{USER}@{REALM}",
                "password_file": self.password_file, "from": "sekisho@office.example",
                "recipients": [{"address": "info@office.example"}, {"address": "desk@office.example"}], **more}

    def letters(self, mailbox):
        """What arrived, as Python's parser of mail sees it, strictly: a defect is an error."""
        policy = email.policy.default.clone(raise_on_defect=True)
        return [email.message_from_bytes(path.read_bytes(), policy=policy)
                for path in sorted((self.folder / "mail" / mailbox).glob("*/*")) if path.parent.name in ("new", "cur")]
