"""Suricata 7 beside us: installed from Debian's backports, run over a capture with the same rules, alerts only.

Its own log tells when the capture began to flow and when it was through, so loading rules is not in the figure.
"""
import json
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

_CONFIGURATION = """%YAML 1.1
---
vars:
  address-groups:
    HOME_NET: "[192.168.0.0/16,10.0.0.0/8,172.16.0.0/12]"
    EXTERNAL_NET: "!$HOME_NET"
    HTTP_SERVERS: "$HOME_NET"
    SMTP_SERVERS: "$HOME_NET"
    SQL_SERVERS: "$HOME_NET"
    DNS_SERVERS: "$HOME_NET"
    TELNET_SERVERS: "$HOME_NET"
    AIM_SERVERS: "$EXTERNAL_NET"
    DC_SERVERS: "$HOME_NET"
    DNP3_SERVER: "$HOME_NET"
    DNP3_CLIENT: "$HOME_NET"
    MODBUS_CLIENT: "$HOME_NET"
    MODBUS_SERVER: "$HOME_NET"
    ENIP_CLIENT: "$HOME_NET"
    ENIP_SERVER: "$HOME_NET"
  port-groups:
    HTTP_PORTS: "80"
    SHELLCODE_PORTS: "!80"
    ORACLE_PORTS: 1521
    SSH_PORTS: 22
    DNP3_PORTS: 20000
    MODBUS_PORTS: 502
    FILE_DATA_PORTS: "[$HTTP_PORTS,110,143]"
    FTP_PORTS: 21
    GENEVE_PORTS: 6081
    VXLAN_PORTS: 4789
    TEREDO_PORTS: 3544
default-log-dir: {folder}
classification-file: {classification}
default-rule-path: {folder}
rule-files: [{rules}]
outputs:
  - fast: {{ enabled: yes, filename: alerts.log }}
logging:
  default-log-level: notice
  outputs:
    - console: {{ enabled: no }}
    - file: {{ enabled: yes, level: info, filename: suricata.log, type: json }}
stats: {{ enabled: no }}
app-layer:
  protocols:
{protocols}
stream:
  memcap: 512mb
  checksum-validation: no
  reassembly: {{ memcap: 1gb, depth: 1mb, toserver-chunk-size: 2560, toclient-chunk-size: 2560, randomize-chunk-size: no }}
flow: {{ memcap: 512mb, hash-size: 65536, prealloc: 10000 }}
mpm-algo: hs
spm-algo: hs
detect: {{ profile: medium, sgh-mpm-context: auto }}
max-pending-packets: 1024
"""
_PROTOCOLS = ("http tls dns ftp smtp ssh smb dcerpc nfs krb5 ntp quic dhcp snmp sip rdp rfb mqtt http2 tftp ike imap "
              "telnet pgsql modbus dnp3 enip bittorrent-dht").split()


def program():
    return shutil.which("suricata")


def version():
    done = subprocess.run([program(), "-V"], capture_output=True, text=True)
    return re.sub(r".*version ", "", done.stdout.strip())


def _protocols():
    lines = []
    for name in _PROTOCOLS:
        if name == "dns":
            lines.append("    dns: { tcp: { enabled: yes, detection-ports: { dp: 53 } }, "
                         "udp: { enabled: yes, detection-ports: { dp: 53 } } }")
        else:
            lines.append(f"    {name}: {{ enabled: yes }}")
    return "\n".join(lines)


def _log_times(path):
    """Seconds between the engine's start and the end of its capture, as its log tells."""
    started = ended = None
    for line in path.read_text().splitlines():
        record = json.loads(line)
        message = record.get("engine", {}).get("message", "")
        when = datetime.strptime(record["timestamp"], "%Y-%m-%dT%H:%M:%S.%f%z")
        if "Engine started" in message or "engine started" in message:
            started = when
        if re.search(r"read \d+ file", message) or "Signal Received" in message:
            ended = ended or when
    if not started or not ended:
        raise RuntimeError(f"{path} does not tell when the capture began and ended")
    return (ended - started).total_seconds()


def run(capture, rules, classification, folder):
    """@return seconds, alerts, rules loaded and failed"""
    folder = Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    configuration = folder / "suricata.yaml"
    configuration.write_text(_CONFIGURATION.format(folder=folder, rules=rules, classification=classification,
                                                   protocols=_protocols()))
    done = subprocess.run([program(), "-c", configuration, "-r", capture, "--runmode", "single", "-k", "none", "-l",
                           folder], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900)
    log = folder / "suricata.log"
    if done.returncode != 0 or not log.exists():
        raise RuntimeError(f"suricata ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    found = re.search(r"(\d+) rules successfully loaded, (\d+) rules failed", log.read_text())
    alerts = folder / "alerts.log"
    return {"seconds": _log_times(log), "alerts": sum(1 for _ in open(alerts)) if alerts.exists() else 0,
            "loaded": int(found.group(1)) if found else None, "failed": int(found.group(2)) if found else None}


def _debian_source():
    """URI and key of the machine's own Debian archive, out of either form of its source files."""
    for path in sorted(Path("/etc/apt").glob("sources.list.d/*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            field = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.+)$", stanza, re.M))
            if "bookworm" in field.get("Suites", "").split() and "URIs" in field:
                return field["URIs"].split()[0], field.get("Signed-By", "/usr/share/keyrings/debian-archive-keyring.gpg")
    for path in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt").glob("sources.list.d/*.list"))]:
        for line in path.read_text().splitlines() if path.exists() else []:
            found = re.match(r"deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+bookworm\s", line)
            if found:
                return found.group(1), "/usr/share/keyrings/debian-archive-keyring.gpg"
    raise RuntimeError("no Debian bookworm source on this machine")


def install():
    """Installs Suricata from bookworm-backports. The source is there only while this runs."""
    if program():
        return
    uri, key = _debian_source()
    source = Path("/etc/apt/sources.list.d/sekisho-bench-backports.sources")
    try:
        source.write_text(f"Types: deb\nURIs: {uri}\nSuites: bookworm-backports\nComponents: main\nSigned-By: {key}\n")
        for words in (["update"], ["install", "-y", "--no-install-recommends", "-t", "bookworm-backports", "suricata"]):
            subprocess.run(["apt-get", "-q", *words], check=True, env={
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive",
                "RUNLEVEL": "1"}, stdout=subprocess.DEVNULL)
    finally:
        source.unlink(missing_ok=True)
        subprocess.run(["apt-get", "-q", "update"], check=False, stdout=subprocess.DEVNULL)
