"""Which addresses are asked: every hop is examined, and nothing on the inside is asked."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import Clock, Handler, Server, Site, contents_page, listed, one, run

from indexer import catalogue
from indexer.fetch import (
    Selection,
    addresses,
    fetch,
    transport,
)
from indexer.fetch.outcome import NotHad
from indexer.fetch.visiting import REDIRECTS, Visitor

# --- redirects -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_recorded(raw: Path, site: Site, status: int) -> None:
    site.pages["/new/page.html"] = b"<p>words"
    outcome = one(raw, site, (status, {"Location": "../new/page.html#there"}, b"moved"), "/old/page.html")
    assert (outcome.status, outcome.via) == ("fetched", site.url("/new/page.html"))
    record = catalogue.record(raw, outcome.file or "") or {}
    assert record["url"] == site.url("/old/page.html") and record["final"] == site.url("/new/page.html")
    assert (outcome.file or "").endswith("/old/page.html")


def test_a_redirect_and_a_link_may_have_spaces(raw: Path, site: Site) -> None:
    site.pages |= {"/a%20book/index.html": contents_page("ch 01.html", "ch 02.html")}
    site.pages |= {f"/a%20book/ch%200{n}.html": b"<p>words" for n in (1, 2)}
    one(raw, site, (302, {"Location": " /a book/index.html "}, b""))
    outcomes = run(raw, site, Selection(recursive=True))
    assert [(o.status, o.url) for o in outcomes] == [
        ("fetched", site.url(f"/a%20book/ch%200{n}.html")) for n in (1, 2)
    ]


@pytest.mark.parametrize("hops, status", [(REDIRECTS, "fetched"), (REDIRECTS + 1, "failed")])
def test_redirects_have_an_end(raw: Path, site: Site, hops: int, status: str) -> None:
    site.pages |= {f"/{n}": (302, {"Location": f"/{n + 1}"}, b"") for n in range(1, hops)}
    site.pages[f"/{hops}"] = b"<p>words"
    assert one(raw, site, (302, {"Location": "/1"}, b""), "/0").status == status


def test_a_circle_of_two(raw: Path, site: Site) -> None:
    site.pages["/b"] = (302, {"Location": "/a"}, b"")
    assert one(raw, site, (302, {"Location": "/b"}, b""), "/a").reason == "it redirects in a circle"
    assert site.paths() == ["/a", "/b"]


def test_every_hop_is_examined(raw: Path, site: Site) -> None:
    """A public host may send us to a private one; nothing is asked of that one."""
    answers = {"public.example": "127.0.0.1", "inside.example": "169.254.169.254"}
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return [answers[host]]

    site.pages["/a"] = (302, {"Location": "http://inside.example/latest/meta-data"}, b"")
    listed(raw, {"page": site.url("/a", "public.example")})
    means = site.clock.means(resolver=resolver, allow_private=False)
    real = addresses._why_not

    def why_not(text: str, allow_private: bool) -> str | None:
        return None if text == "127.0.0.1" else real(text, allow_private)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(addresses, "_why_not", why_not)
        (outcome,) = fetch(raw, Selection(), means)
    assert outcome.status == "refused-address" and "inside.example is at 169.254.169.254" in outcome.reason
    assert asked[-1] == "inside.example" and site.paths() == ["/a"]


# --- addresses -----------------------------------------------------------------------------------

# What may not be asked: the address, and what its name resolves to where it is one.
REFUSED: list[tuple[str, str]] = [
    ("http://127.0.0.1/", ""),
    ("http://127.8.9.10:8080/", ""),
    ("http://localhost/", "127.0.0.1"),
    ("http://localhost./", "127.0.0.1"),
    ("http://2130706433/", "127.0.0.1"),
    ("http://0177.0.0.1/", "127.0.0.1"),
    ("http://0x7f.0.0.1/", "127.0.0.1"),
    ("http://0x7f000001/", "127.0.0.1"),
    ("http://127.1/", "127.0.0.1"),
    ("http://127.0.0.1./", "127.0.0.1"),
    ("http://134744072/", "8.8.8.8"),
    ("http://010.8.8.8/", "8.8.8.8"),
    ("http://１２７.０.０.１/", "127.0.0.1"),
    ("http://127。0。0。1/", "127.0.0.1"),
    ("http://127%2e0%2e0%2e1/", "127.0.0.1"),
    ("http://[::1]/", ""),
    ("http://[::]/", ""),
    ("http://[::ffff:127.0.0.1]/", ""),
    ("http://[::ffff:a9fe:a9fe]/", ""),
    ("http://[::127.0.0.1]/", ""),
    ("http://[64:ff9b::7f00:1]/", ""),
    ("http://[64:ff9b:1::1]/", ""),
    ("http://[2002:7f00:1::]/", ""),
    ("http://[2001:0:53aa:64c::]/", ""),
    ("http://[fe80::1]/", ""),
    ("http://[fe80::1%25eth0]/", ""),
    ("http://[fc00::1]/", ""),
    ("http://[fec0::1]/", ""),
    ("http://[ff02::1]/", ""),
    ("http://[2001:db8::1]/", ""),
    ("http://0.0.0.0/", ""),
    ("http://10.0.0.1/", ""),
    ("http://172.16.5.4/", ""),
    ("http://192.168.1.1/", ""),
    ("http://100.64.0.1/", ""),
    ("http://169.254.169.254/latest/meta-data/", ""),
    ("http://192.0.0.170/", ""),
    ("http://198.18.0.1/", ""),
    ("http://192.0.2.1/", ""),
    ("http://224.0.0.1/", ""),
    ("http://240.0.0.1/", ""),
    ("http://255.255.255.255/", ""),
    ("http://10.0.0.1.nip.example/", "10.0.0.1"),
    ("http://metadata.google.example/", "169.254.169.254"),
    ("http://six.example/", "::ffff:10.0.0.1"),
    ("http://mixed.example/", "93.184.216.34 10.0.0.1"),
    ("http://zone.example/", "fe80::1%eth0"),
    ("http://broken.example/", "not an address"),
    ("http://user@example.org/", "93.184.216.34"),
    ("http://example.org@127.0.0.1/", "127.0.0.1"),
    ("http://example.org:80@127.0.0.1/", "127.0.0.1"),
    ("http://example.org\\@127.0.0.1/", "127.0.0.1"),
    ("http://example.org/a b", "93.184.216.34"),
    ("http://example.org/\r\nHost: inside", "93.184.216.34"),
    ("http://example.org:0/", "93.184.216.34"),
    ("http://example.org:99999/", "93.184.216.34"),
    ("http:///etc/passwd", "127.0.0.1"),
    ("http://", "127.0.0.1"),
    ("http://exa_mple..org/", "93.184.216.34"),
    ("file:///etc/passwd", ""),
    ("gopher://127.0.0.1:70/_x", ""),
    ("ftp://example.org/", "93.184.216.34"),
    ("dict://127.0.0.1:11211/stats", ""),
    ("javascript:alert(1)", ""),
    ("//example.org/", "93.184.216.34"),
]


@pytest.mark.parametrize("url, answer", REFUSED)
def test_an_address_that_leads_inside_is_refused(
    url: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "ask", lambda *_: pytest.fail("a connection was made"))
    clock = Clock()
    means = clock.means(allow_private=False, resolver=lambda host, port: answer.split(" ") if answer else [])
    with pytest.raises(NotHad) as caught:
        Visitor(means).visit(url)
    assert caught.value.status == "refused-address" and caught.value.reason


@settings(max_examples=300)
@given(
    st.text(max_size=60),
    st.sampled_from(["", "http:", "http://", "https://[", "http://a.example:", "http://é."]),
)
def test_any_text_is_an_address_or_refused(text: str, start: str) -> None:
    try:
        to = addresses.target(start + text)
    except NotHad as failure:
        assert failure.status == "refused-address"
    else:
        assert to.url.isascii() and to.url.isprintable() and " " not in to.url
        assert addresses.target(to.url) == to


def test_forty_are_refused() -> None:
    assert len({url for url, _ in REFUSED}) >= 40


@pytest.mark.parametrize(
    "ip, word, allowed",
    [
        ("127.0.0.1", "this machine", True),
        ("::1", "this machine", True),
        ("169.254.1.1", "link-local", True),
        ("fe80::1", "link-local", True),
        ("10.0.0.1", "private", True),
        ("100.64.0.1", "private", True),
        ("::ffff:10.0.0.1", "private", True),
        ("64:ff9b::a00:1", "private", True),
        ("224.0.0.1", "multicast", False),
        ("0.0.0.0", "reserved", False),
        ("2002:7f00:1::", "reserved", False),
        ("::ffff:8.8.8.8", None, True),
        ("8.8.8.8", None, True),
    ],
)
def test_each_refusal_says_why(ip: str, word: str | None, allowed: bool) -> None:
    assert addresses._why_not(ip, allow_private=False) == word
    assert addresses._why_not(ip, allow_private=True) == (None if allowed else word)


@pytest.mark.parametrize("answer", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "1.1.1.1"])
def test_a_public_address_is_not_refused(answer: str) -> None:
    to = addresses.target("https://example.org/a?b=ü#c")
    assert to.url == "https://example.org/a?b=%C3%BC"
    assert addresses.examined(to, lambda host, port: [answer], allow_private=False) == [answer]


@pytest.mark.parametrize(
    "url", ["http://0.0.0.0/", "http://224.0.0.1/", "http://2130706433/", "http://u@127.0.0.1/"]
)
def test_leave_to_ask_private_hosts_is_no_leave_for_everything(url: str) -> None:
    with pytest.raises(NotHad) as caught:
        addresses.examined(addresses.target(url), lambda host, port: [], allow_private=True)
    assert caught.value.status == "refused-address"


@settings(max_examples=300)
@given(st.ip_addresses().filter(lambda ip: not ip.is_global or ip.is_multicast))
def test_no_address_that_is_not_global_is_asked(ip: Any) -> None:
    host = f"[{ip}]" if ip.version == 6 else str(ip)
    with pytest.raises(NotHad):
        addresses.examined(addresses.target(f"http://{host}/"), lambda host, port: [], allow_private=False)


def test_the_connection_goes_to_the_address_that_was_examined(raw: Path, site: Site) -> None:
    """A name whose answer changes after it was examined (DNS rebinding): it is asked for once a request."""
    answers = iter(["127.0.0.1", "127.0.0.1", "10.0.0.1", "10.0.0.2"])
    site.pages["/page.html"] = lambda h: h.answer(200, {}, h.connection.getsockname()[0].encode())
    listed(raw, {"page": site.url("/page.html", "www.example.test")})
    (outcome,) = run(raw, site, resolver=lambda host, port: [next(answers)])
    assert (raw / (outcome.file or "")).read_text() == "127.0.0.1"
    assert {a.host for a in site.asked} == {f"www.example.test:{site.port}"}
    assert next(answers) == "10.0.0.1"


def test_another_address_of_the_host_is_tried(raw: Path, site: Site) -> None:
    site.pages["/page.html"] = b"<p>words"
    listed(raw, {"page": site.url("/page.html", "www.example.test")})
    (outcome,) = run(raw, site, resolver=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    assert outcome.status == "fetched"


def test_a_host_that_there_is_not(raw: Path, site: Site) -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    listed(raw, {"page": "http://no.example/page", "next": "http://no.example/next"})
    outcomes = run(raw, site, resolver=resolver)
    assert [(o.status, o.reason) for o in outcomes] == [("failed", "there is no host no.example")] * 2
    assert site.clock.slept == []


def test_a_port_where_nobody_listens(raw: Path, site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listed(raw, {"page": f"http://127.0.0.1:{free.getsockname()[1]}/"})
        (outcome,) = run(raw, site)
    assert outcome.status == "failed" and "cannot be reached (Connection refused)" in outcome.reason


# --- TLS -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate, is not here")
    path = tmp_path_factory.mktemp("tls") / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", path.with_name("key.pem"), "-out", path, "-days", "2", "-subj", "/CN=secure.example",
         "-addext", "subjectAltName=DNS:secure.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[tuple[Site, list[str]]]:
    """A site with a certificate for secure.example, and the names that were asked for in TLS."""
    names: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    context.sni_callback = lambda sock, name, context: names.append(name or "")
    server = Server(("127.0.0.1", 0), type("Here", (Handler,), {}))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    made = Site(server.server_address[1], Clock())
    server.RequestHandlerClass.site = made  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield made, names
    server.shutdown()
    server.server_close()


def test_tls_goes_by_the_name_and_the_connection_by_the_address(
    raw: Path, secure: tuple[Site, list[str]], certificate: Path
) -> None:
    site, names = secure
    site.pages["/page.html"] = b"<p>words"
    listed(raw, {"page": f"https://secure.example:{site.port}/page.html"})
    (outcome,) = run(raw, site, tls=lambda: ssl.create_default_context(cafile=str(certificate)))
    assert outcome.status == "fetched", outcome
    assert set(names) == {"secure.example"} and site.asked[-1].host == f"secure.example:{site.port}"


@pytest.mark.parametrize("host, trusted", [("other.example", True), ("secure.example", False)])
def test_a_certificate_that_is_not_the_hosts_is_refused(
    raw: Path, secure: tuple[Site, list[str]], certificate: Path, host: str, trusted: bool
) -> None:
    site, _ = secure
    site.pages["/page.html"] = b"<p>words"
    listed(raw, {"page": f"https://{host}:{site.port}/page.html"})
    own = {"tls": lambda: ssl.create_default_context(cafile=str(certificate))} if trusted else {}
    (outcome,) = run(raw, site, **own)
    assert outcome.status == "failed" and f"no safe connection with {host}" in outcome.reason
    assert site.asked == []
