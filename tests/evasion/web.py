"""HTTP: requests and answers that a box may read in another way than the server or the browser."""
import gzip
import struct
import zlib

from case import Case, request
from plan import ACK, FIN, PSH, Talk

AMBIGUOUS = (121, 122, 123)      # invalid chunk length, transfer encoding, content length in a request
BODY = {True: b"ATTACK-BODY", False: b"orders-body"}
ODD_LINE = (124, 125, 126, 127, 128, 129)


def _is_attack(target):
    return target == "/attack.cgi"


def _body(target):
    return BODY[_is_attack(target)]


def _case(name, raw, host, size=None, **more):
    """@param raw  of target and agent: all that the client says"""
    def make(target, agent):
        data = raw(target, agent)
        return Talk().open().send(data, size or 1400)
    return Case("http", name, make, host, needle=raw, **more)


def _head(agent, *headers):
    return "".join(f"{line}\r\n" for line in ("Host: shop.example", f"User-Agent: {agent}", *headers)) + "\r\n"


def _plain(line, *headers):
    """A request with `line`, in which {t} stands for the target."""
    return lambda target, agent: (line.replace("{t}", target) + _head(agent, *headers)).encode("latin-1")


def _lines():
    table = {
        "line-feeds-only": (lambda t, a: request(t, a, eol="\n"), "takes LF for a line end", {}),
        "empty-lines-before": (lambda t, a: b"\r\n\r\n" + request(t, a), "skips empty lines before a request", {}),
        "line-feeds-before": (lambda t, a: b"\n\n\n" + request(t, a), "skips empty lines before a request", {}),
        "spaces-before-target": (_plain("GET    {t} HTTP/1.1\r\n"), "skips spaces", {}),
        "spaces-behind-target": (_plain("GET {t}    HTTP/1.1\r\n"), "skips spaces", {}),
        "spaces-at-the-end": (_plain("GET {t} HTTP/1.1   \r\n"), "skips spaces", {}),
        "tab-before-target": (_plain("GET\t{t} HTTP/1.1\r\n"), "some take a tab for a space", {"control": False}),
        "tab-behind-target": (_plain("GET {t}\tHTTP/1.1\r\n"), "some take a tab for a space", {"control": False}),
        "leading-space": (_plain(" GET {t} HTTP/1.1\r\n"), "some skip a space before the method", {"control": False}),
        "version-1.0": (_plain("GET {t} HTTP/1.0\r\n"), "answers an old version", {}),
        "version-0.9": (lambda t, a: f"GET {t}\r\n".encode(), "answers a line without version", {}),
        "version-1.9": (_plain("GET {t} HTTP/1.9\r\n"), "takes any 1.x", {"control": False}),
        "lower-case-method": (_plain("get {t} HTTP/1.1\r\n"), "some take any case", {"control": False}),
        "unknown-method": (_plain("FETCH {t} HTTP/1.1\r\n"), "hands unknown methods to its program", {"control": False}),
        "method-head": (_plain("HEAD {t} HTTP/1.1\r\n"), "answers without body", {}),
        "method-post-empty": (_plain("POST {t} HTTP/1.1\r\n", "Content-Length: 0"), "takes no body", {}),
        "space-in-target": (_plain("GET /a b{t} HTTP/1.1\r\n"), "some take a target with spaces", {"control": False}),
        "absolute-target": (_plain("GET http://shop.example{t} HTTP/1.1\r\n"), "takes the path of an absolute target", {}),
        "absolute-other-host": (_plain("GET http://other.example{t} HTTP/1.1\r\n"), "takes the path of an absolute target",
                                {"control": False}),
        "absolute-with-port": (_plain("GET http://shop.example:80{t} HTTP/1.1\r\n"), "takes the path", {}),
        "bare-cr-behind-line": (_plain("GET {t} HTTP/1.1\r"), "some take CR for a line end",
                                {"control": False, "told": ODD_LINE}),
    }
    for name, (raw, host, more) in table.items():
        yield _case(name, raw, host, **more)


def _percent(text, every=1, upper=False):
    code = "%%%02X" if upper else "%%%02x"
    return "".join(code % ord(c) if n % every == 0 and c != "/" else c for n, c in enumerate(text))


def _targets():
    inner = lambda change: lambda t, a: request(change(t), a)
    table = {
        "percent-all": (inner(_percent), "decodes percent codes", {}),
        "percent-upper-case": (inner(lambda t: _percent(t, upper=True)), "decodes percent codes", {}),
        "percent-every-other": (inner(lambda t: _percent(t, 2)), "decodes percent codes", {}),
        "percent-slash": (inner(lambda t: "/x%2f.." + t), "decodes a slash", {}),
        "percent-twice": (inner(lambda t: t[0] + "%25" + "%02x" % ord(t[1]) + t[2:]), "some decode twice",
                          {"told": (120,), "control": False, "only_told": True}),
        "percent-u": (inner(lambda t: "/%u00" + "%02x" % ord(t[1]) + t[2:]), "some decode %u codes", {"control": False}),
        "percent-u-full-width": (inner(lambda t: "/%uff" + "%02x" % (ord(t[1]) - 0x20) + t[2:]), "some fit wide forms to ASCII",
                                 {"control": False}),
        "dots": (inner(lambda t: "/a/b/../.." + t), "removes dot segments", {}),
        "dots-percent": (inner(lambda t: "/a/%2e%2e" + t), "removes dot segments after decoding", {}),
        "dots-half-percent": (inner(lambda t: "/a/.%2e" + t), "removes dot segments after decoding", {}),
        "dot": (inner(lambda t: "/./." + t), "removes dot segments", {}),
        "dots-above-root": (inner(lambda t: "/../.." + t), "stays at the root, or refuses", {"control": False}),
        "slashes": (inner(lambda t: "///" + t), "merges slashes", {}),
        "back-slashes": (inner(lambda t: "/a\\.." + t.replace("/", "\\")), "some take back slashes for slashes",
                         {"control": False}),
        "query": (inner(lambda t: t + "?id=7&x=%27"), "splits the query off", {}),
        "fragment": (inner(lambda t: t + "#part"), "splits the fragment off", {}),
        "path-behind": (inner(lambda t: t + "/more/path"), "hands the rest to the program", {}),
        "parameter": (inner(lambda t: t + ";v=1"), "hands the parameter to the program", {}),
        "null-code-behind": (inner(lambda t: t + "%00.html"), "some end the name at NUL", {"control": False}),
        "long": (inner(lambda t: "/" + "a/../" * 1200 + t.lstrip("/")), "takes eight kilobytes", {}),
    }
    for name, (raw, host, more) in table.items():
        yield _case(f"target-{name}", raw, host, **more)


def _post(headers, body, target="/orders.cgi", method="POST"):
    return lambda agent: (f"{method} {target} HTTP/1.1\r\n" + _head(agent, *headers)).encode("latin-1") + body


def _chunks(data, size, extension="", upper=False, zeros=0):
    code = "%X" if upper else "%x"
    pieces = [data[at:at + size] for at in range(0, len(data), size)]
    return b"".join(b"0" * zeros + (code % len(p)).encode() + extension.encode() + b"\r\n" + p + b"\r\n"
                    for p in pieces) + b"0\r\n\r\n"


def _holding(inner):
    return _post([f"Content-Length: {len(inner)}"], inner)


def _sequences():
    """The attack is the second request: whoever reads the first one's end elsewhere does not see it."""
    te = "Transfer-Encoding: chunked"
    body = b"name=value&other=thing"

    def after(first):
        return lambda t, a: first(a + "-first") + request(t, a)
    plain = {
        "behind-a-get": (after(lambda a: request("/orders.cgi", a)), {}),
        "behind-a-hundred-gets": (after(lambda a: request("/orders.cgi", a) * 100), {"live": False}),
        "behind-a-length": (after(_post([f"Content-Length: {len(body)}"], body)), {}),
        "behind-a-length-twice-the-same": (after(_post([f"Content-Length: {len(body)}"] * 2, body)), {"control": False}),
        "behind-chunks": (after(_post([te], _chunks(body, 5))), {}),
        "behind-chunks-of-one": (after(_post([te], _chunks(body, 1))), {}),
        "behind-chunks-upper-case": (after(_post([te], _chunks(body, 13, upper=True))), {}),
        "behind-chunks-with-zeros": (after(_post([te], _chunks(body, 5, zeros=5))), {}),
        "behind-chunks-with-extensions": (after(_post([te], _chunks(body, 5, ";x=1"))), {"control": False}),
        "behind-chunks-with-trailer": (after(_post([te], _chunks(body, 5)[:-2] + b"X-More: 1\r\n\r\n")), {}),
        "behind-chunks-lower-case-name": (after(_post(["transfer-encoding: CHUNKED"], _chunks(body, 5))), {"control": False}),
        "behind-a-request-within-a-body": (after(_holding(request("/orders.cgi", "inner"))), {}),
        "behind-expect-continue": (after(_post([f"Content-Length: {len(body)}", "Expect: 100-continue"], body)), {}),
    }
    for name, (raw, more) in plain.items():
        yield _case(name, raw, "ends the first request where its framing says", **more)
    lengths = f"Content-Length: {len(body)}"
    doubtful = {
        "two-lengths": _post([lengths, "Content-Length: 4"], body),
        "length-with-sign": _post([f"Content-Length: +{len(body)}"], body),
        "length-in-hex": _post(["Content-Length: 0x16"], body),
        "length-with-a-list": _post([f"Content-Length: {len(body)}, {len(body)}"], body),
        "length-and-chunks": _post([lengths, te], _chunks(body, 5)),
        "chunks-unknown-coding": _post(["Transfer-Encoding: xchunked", lengths], body),
        "chunks-with-a-second-coding": _post(["Transfer-Encoding: chunked, identity", lengths], body),
        "chunks-with-vertical-tab": _post(["Transfer-Encoding: \x0bchunked", lengths], body),
        "chunks-twice-named": _post(["Transfer-Encoding: identity", "Transfer-Encoding: chunked"], _chunks(body, 5)),
        "chunk-without-digits": _post([te], b"xx\r\n" + body + b"\r\n0\r\n\r\n"),
        "chunk-size-in-0x": _post([te], b"0x16\r\n" + body + b"\r\n0\r\n\r\n"),
        "chunk-size-huge": _post([te], b"fffffffffffffff0\r\n" + body),
        "chunk-longer-than-told": _post([te], b"4\r\n" + body + b"\r\n0\r\n\r\n"),
        "chunk-size-with-junk": _post([te], b"16zz\r\n" + body + b"\r\n0\r\n\r\n"),
        "name-with-space": _post([f"Content-Length : {len(body)}"], body),
        "folded-coding": _post(["Transfer-Encoding:\r\n chunked"], _chunks(body, 5)),
    }
    for name, first in doubtful.items():
        yield _case(f"smuggled-{name}", after(first), "servers end the first request at different places",
                    told=AMBIGUOUS + (130, 131), control=False)


def _hidden():
    """The attack is a request of its own for a server, and a part of the first one's body for who reads its framing
    otherwise."""
    te = "Transfer-Encoding: chunked"

    def in_length(*fields, version="HTTP/1.1"):
        def raw(t, a):
            inner = request(t, a)
            head = "".join(f"{field.replace('N', str(len(inner)))}\r\n" for field in fields)
            return (f"POST /orders.cgi {version}\r\nHost: shop.example\r\nUser-Agent: {a}-first\r\n" + head
                    + "\r\n").encode("latin-1") + inner
        return raw

    def in_chunk(*fields, version="HTTP/1.1", line="{n:x}"):
        def raw(t, a):
            inner = request(t, a)
            size = line.format(n=len(inner)).encode("latin-1")
            head = "".join(f"{field.replace('N', str(len(size) + 2))}\r\n" for field in fields)
            return (f"POST /orders.cgi {version}\r\nHost: shop.example\r\nUser-Agent: {a}-first\r\n" + head
                    + "\r\n").encode("latin-1") + size + b"\r\n" + inner + b"\r\n0\r\n\r\n"
        return raw

    table = {
        "second-length": in_length("Content-Length: N", "Content-Length: 0"),
        "length-named-with-space": in_length("Content-Length : N"),
        "length-named-with-tab": in_length("Content-Length\t: N"),
        "length-named-with-null": in_length("Content-Length\0: N"),
        "length-as-a-continuation": in_length("X-Odd: 1", " Content-Length: N"),
        "length-behind-a-vertical-tab": in_length("Content-Length:\x0bN"),
        "length-behind-junk": in_length("Content-Length: abcN"),
        "length-with-junk": in_length("Content-Length: Nabc"),
        "chunk-with-a-length": in_chunk(te, "Content-Length: N"),
        "chunk-in-an-old-version": in_chunk(te, "Content-Length: N", version="HTTP/1.0"),
        "chunk-in-an-old-version-alone": in_chunk(te, version="HTTP/1.0"),
        "chunk-coding-unknown": in_chunk("Transfer-Encoding: xchunked"),
        "chunk-coding-behind-a-vertical-tab": in_chunk("Transfer-Encoding:\x0bchunked"),
        "chunk-coding-named-with-space": in_chunk("Transfer-Encoding : chunked"),
        "chunk-coding-as-a-continuation": in_chunk("X-Odd: 1", " Transfer-Encoding: chunked"),
        "chunk-coding-continued": in_chunk("Transfer-Encoding:", "  chunked"),
        "chunk-coding-then-identity": in_chunk(te, "Transfer-Encoding: identity"),
        "chunk-size-with-junk": in_chunk(te, line="{n:x}zz"),
        "chunk-size-behind-space": in_chunk(te, line=" {n:x}"),
        "chunk-size-behind-lines": in_chunk(te, line="\r\n\r\n{n:x}"),
    }
    for name, raw in table.items():
        yield _case(f"hidden-{name}", raw, "serves what others take for the body of the first request", told=AMBIGUOUS,
                    control=False)


def _headers():
    many = [f"X-Header-{n}: {n}" for n in range(300)]
    table = {
        "many": (lambda t, a: request(t, a, headers=many), {}),
        "long-value": (lambda t, a: request(t, a, headers=["X-Long: " + "v" * 6000]), {}),
        "no-host": (lambda t, a: f"GET {t} HTTP/1.1\r\nUser-Agent: {a}\r\n\r\n".encode(), {"control": False}),
        "host-twice": (lambda t, a: request(t, a, headers=["Host: other.example"]), {"control": False}),
        "space-before-colon": (lambda t, a: request(t, a, headers=["X-Odd : 1"]), {"control": False}),
        "folded": (lambda t, a: request(t, a, headers=["X-Odd: 1\r\n  2"]), {"control": False}),
        "no-colon": (lambda t, a: request(t, a, headers=["nonsense"]), {"control": False}),
        "null": (lambda t, a: request(t, a, headers=["X-Odd: a\0b"]), {"control": False}),
        "bare-cr": (lambda t, a: request(t, a, headers=["X-Odd: a\rb"]), {"control": False}),
        "upper-case": (lambda t, a: f"GET {t} HTTP/1.1\r\nHOST:shop.example\r\nUSER-AGENT:{a}\r\n\r\n".encode(), {}),
        "cut-anywhere": (lambda t, a: request(t, a, headers=many[:20]), {"size": 3}),
    }
    for name, (raw, more) in table.items():
        yield _case(f"headers-{name}", raw, "reads the line whatever the fields are", **more)


# Bodies: the attack is in what the client sends, or in what it gets -----------------------------------------------------

def _gzip(data):
    return gzip.compress(data, mtime=0)


def _deflate_raw(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _odd_gzip(data):
    """A gzip member with every optional part (RFC 1952 section 2.3)."""
    head = b"\x1f\x8b\x08\x1c" + struct.pack("<IBB", 0, 0, 255) + struct.pack("<H", 5) + b"extra" + b"name\0" + b"comment\0"
    return head + _deflate_raw(data) + struct.pack("<II", zlib.crc32(data), len(data))


def _uploads():
    pad = b"x" * 300
    whole = lambda t: pad + _body(t) + pad
    def case(name, headers, encode, chunked=0, size=1400, **more):
        def raw(target, agent):
            body = encode(whole(target))
            extra = list(headers)
            if chunked:
                return _post([*extra, "Transfer-Encoding: chunked"], _chunks(body, chunked))(agent)
            return _post([*extra, f"Content-Length: {len(body)}"], body)(agent)
        yield _case(f"body-{name}", raw, "decodes the request's body", sid=2, live=False, size=size, **more)
    same = lambda data: data
    yield from case("plain", [], same)
    yield from case("cut-in-the-word", [], same, size=7)
    yield from case("chunks-of-one", [], same, chunked=1)
    yield from case("chunks-of-four", [], same, chunked=4, size=5)
    yield from case("gzip", ["Content-Encoding: gzip"], _gzip)
    yield from case("gzip-odd-header", ["Content-Encoding: gzip"], _odd_gzip)
    yield from case("gzip-in-chunks-of-one", ["Content-Encoding: gzip"], _gzip, chunked=1)
    yield from case("gzip-twice", ["Content-Encoding: gzip, gzip"], lambda d: _gzip(_gzip(d)))
    yield from case("zlib", ["Content-Encoding: deflate"], zlib.compress)
    yield from case("deflate", ["Content-Encoding: deflate"], _deflate_raw)
    multipart = lambda head: lambda d: (b"--B\r\n" + head + b"\r\n\r\n" + d + b"\r\n--B--\r\n")
    kinds = {
        "": b'Content-Disposition: form-data; name="f"; filename="a.txt"',
        "-line-feeds": b"Content-Disposition: form-data; name=f; filename=a.txt\nX: y",
        "-no-quotes": b"content-disposition:form-data;name=f;filename=a.txt",
        "-folded": b'Content-Disposition: form-data;\r\n name="f"; filename="a.txt"',
    }
    for name, head in kinds.items():
        yield from case(f"multipart{name}", ["Content-Type: multipart/form-data; boundary=B"], multipart(head))
    yield from case("multipart-quoted-boundary", ['Content-Type: multipart/form-data; boundary="B"'], multipart(kinds[""]), size=9)


def _answers():
    pad = b"<p>page</p>" * 30
    whole = lambda t: pad + _body(t) + pad
    def make_of(raw, size):
        def make(target, agent):
            ask = request("/orders.cgi", agent)
            talk, data = Talk().open().send(ask), raw(target)
            for at in range(0, len(data), size):
                talk.s(data[at:at + size], at=at, ack=len(ask), flags=PSH | ACK)
            return talk
        return make
    def case(name, headers, encode, size=1400, status="HTTP/1.1 200 OK", length=True, eol="\r\n", before=b"", **more):
        def raw(target):
            body = encode(whole(target))
            fields = [*headers, *([f"Content-Length: {len(body)}"] if length else [])]
            return before + (eol.join([status, *fields]) + eol + eol).encode("latin-1") + body
        yield Case("http", f"answer-{name}", make_of(raw, size), "decodes the answer", sid=3, live=False,
                   needle=None, **more)
    def headless(name, end):
        def make(target, agent):
            ask = request("/orders.cgi", agent)
            return Talk().open().send(ask).s(_body(target) + end, ack=len(ask), flags=FIN | PSH | ACK)
        return Case("http", f"answer-{name}", make, "shows what has no head as it is (HTTP/0.9)", sid=3, live=False, needle=None,
                    control=False)
    te = "Transfer-Encoding: chunked"
    same = lambda data: data
    yield headless("without-head", b"\r\n<p>page</p>\r\n")
    yield headless("without-head-nor-line-end", b"")
    yield from case("plain", [], same)
    yield from case("cut-in-the-word", [], same, size=3)
    yield from case("no-length", [], same, length=False)
    yield from case("line-feeds", [], same, eol="\n", control=False)
    yield from case("continue-before", [], same, before=b"HTTP/1.1 100 Continue\r\n\r\n")
    yield from case("no-reason", [], same, status="HTTP/1.1 200")
    yield from case("chunks", [te], lambda d: _chunks(d, 64), length=False)
    yield from case("chunks-of-one", [te], lambda d: _chunks(d, 1), length=False, size=11)
    yield from case("chunks-with-extension", [te], lambda d: _chunks(d, 9, ";a=b"), length=False, control=False)
    yield from case("chunks-and-length", [te, "Content-Length: 5"], lambda d: _chunks(d, 9), length=False, control=False)
    yield from case("chunk-without-digits", [te], same, length=False, control=False)
    yield from case("folded-coding", ["Transfer-Encoding:\r\n chunked"], lambda d: _chunks(d, 9), length=False, control=False)
    yield from case("gzip", ["Content-Encoding: gzip"], _gzip)
    yield from case("gzip-cut-small", ["Content-Encoding: gzip"], _gzip, size=2)
    yield from case("x-gzip-upper-case", ["CONTENT-ENCODING: X-GZIP"], _gzip)
    yield from case("gzip-odd-header", ["Content-Encoding: gzip"], _odd_gzip)
    yield from case("gzip-two-members", ["Content-Encoding: gzip"], lambda d: _gzip(d[:333]) + _gzip(d[333:]))
    yield from case("gzip-chunks", [te, "Content-Encoding: gzip"], lambda d: _chunks(_gzip(d), 10), length=False)
    yield from case("gzip-twice", ["Content-Encoding: gzip, gzip"], lambda d: _gzip(_gzip(d)))
    yield from case("gzip-in-two-fields", ["Content-Encoding: gzip", "Content-Encoding: gzip"],
                    lambda d: _gzip(_gzip(d)))
    yield from case("deflate-then-gzip", ["Content-Encoding: deflate, gzip"], lambda d: _gzip(zlib.compress(d)))
    yield from case("zlib", ["Content-Encoding: deflate"], zlib.compress)
    yield from case("deflate", ["Content-Encoding: deflate"], _deflate_raw)
    yield from case("told-gzip-is-plain", ["Content-Encoding: gzip"], same, control=False)
    yield from case("told-gzip-is-zlib", ["Content-Encoding: gzip"], zlib.compress, control=False)
    yield from case("coding-unknown", ["Content-Encoding: identity, zip"], same, control=False)
    yield from case("gzip-without-trailer", ["Content-Encoding: gzip"], lambda d: _gzip(d)[:-8])


def cases():
    for family in (_lines, _targets, _sequences, _hidden, _headers, _uploads, _answers):
        yield from family()
