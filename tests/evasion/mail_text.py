"""Pieces of which mails are made, well or badly (RFC 2045, 2046, 5322)."""
import base64
import binascii

BODIES = {True: b"file with ATTACK-BODY in it", False: b"file with orders-body in it"}
NAMES = {True: "invoice.exe", False: "invoice.txt"}
STOP = b".\r\n"
FROM = "From: a@example.com\r\nSubject: orders\r\nMIME-Version: 1.0\r\n"


def entity(head, body, eol="\r\n"):
    return head + eol + eol + body


def attached(coding):
    return f"Content-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: {coding}"


def one_line(content):
    return base64.b64encode(content).decode()


def base64_lines(content):
    text = one_line(content)
    return "\r\n".join(text[at:at + 76] for at in range(0, len(text), 76))


def quoted(content):
    return content.decode("latin-1").replace("=", "=3D").replace("T", "=54").replace("o", "=6f")


def uuencoded(content, begin="begin 644 a.bin"):
    lines = [binascii.b2a_uu(content[at:at + 45]).decode().rstrip("\n") for at in range(0, len(content), 45)]
    return "\r\n".join([begin, *lines, "`", "end", ""])


def _parts(parts, line, before, end):
    text = before + "".join(f"--{line}\r\n{part}\r\n" for part in parts)
    return text + (f"--{line.rstrip()}--\r\n" if end is None else end)


def nested(parts, line, end=None):
    """An entity that holds parts."""
    return entity(f"Content-Type: multipart/mixed; boundary={line}", _parts(parts, line, "", end))


def mixed(parts, field="boundary=b", line="b", type_="multipart/mixed", before="", end=None):
    """A mail of parts. @param field  how the delimiter is named  @param line  what the delimiter's lines say"""
    head = f"{FROM}Content-Type: {type_}; {field}"
    return entity(head, _parts(parts, line, before, end)).encode("latin-1")


def named(head):
    """A mail whose attachment has this head."""
    return mixed([entity(f"{head}\r\nContent-Transfer-Encoding: base64", one_line(b"MZ and more"))])


def partial(content):
    """The second half of a mail that comes in two (RFC 2046 section 5.2.2)."""
    half = base64_lines(content)[20:]
    return entity(f"{FROM}Content-Type: message/partial; id=x; number=2; total=2", half).encode()
