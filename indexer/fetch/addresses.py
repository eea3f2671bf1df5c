"""Which addresses may be asked: http and https at public hosts, spelled plainly.

Whoever writes an essay's list of sources decides what is fetched, from inside the reader's network. So the
name of every hop is resolved here, every address that it has is examined, and the connection goes to the
very one that was examined: a second look-up could give another.
"""

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from indexer.fetch.outcome import NotHad

# The IP addresses of a host's name, best first. Raises OSError.
Resolver = Callable[[str, int], list[str]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}
# RFC 3986: what stands for itself in a path and a query; a % is taken to begin an escape.
_PLAIN = "!$%&'()*+,/:;=?@[]~"
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
# A last label that is a number makes the whole a number, as the URL standard has it: 2130706433, 0x7f.1.
_NUMBER = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)\.?")
# RFC 1035.
LONGEST_HOST = 253
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
# Never part of the public net, whatever the version of Python says: this network, benchmarks, relays of
# 6to4 and Teredo (which embed another address), local NAT64, what is kept for later.
_NEVER = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4",
        "2001::/32", "2002::/16", "64:ff9b:1::/48", "fec0::/10", "100::/64", "::/96",
    )
)  # fmt: skip
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart; `path` is escaped and has the query, `host` is in ASCII."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as a Host header has them: a default port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"


def mended(url: str) -> str:
    """An address out of a page or a header as browsers read it: line ends fall out, spaces are escaped."""
    return re.sub(r"[\t\r\n]", "", url.strip()).replace(" ", "%20")


def target(url: str) -> Target:
    """The address taken apart. Raises NotHad for what is not a plainly spelled http or https address."""
    if _FORBIDDEN.search(url):
        raise _refused("it has a space, a backslash or a control character in it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("it cannot be read as an address") from None
    if parts.scheme not in PORTS:
        raise _refused(f"only http and https are asked, not {parts.scheme or 'an address without a scheme'}")
    if "@" in parts.netloc:
        raise _refused("it has a user name in it")
    if port == 0:
        raise _refused("there is no port 0")
    try:
        return Target(parts.scheme, _host(parts), port or PORTS[parts.scheme], _path(parts))
    except ValueError:
        raise _refused("it cannot be read as an address") from None


def _refused(reason: str) -> NotHad:
    return NotHad("refused-address", f"the address is refused: {reason}")


def _path(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return quote((parts.path or "/") + query, safe=_PLAIN)


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" in host:
        return _literal(host)
    try:
        name = host if host.isascii() else host.encode("idna").decode().lower()
    except UnicodeError:
        raise _refused(f"“{host}” cannot be the name of a host") from None
    if _NUMBER.fullmatch(name):
        return _literal(name)
    if len(name) > LONGEST_HOST or not _NAME.fullmatch(name):
        raise _refused(f"“{host}” cannot be the name of a host")
    return name


def _literal(host: str) -> str:
    """An IP address in its one spelling; decimal, octal, hexadecimal and shortened ones are refused."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise _refused(f"{host} is not a plainly spelled IP address") from None
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        raise _refused(f"{host} names a part of the local network")
    return str(address)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver, in its order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def examined(to: Target, resolver: Resolver, allow_private: bool) -> list[str]:
    """The IP addresses to which a connection may go. Raises NotHad: if one of them is refused, all are."""
    try:
        found = [to.host] if _is_literal(to.host) else resolver(to.host, to.port)
    except (OSError, UnicodeError) as error:
        again = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        raise NotHad("failed", f"there is no host {to.host}", passing=again, dead=True) from None
    if not found:
        raise NotHad("failed", f"there is no host {to.host}", dead=True)
    for text in found:
        if (why := _why_not(text, allow_private)) is not None:
            hint = "" if allow_private or why not in _LOCAL else " (--allow-private asks all the same)"
            at = text if text == to.host else f"{to.host} is at {text}, which"
            raise _refused(f"{at} is {why}{hint}")
    return found


def _is_literal(host: str) -> bool:
    return ":" in host or _NUMBER.fullmatch(host) is not None


_LOCAL = ("this machine", "link-local", "private")


def _why_not(text: str, allow_private: bool) -> str | None:
    """In a word why no connection may go to an IP address, or None when one may."""
    try:
        address = _embedded(ipaddress.ip_address(text))
    except ValueError:
        return "not an IP address"
    if address.is_loopback or address.is_link_local or _is_private(address):
        if allow_private:
            return None
        return "this machine" if address.is_loopback else "link-local" if address.is_link_local else "private"
    if address.is_multicast:
        return "multicast"
    return None if _is_public(address) else "reserved"


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (mapped, or of a NAT64), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.scope_id:
        raise ValueError(address)
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def _is_private(address: Address) -> bool:
    """Whether it belongs to somebody's own network: RFC 1918, RFC 4193, RFC 6598, site-local."""
    return any(address.version == net.version and address in net for net in _OWN)


_OWN = tuple(
    ipaddress.ip_network(net)
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10")
)


def _is_public(address: Address) -> bool:
    never = any(address.version == net.version and address in net for net in _NEVER)
    return address.is_global and not never and not address.is_reserved and not address.is_unspecified
