"""Mails over SMTP, POP3 and IMAP: attachments, and names of attachments, that mail programs open and a box may not see.
How mails are made is in mail_text.py."""
import base64
import quopri

from case import Case
from mail_text import (BODIES, NAMES, STOP, attached, base64_lines, entity, mixed, named, nested, one_line, partial,
                       quoted, uuencoded)
from plan import ACK, PSH, Talk

AMBIGUOUS, MALFORMED, PARSE, SMUGGLED = (150,), (151,), (155,), (158,)
TELLS = {"control": False, "only_told": True}
ODD = {"control": False}
GREETING, REPLIES = b"220 mx.example ESMTP\r\n", b"250 mx\r\n250 ok\r\n250 ok\r\n"
HELLO = b"EHLO pc.example\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\n"


def _is_attack(target):
    return target == "/attack.cgi"


def _content(target):
    return BODIES[_is_attack(target)]


def stuffed(mail):
    """RFC 5321 section 4.5.2."""
    return mail.replace(b"\r\n.", b"\r\n..")


def _sent(mail):
    return stuffed(mail) + (b"" if mail.endswith(b"\r\n") else b"\r\n") + STOP


def _chunked(mail, size):
    """BDAT (RFC 3030)."""
    pieces = [mail[at:at + size] for at in range(0, len(mail), size)] + [b""]
    return b"".join(b"BDAT %d%s\r\n" % (len(piece), b" LAST" if not piece else b"") + piece for piece in pieces)


def _delivered(said, size=1400, order=None):
    def make(target, _agent):
        talk = Talk(port=25).open()
        talk.s(GREETING, flags=PSH | ACK)
        talk.send(HELLO, 1400).s(REPLIES, at=len(GREETING), ack=len(HELLO), flags=PSH | ACK)
        return talk.send(said(target), size, order)
    return make


def _case(name, mail, host, size=1400, order=None, sid=6, say=lambda mail: b"DATA\r\n" + _sent(mail), **more):
    """@param mail  of the content, or of the name for rule 7: the mail as octets"""
    said = lambda target: say(mail(NAMES[_is_attack(target)] if sid == 7 else _content(target)))
    return Case("mail", name, _delivered(said, size, order), host, sid=sid, live=False,
                needle=lambda target, _agent: HELLO + said(target), **more)


def _bounds():
    """How the parts of a mail are told apart."""
    part = lambda c, eol="\r\n": entity(attached("base64"), base64_lines(c), eol)
    plain = lambda c, field="boundary=b", line="b", **more: mixed([part(c)], field, line, **more)
    text = entity("Content-Type: text/plain", "see below")
    long_one = "B" * 300
    table = {
        "multipart": (plain, "takes parts out", {}),
        "quoted": (lambda c: plain(c, 'boundary="a b(c)?:="', "a b(c)?:="), "takes the quotes off", {}),
        "upper-case-parameter": (lambda c: plain(c, "BOUNDARY=b"), "does not look at case", {}),
        "blanks-around-equals": (lambda c: plain(c, "boundary = b"), "skips blanks", {}),
        "blank-at-the-end": (lambda c: plain(c, 'boundary="b "'), "takes the blank off", {}),
        "comment-before-type": (lambda c: plain(c, "boundary=b", type_="(really (yes)) multipart/mixed"), "skips comments", {}),
        "comment-before-parameter": (lambda c: plain(c, "(x;y=z) boundary=b"), "skips comments", {}),
        "comment-behind-parameter": (lambda c: plain(c, "boundary=b (this one)"), "skips comments", {}),
        "blanks-in-type": (lambda c: plain(c, type_="multipart / mixed"), "skips blanks", {}),
        "type-without-subtype": (lambda c: plain(c, type_="multipart"), "opens it as mixed", {}),
        "type-in-capitals": (lambda c: plain(c, type_="MULTIPART/MIXED"), "does not look at case", {}),
        "unknown-subtype": (lambda c: plain(c, type_="multipart/x-other"), "takes it as mixed (RFC 2046 section 5.1.3)", {}),
        "continued": (lambda c: plain(c, 'boundary*0="long"; boundary*1="er"', "longer"), "joins RFC 2231 pieces", {}),
        "percent": (lambda c: plain(c, "boundary*=us-ascii'en'%62%2d", "b-"), "decodes RFC 2231", {}),
        "folded": (lambda c: plain(c, "\r\n\tboundary=b"), "unfolds", {}),
        "folded-each-word": (lambda c: plain(c, "\r\n \t boundary\r\n\t=\r\n b\r\n "), "unfolds", ODD),
        "blanks-behind-delimiter": (lambda c: plain(c, "boundary=b", "b \t "), "passes over blanks", {}),
        "not-closed": (lambda c: plain(c, end=""), "closes it at the mail's end", {}),
        "closed-and-more": (lambda c: mixed([text], end="--b--\r\n--b\r\n" + part(c) + "\r\n--b--\r\n"),
                            "some go on behind the end", ODD),
        "outer-without-inner-end": (lambda c: mixed([nested([text], "i", end=""), part(c)]), "closes the inner one", {}),
        "outer-within-inner": (lambda c: mixed([nested([text + "\r\n--b\r\n" + part(c)], "i")]), "takes the outer delimiter", ODD),
        "prefix-of-the-inner": (lambda c: mixed([nested([part(c)], "bb")]), "compares whole lines", {}),
        "inner-is-prefix": (lambda c: mixed([nested([part(c)], "b")], "boundary=bb", "bb"), "compares whole lines", {}),
        "same-inner": (lambda c: mixed([nested([part(c)], "b")]), "opens the inner one", {}),
        "more-behind-delimiter": (lambda c: plain(c, "boundary=b", "bxyz"), "compares the start, as RFC 2046 says", ODD),
        "more-behind-the-end": (lambda c: mixed([text], end="--b--x\r\n") + part(c).encode(), "some do not take it for the end",
                                {**TELLS, "told": AMBIGUOUS}),
        "empty": (lambda c: plain(c, 'boundary=""', ""), "takes the bare hyphens", ODD),
        "none-named": (lambda c: plain(c, "charset=utf-8"), "takes the first line that looks like one", ODD),
        "two-named": (lambda c: plain(c, "boundary=x; boundary=b"), "some take the last", ODD),
        "two-named-first": (lambda c: plain(c, "boundary=b; boundary=x"), "some take the first", ODD),
        "two-types": (lambda c: plain(c, 'boundary=b\r\nContent-Type: text/plain'), "some take the first", ODD),
        "two-types-last": (lambda c: plain(c, 'boundary=x\r\nContent-Type: multipart/mixed; boundary=b'), "some take the last", ODD),
        "long": (lambda c: plain(c, f"boundary={long_one}", long_one), "takes any length", ODD),
        "behind-a-long-parameter": (lambda c: plain(c, f"x={'y' * 3000}; boundary=b"), "takes any length", ODD),
        "quotes-within": (lambda c: plain(c, 'boundary=b"c"', "bc"), "some take the quotes off", {**TELLS, "told": MALFORMED}),
        "apostrophes": (lambda c: plain(c, "boundary='b'"), "some take them for quotes", {**TELLS, "told": MALFORMED}),
        "delimiter-in-the-head": (lambda c: mixed(["Content-Type: text/plain", part(c)]), "ends the head at it", {}),
        "preamble-is-a-part": (lambda c: mixed([part(c)], before=part(c.replace(b"ATTACK", b"nothin")) + "\r\n"), "skips the preamble", {}),
        "coded-multipart": (lambda c: entity("Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64",
                                             base64_lines(mixed([part(c)]).split(b"\r\n\r\n", 1)[1])).encode(),
                            "some decode it", {**TELLS, "told": AMBIGUOUS}),
    }
    for depth in (2, 5, 8):
        def deep(c, depth=depth):
            inner = part(c)
            for n in range(depth - 1):
                inner = nested([inner], f"d{n}")
            return mixed([inner])
        table[f"nested-{depth}"] = (deep, "takes parts out of parts", {})
    table["nested-9"] = (lambda c: _deeper(part(c), 9), "takes parts out of parts", {**TELLS, "told": PARSE})
    for kind in ("alternative", "related", "digest", "parallel", "report", "signed"):
        table[f"in-{kind}"] = (lambda c, kind=kind: plain(c, type_=f"multipart/{kind}"), "offers it whatever holds it", {})
    for name, eol in (("line-feeds", "\n"), ("carriage-returns", "\r")):
        table[f"{name}-only"] = (lambda c, eol=eol: plain(c).replace(b"\r\n", eol.encode()), "takes it for a line end",
                                 ODD if eol == "\r" else {})
    table["two-carriage-returns"] = (lambda c: plain(c).replace(b"\r\n", b"\r\r\n"), "takes it for one line end", ODD)
    for name, (mail, host, more) in table.items():
        yield _case(f"bounds-{name}", mail, host, **more)


def _deeper(inner, depth):
    for n in range(depth - 1):
        inner = nested([inner], f"d{n}")
    return mixed([inner])


def _heads():
    """What the head says of a part."""
    one = lambda head: lambda c: mixed([entity(head, base64_lines(c))])
    kind, coding = "Content-Type: application/x-msdownload", "Content-Transfer-Encoding: base64"
    disposition = "Content-Disposition: attachment; filename=a.bin"
    table = {
        "no-name": (one(f"{kind}\r\n{coding}"), "makes one up", {}),
        "only-disposition": (one(f"Content-Disposition: attachment\r\n{coding}"), "makes a name up", {}),
        "inline": (one(f"{kind}\r\n{coding}\r\nContent-Disposition: inline"), "offers what it cannot show", {}),
        "no-type": (one(f"{coding}\r\n{disposition}"), "takes the disposition", {}),
        "type-without-slash": (one(f"Content-Type: exe\r\n{coding}"), "offers what it does not know", {}),
        "fields-in-capitals": (one(f"{kind}\r\n{coding}\r\n{disposition}".upper()), "does not look at case", {}),
        "blank-before-colon": (one(f"Content-Type : application/x\r\nContent-Transfer-Encoding\t: base64"), "skips blanks", {}),
        "folded-before-colon": (one(f"{kind}\r\nContent-Transfer-Encoding\r\n : base64"), "unfolds", {}),
        "folded-behind-colon": (one(f"{kind}\r\nContent-Transfer-Encoding:\r\n\t\tbase64"), "unfolds", {}),
        "folded-with-tabs": (one(f"{kind};\r\n\tname=a.bin;\r\n\tx=y\r\n{coding}"), "unfolds", {}),
        "blank-line-in-fold": (one(f"{kind};\r\n \r\n name=a.bin\r\n{coding}"), "some go on behind it", ODD),
        "no-colon-before": (one(f"nonsense\r\n{kind}\r\n{coding}"), "passes over the line", ODD),
        "nul-before": (one(f"X: a\0b\r\n{kind}\r\n{coding}"), "passes over it", ODD),
        "eight-bit-before": (one(f"X-Name: \xe9\xff\r\n{kind}\r\n{coding}"), "passes over it", {}),
        "ends-with-cr": (one(f"X: a\r{kind}\r{coding}"), "some take CR for a line end", ODD),
        "two-codings": (one(f"{kind}\r\n{coding}\r\nContent-Transfer-Encoding: 7bit"), "some take the first", ODD),
        "two-codings-last": (one(f"{kind}\r\nContent-Transfer-Encoding: 8bit\r\n{coding}"), "some take the last", ODD),
        "coding-any-case": (one(f"{kind}\r\nContent-Transfer-Encoding: bAsE64"), "does not look at case", {}),
        "coding-comment": (one(f"{kind}\r\nContent-Transfer-Encoding: (so) base64 (it is)"), "skips comments", {}),
        "coding-comment-close": (one(f"{kind}\r\nContent-Transfer-Encoding: base64(it is)"), "skips comments", {}),
        "coding-quoted": (one(f'{kind}\r\nContent-Transfer-Encoding: "base64"'), "takes the quotes off", {}),
        "coding-parameter": (one(f"{kind}\r\nContent-Transfer-Encoding: base64; x=y"), "takes the word", {}),
        "coding-blanks": (one(f"{kind}\r\nContent-Transfer-Encoding:    base64   "), "skips blanks", {}),
        "coding-and-more": (one(f"{kind}\r\nContent-Transfer-Encoding: base64-mime"), "some compare its start",
                            {**TELLS, "told": AMBIGUOUS}),
        "coding-unknown": (one(f"{kind}\r\nContent-Transfer-Encoding: base-64"), "some know it", {**TELLS, "told": AMBIGUOUS}),
        "single-part": (lambda c: entity(f"Subject: x\r\n{kind}\r\n{coding}", base64_lines(c)).encode("latin-1"), "takes the mail's own head", {}),
        "in-a-mail": (lambda c: mixed([entity("Content-Type: message/rfc822", mixed([entity(f"{kind}\r\n{coding}", base64_lines(c))],
                                                                                     "boundary=i", "i").decode())]), "opens mails in mails", {}),
        "in-three-mails": (lambda c: entity("Content-Type: message/rfc822", entity("Content-Type: message/rfc822", entity(
            "Content-Type: message/rfc822", entity(f"{kind}\r\n{coding}", base64_lines(c))))).encode(), "opens mails in mails", {}),
        "in-a-coded-mail": (lambda c: mixed([entity(f"Content-Type: message/rfc822\r\n{coding}", base64_lines(
            entity(f"{kind}\r\n{coding}", base64_lines(c)).encode()))]), "some decode it", {**TELLS, "told": AMBIGUOUS}),
        "partial": (partial, "puts mails together", {**TELLS, "told": AMBIGUOUS}),
    }
    for name, (mail, host, more) in table.items():
        yield _case(f"head-{name}", mail, host, **more)


def _codings():
    """How content is coded."""
    def coded(how, code):
        return lambda c: mixed([entity(attached(how), code(c))])
    b64 = lambda change: coded("base64", lambda c: change(base64.b64encode(c).decode()))
    joined = lambda size, glue: lambda text: glue.join(text[at:at + size] for at in range(0, len(text), size))
    qp = lambda change: coded("quoted-printable", change)
    all_escaped = lambda c, form="=%02X": "".join(form % octet for octet in c)
    soft = lambda c, every, glue="=\r\n": glue.join(c.decode("latin-1")[at:at + every] for at in range(0, len(c), every))
    table = {
        "base64-one-line": (coded("base64", one_line), "takes any length", {}),
        "base64-lines-of-1": (b64(joined(1, "\r\n")), "joins lines", {}),
        "base64-lines-of-3": (b64(joined(3, "\r\n")), "joins lines", {}),
        "base64-lines-of-5-blank-lines": (b64(joined(5, "\r\n\r\n\r\n")), "passes over empty lines", {}),
        "base64-blanks-within": (b64(joined(7, " \t ")), "passes over blanks", {}),
        "base64-odd-letters": (b64(joined(2, "*!")), "passes over what is no letter", ODD),
        "base64-octets-of-8-bit": (b64(joined(4, "\xa0")), "passes over what is no letter", ODD),
        "base64-nul": (b64(joined(4, "\0")), "passes over what is no letter", ODD),
        "base64-carriage-returns": (b64(joined(10, "\r")), "passes over it", {}),
        "base64-no-padding": (b64(lambda t: t.rstrip("=")), "needs no padding", {}),
        "base64-more-padding": (b64(lambda t: t + "====="), "passes over it", {}),
        "base64-runs": (coded("base64", lambda c: "".join(one_line(c[at:at + 4]) for at in range(0, len(c), 4))),
                        "decodes run after run", ODD),
        "base64-padding-within": (b64(lambda t: "QQ==\r\n" + t), "goes on behind the padding", ODD),
        "base64-text-behind": (b64(lambda t: joined(76, "\r\n")(t) + "\r\n\r\n-- \r\nwith kind regards"), "decodes what it can", ODD),
        "quoted-all": (qp(all_escaped), "decodes", ODD),
        "quoted-lower-case": (qp(lambda c: all_escaped(c, "=%02x")), "takes lower case", ODD),
        "quoted-soft-each": (qp(lambda c: soft(c, 1)), "joins soft lines", {}),
        "quoted-soft-before-escape": (qp(lambda c: "=\r\n".join("=%02X" % octet for octet in c)), "joins soft lines", {}),
        "quoted-soft-blanks": (qp(lambda c: soft(c, 3, "= \t\r\n")), "passes over blanks behind", {}),
        "quoted-soft-line-feed": (qp(lambda c: soft(c, 3, "=\n")), "joins soft lines", {}),
        "quoted-soft-carriage-return": (qp(lambda c: soft(c, 3, "=\r")), "some take CR for a line end", {}),
        "quoted-bad-escape": (qp(lambda c: "=zz=" + quoted(c)), "keeps what is no escape", ODD),
        "quoted-equals-at-end": (qp(lambda c: quoted(c) + "="), "leaves it out", {}),
        "quoted-half-escape-at-end": (qp(lambda c: quoted(c) + "=4"), "leaves it out", ODD),
        "quoted-long-line": (qp(lambda c: "=41" * 900 + all_escaped(c)), "takes any length", ODD),
        "uuencoded-field": (coded("x-uuencode", uuencoded), "decodes", {}),
        "uuencoded-in-text": (lambda c: entity("Subject: x", "see below\r\n" + uuencoded(c)).encode(), "finds it in the text", {}),
        "uuencoded-in-a-part": (lambda c: mixed([entity("Content-Type: text/plain", "hello\r\n\r\n" + uuencoded(c))]),
                                "finds it in the text", {}),
        "uuencoded-blanks": (lambda c: entity("Subject: x", uuencoded(c, "begin  0644   a.bin")).encode(), "skips blanks", {}),
        "identity": (coded("7bit", lambda c: c.decode()), "takes it as it is", {}),
        "binary": (coded("binary", lambda c: "\0\xff" * 800 + c.decode()), "takes it as it is", ODD),
    }
    for name, (mail, host, more) in table.items():
        yield _case(f"coding-{name}", mail, host, **more)


def _names():
    """Names of files."""
    disposition = lambda form: lambda n: named(f"Content-Disposition: attachment; {form(n)}")
    kind = lambda form: lambda n: named(f"Content-Type: application/octet-stream; {form(n)}")
    escaped = lambda n: "".join("%%%02x" % ord(c) for c in n)
    q = lambda n: "".join("=%02X" % ord(c) for c in n)
    b = lambda n: base64.b64encode(n.encode()).decode()
    table = {
        "plain": (disposition(lambda n: f"filename={n}"), "saves it under its name", {}),
        "of-the-type": (kind(lambda n: f"name={n}"), "takes the name of the type", {}),
        "quoted": (disposition(lambda n: f'filename="{n}"'), "takes the quotes off", {}),
        "quote-left-open": (disposition(lambda n: f'filename="{n}'), "ends it at the line's end", {}),
        "upper-case": (disposition(lambda n: f"FILENAME={n.upper()}"), "does not look at case", {}),
        "quoted-pairs": (disposition(lambda n: 'filename="a\\"' + n + '"'), "takes the back slash off", {}),
        "no-semicolon": (lambda n: named(f"Content-Disposition: attachment filename={n}"), "some find it", {}),
        "semicolon-within": (disposition(lambda n: f'filename="a;b={n}"'), "reads up to the quote", {}),
        "percent": (disposition(lambda n: f"filename*=utf-8''{escaped(n)}"), "decodes RFC 2231", {}),
        "percent-no-charset": (disposition(lambda n: f"filename*={escaped(n)}"), "decodes it", {}),
        "continued": (disposition(lambda n: f"filename*0={n[:3]}; filename*1={n[3:]}"), "joins pieces", {}),
        "continued-each-letter": (disposition(lambda n: ";\r\n ".join(f'filename*{i}="{c}"' for i, c in enumerate(n))), "joins pieces", {}),
        "continued-backwards": (disposition(lambda n: f"filename*1={n[3:]}; filename*0={n[:3]}"), "sorts pieces", {}),
        "continued-percent": (disposition(lambda n: f"filename*0*=utf-8''{escaped(n[:4])}; filename*1={n[4:8]}; filename*2*={escaped(n[8:])}"),
                              "joins and decodes pieces", {}),
        "word-base64": (disposition(lambda n: f'filename="=?utf-8?B?{b(n)}?="'), "decodes RFC 2047", {}),
        "word-quoted": (disposition(lambda n: f'filename="=?iso-8859-1?q?{q(n)}?="'), "decodes RFC 2047", {}),
        "word-without-quotes": (disposition(lambda n: f"filename==?utf-8?B?{b(n)}?="), "decodes RFC 2047", {}),
        "word-language": (disposition(lambda n: f'filename="=?utf-8*en?B?{b(n)}?="'), "decodes RFC 2047", {}),
        "words-joined": (disposition(lambda n: f'filename="=?utf-8?B?{b(n[:5])}?=\r\n =?utf-8?Q?{q(n[5:])}?="'), "joins words", {}),
        "words-of-the-type": (kind(lambda n: f'name="=?utf-8?Q?{q(n)}?="'), "decodes RFC 2047", {}),
        "word-utf-7": (disposition(lambda n: f'filename="=?utf-7?Q?{n.replace(".", "+AC4-")}?="'), "some read UTF-7",
                       {**TELLS, "told": AMBIGUOUS}),
        "word-utf-16": (disposition(lambda n: f'filename="=?utf-16be?B?{base64.b64encode(n.encode("utf-16-be")).decode()}?="'),
                        "some read UTF-16", {**TELLS, "told": AMBIGUOUS}),
        "other-name-in-type": (lambda n: named(f"Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename={n}"),
                               "takes the disposition's", ODD),
        "other-name-in-disposition": (lambda n: named(f"Content-Type: text/plain; name={n}\r\nContent-Disposition: attachment; filename=a.txt"),
                                      "some take the type's", {**TELLS, "told": AMBIGUOUS}),
        "two-names": (disposition(lambda n: f"filename=a.txt; filename={n}"), "some take the last", {**TELLS, "told": AMBIGUOUS}),
        "two-kinds": (disposition(lambda n: f"filename=a.txt; filename*=utf-8''{n}"), "most take the extended one", {**TELLS, "told": AMBIGUOUS}),
        "two-dispositions": (lambda n: named(f"Content-Disposition: attachment; filename=a.txt\r\nContent-Disposition: attachment; filename={n}"),
                             "some take the last", {**TELLS, "told": AMBIGUOUS}),
        "path": (disposition(lambda n: f'filename="..\\\\..\\\\{n}"'), "takes the last part", {}),
        "nul-behind": (disposition(lambda n: f"filename*=utf-8''{n}%00.txt"), "ends it at NUL", {}),
        "right-to-left": (disposition(lambda n: f"filename*=utf-8''a%E2%80%AEtxt.{n}"), "shows it turned round", {}),
        "dots-behind": (disposition(lambda n: f'filename="{n}..."'), "leaves dots at the end out (Windows)", {}),
        "blanks-behind": (disposition(lambda n: f'filename="{n}   "'), "leaves blanks at the end out (Windows)", {}),
        "dot-and-blank-behind": (disposition(lambda n: f'filename="{n} . ."'), "leaves both out (Windows)", {}),
        "long": (disposition(lambda n: f'filename="{"a" * 400}{n}"'), "takes long names", {}),
        "long-percent": (disposition(lambda n: f"filename*=utf-8''{escaped('a' * 300)}{n}"), "takes long names", {}),
        "uuencoded": (lambda n: entity("Subject: x", uuencoded(b"text", f"begin 644 {n}")).encode(), "takes the name behind the mode", {}),
    }
    for name, (mail, host, more) in table.items():
        yield _case(f"name-{name}", mail, host, sid=7, **more)


def _ways():
    """How the mail gets there."""
    plain = lambda c: mixed([entity(attached("base64"), base64_lines(c))])
    dotted = lambda c: mixed([entity(attached("7bit"), "\r\n".join(".." + line for line in ("a", "b")) + "\r\n." + c.decode())])
    for size in (1, 2, 3, 7, 64):
        yield _case(f"way-segments-of-{size}", plain, "joins segments", size)
    yield _case("way-segments-backwards", plain, "sorts segments", 50, lambda n: list(range(n))[::-1])
    for size in (1, 5, 1000):
        yield _case(f"way-dots-segments-of-{size}", dotted, "takes added dots off", size)
    for chunk in (1, 2, 17, 100, 5000):
        yield _case(f"way-chunks-of-{chunk}", plain, "joins BDAT chunks", say=lambda m, chunk=chunk: _chunked(m, chunk))
    yield _case("way-chunks-of-3-segments-of-2", plain, "joins chunks and segments", 2, say=lambda m: _chunked(m, 3))
    yield _case("way-chunks-lower-case", plain, "does not look at case", say=lambda m: _chunked(m, 40).replace(b"BDAT", b"bdat"))
    yield _case("way-data-lower-case", plain, "does not look at case", say=lambda m: b"dAtA\r\n" + _sent(m))
    yield _case("way-data-line-feed", plain, "takes LF for a line end", say=lambda m: b"DATA\n" + _sent(m))
    yield _case("way-data-blanks", plain, "skips blanks", say=lambda m: b"DATA   \r\n" + _sent(m))
    yield _case("way-second-mail", plain, "takes the next mail",
                say=lambda m: b"DATA\r\nSubject: one\r\n\r\nx\r\n.\r\nMAIL FROM:<c@example.com>\r\nRCPT TO:<d@example.com>\r\nDATA\r\n" + _sent(m))
    yield _case("way-reset-before", plain, "begins anew", say=lambda m: b"RSET\r\n" + HELLO + b"DATA\r\n" + _sent(m))
    # The mail within the mail is one for servers that end the first at a dot between other line ends.
    for name, end in (("lf", b"\n.\n"), ("lf-crlf", b"\n.\r\n"), ("crlf-lf", b"\r\n.\n"), ("cr", b"\r.\r"), ("cr-crlf", b"\r.\r\n")):
        inner = lambda m, end=end: (b"DATA\r\nSubject: one\r\n\r\nx" + end + b"MAIL FROM:<c@example.com>\r\nRCPT TO:<d@example.com>\r\n"
                                    b"DATA\r\n" + _sent(m))
        yield _case(f"way-smuggled-{name}", plain, "some end the mail at it", say=inner, told=SMUGGLED, control=False)


def _fetched():
    """The same mails from a mail box."""
    plain = lambda c: mixed([entity(attached("base64"), base64_lines(c))])
    deep = lambda c: _deeper(entity(attached("quoted-printable"), quopri.encodestring(c).decode()), 4)

    def pop(name, mail, size, host):
        def make(target, _agent):
            ask = b"USER a\r\nPASS b\r\nRETR 1\r\n"
            data = b"+OK ready\r\n+OK\r\n+OK\r\n+OK octets\r\n" + _sent(mail(_content(target)))
            return _answered(110, ask, data, size, b"+OK ready\r\n")
        return Case("mail", f"pop3-{name}", make, host, sid=6, live=False)

    def imap(name, mail, size, host):
        def make(target, _agent):
            ask = b"1 LOGIN a b\r\n2 SELECT INBOX\r\n3 FETCH 1 BODY[]\r\n"
            octets = mail(_content(target))
            data = (b"* OK ready\r\n1 OK\r\n2 OK\r\n* 1 FETCH (BODY[] {%d}\r\n" % len(octets) + octets + b")\r\n3 OK\r\n")
            return _answered(143, ask, data, size, b"* OK ready\r\n")
        return Case("mail", f"imap-{name}", make, host, sid=6, live=False)

    def parts(name, said, size=1400, host="fetches a part"):
        def make(target, _agent):
            ask = b"1 LOGIN a b\r\n2 SELECT INBOX\r\n3 FETCH\r\n"
            data = b"* OK ready\r\n1 OK\r\n2 OK\r\n" + said(_content(target)) + b"3 OK\r\n"
            return _answered(143, ask, data, size, b"* OK ready\r\n")
        return Case("mail", f"imap-{name}", make, host, sid=6, live=False)

    coded = lambda c: base64_lines(c).encode() + b"\r\n"
    head = attached("base64").encode() + b"\r\n\r\n"
    text = lambda c: plain(c).split(b"\r\n\r\n", 1)
    structure = b'BODYSTRUCTURE (("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1)("APPLICATION" "X" ("NAME" "a.bin") NIL NIL "BASE64" 40) "MIXED")'
    yield parts("part-after-structure", lambda c: _response(structure) + _response(_literal(b"BODY[2]", coded(c))))
    yield parts("part-after-its-head", lambda c: _response(_literal(b"BODY[2.MIME]", head) + b" " + _literal(b"BODY[2]", coded(c))))
    yield parts("part-alone", lambda c: _response(_literal(b"BODY[2]", coded(c))))
    yield parts("part-decoded-by-the-server", lambda c: _response(_literal(b"BINARY[2]", c)))
    yield parts("part-segments-of-1", lambda c: _response(structure) + _response(_literal(b"BODY[2]", coded(c))), 1)
    for size in (1, 5, 30):
        yield parts(f"part-in-pieces-of-{size}", lambda c, size=size: _response(structure) + b"".join(
            _response(_literal(b"BODY[2]<%d>" % at, coded(c)[at:at + size])) for at in range(0, len(coded(c)), size)))
    yield parts("header-and-text", lambda c: _response(_literal(b"BODY[HEADER]", text(c)[0] + b"\r\n\r\n") + b" " + _literal(b"BODY[TEXT]", text(c)[1])))
    yield parts("text-alone", lambda c: _response(_literal(b"BODY[TEXT]", text(c)[1])))
    yield parts("old-names", lambda c: _response(_literal(b"RFC822.HEADER", text(c)[0] + b"\r\n\r\n") + b" " + _literal(b"RFC822.TEXT", text(c)[1])))
    for protocol in (pop, imap):
        for name, mail in (("plain", plain), ("nested", deep)):
            for size in (1, 33, 1400):
                yield protocol(f"{name}-segments-of-{size}", mail, size, "fetches it")


def _literal(item, octets):
    return item + b" {%d}\r\n" % len(octets) + octets


def _response(inside):
    return b"* 1 FETCH (" + inside + b")\r\n"


def _answered(port, ask, data, size, greeting):
    talk = Talk(port=port).open()
    talk.s(greeting, flags=PSH | ACK)
    talk.send(ask, 1400)
    for at in range(len(greeting), len(data), size):
        talk.s(data[at:at + size], at=at, ack=len(ask), flags=PSH | ACK)
    return talk


def cases():
    for family in (_bounds, _heads, _codings, _names, _ways, _fetched):
        yield from family()
