"""Addresses of machines: IPv4, IPv6 and hardware addresses, and what only looks like them.

Four dotted numbers in range are an address, unless something says that they are a version: a word
such as "version" or "build" directly before them, `Product/1.2.3.4`, a package's file name; or a
weaker sign (the name of a program before them) together with numbers as small as versions have.
"""

import ipaddress
from collections.abc import Iterator
from functools import lru_cache

from .patterns import Pattern
from .projection import compiled
from .spans import Span, apart, bare, ends, line_before

_IP4 = compiled(
    rb"\d{1,3}(?:\.\d{1,3}){3}"
    rb"|\d{1,3}(?:(?:\[\.\]|\(\.\)|\[dot\]|\(dot\)|\{\.\}|\\\.|-dot-)\d{1,3}){3}"
    rb"|\d{1,3}(?:(?: ?\[dot\] ?| ?\(dot\) ?| dot | punkt | punto | point | ?\[\.\] ?"
    rb"| \. )\d{1,3}){3}",
    fold=True,
)
_IP4_PART = compiled(rb"\d{1,3}")
#: In the name of a host: ec2-198-51-100-27.compute.example, 27-100-51-198.static.example.net.
_DASHED = compiled(
    rb"(?:ec2|ip|host|static|dyn|dynamic|dhcp|cpe|pool|adsl|dsl|client|user|node|vps|nat|ppp|cable"
    rb"|broadband|mobile)[\-_.](\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3})\b"
    rb"|(\d{1,3}[\-_]\d{1,3}[\-_]\d{1,3}[\-_]\d{1,3})(?:-[a-z]{2,12})?(?:\.[A-Za-z][A-Za-z0-9\-]{0,40}){2}",
    fold=True,
    rare=True,
)
_IP6 = compiled(rb"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}")
_IP6_WHOLE = compiled(rb"(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}", rare=True)
_MAC = compiled(
    rb"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}"
    rb"|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}|[0-9A-Fa-f]{4}(?:[\-:][0-9A-Fa-f]{4}){2}"
    rb"|[0-9A-Fa-f]{6}[\-:][0-9A-Fa-f]{6}"
    rb"|[0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:\.[0-9A-Fa-f]{2}){5}"
)
#: Without any signs: only where something says what it is.
_MAC_TOLD = compiled(
    rb"(?:\b(?:mac|hw|hwaddr|hardware|ether(?:net)?|bssid|chaddr|wlan|wifi|wi-fi|lan)"
    rb"(?:[ _\-]?(?:addr(?:ess)?(?:e|en)?|adresse|id|no\.?|nr\.?"
    rb"|num(?:ber)?))?[\"']?(?: ?\([^)\n]{0,20}\))?"
    rb"[ \t]{0,4}(?:is|was|ist|es|[:=#>]{1,2})?[ \t]{0,4}[\"'(\[<]?|_mac[=: ]{1,2}|\bSEP|\bATA"
    rb"|\b(?:phone|device|handset|telephone|endpoint|desk ?phone|provisioner: \w{3,9})s?[:#]? "
    rb"|urn:uuid:0{8}-0{4}-1000-8000-|\bmac printed "
    rb"|\bdhcp[a-z]{3,9} (?:on|for|from|to) [\d.]{7,15} (?:to|from|for|via) |\bstation[:# ]{1,3}"
    rb"|\b(?:cisco|poly\w{0,6}|yealink|grandstream|snom|mitel|avaya|fanvil|audiocodes|panasonic)\b"
    rb"[^\n]{0,32}?[ /,(]|(?:phone|vvx|poly\w{0,6}|yealink|snom|grandstream|mitel"
    rb"|fanvil)[^\n]{0,24}[ ,](?:s/n|sn"
    rb"|serial)[ :#]{1,3})"
    rb"([0-9A-F]{12}|[0-9A-F]{1,2}(?:[:\- ][0-9A-F]{1,2}){5})"
    rb"|(?:^|[^0-9A-Za-z\-])([0-9A-F]{12})(?:-[a-z]{2,12})?\.(?:cfg|cnf|xml|boot|tar|loads)\b",
    fold=True,
    rare=True,
)

_STRONG = (
    rb"v|ver|version|versie|versi\xf3n|vers\xe3o|versione|release|rel|build|rev|revision|firmware"
    rb"|fw"
    rb"|patch|hotfix|service pack|sp|section|chapter|clause|oid|rfc|kernel|os|versionsnr|paragraph"
)
#: Words directly before four dotted numbers that make them a version, whatever the numbers.
_VERSION = compiled(
    rb"(?:^|[^A-Za-z])(?:" + _STRONG + rb")(?:[ ._\-]?(?:no|nr|number|level|string|id))?\.?[\"']?"
    rb"[ \t]{0,2}(?:[:=#(]|is|was|of|to)?[ \t]{0,2}[\"'(]?$",
    fold=True,
)
#: Words that make small numbers a version: programs, and what one does with them.
_PROGRAM = compiled(
    rb"(?:^|[^A-Za-z])(?:version\w{0,3}|release|build|upgrad\w{0,5}|updat\w{0,3}|running|runs|run"
    rb"|firmware"
    rb"|browser|patch\w{0,3}|installed|installs?|installer|installation|hotfix|client|driver|agent"
    rb"|sdk"
    rb"|app|software|rollback|rolled"
    rb"|downgrad\w{0,5}|plugin|plug-in|extension|package|module|library|component|desktop"
    rb"|softphone"
    rb"|section|chapter|clause|paragraph|rfc|oid"
    rb"|chrome|chromium|edge|firefox|safari|on|from|to|and|or|is|are|since|before|after|with|of"
    rb"|than"
    rb"|vs|until|in|both|still)(?:[^A-Za-z0-9_\-\n][^\n]{0,23})?$",
    fold=True,
)
#: Any capitalised word directly before: Genesys Cloud 4.2.1.18.
_PRODUCT = compiled(rb"(?:^|[ (\"'])[A-Z][A-Za-z0-9\-]{1,30}[,:]? \(?$")
_ADDRESS = compiled(
    rb"(?:^|[^A-Za-z])(?:ips?|ipv4|addr|address(?:es)?|adresse|hosts?|peer|src|dst|source|dest"
    rb"|destination|remote|server|gateway"
    rb"|gw|via|forwarded-for|forwarded|real-ip|connecting-ip|client-ip"
    rb"|udp|tcp|tls|dhcp\w{0,6}|ping\w{0,4}|connect\w{0,3}|listen\w{0,3}|bind|route|subnet|dns|nat"
    rb"|proxy|sip|IN IP4|node"
    rb"|blocked|reach|reached|unreachable|@|traceroute|whois|ssh|telnet|network|netz|direcci\xf3n"
    rb"|endpoint|sbc|router|firewall|login|logged|session|user|hits?|traffic|lookup|resolv\w{0,3}"
    rb"|\brange)[^A-Za-z0-9\n]{0,5}"
    rb"(?:to|from|at|is|for|with|on|ist|es|were|are|was)?[^A-Za-z0-9\n]{0,4}$",
    fold=True,
)
_KEY = compiled(rb"([A-Za-z_.\-]{1,40})[\"']?\s?[=:]\s?[\"']?$")
_VERSION_KEY = compiled(
    rb"(?:^|[_.\-])(?:ver|vers|version|release|build|rev|firmware|fw|patch)$|Version$|Build$",
)
_SOFT_KEY = compiled(rb"sw|sdk|software|browser|agent|client|app|version|build", fold=True)
#: The name of a package, as of a file: log4j-1.2.17.1.jar; names of machines and traces may do so.
_PACKAGE = compiled(rb"[A-Za-z0-9]{2,40}[\-_]v?$")
_NO_PACKAGE = compiled(
    rb"(?:ip|host|trace|from|to|server|node|client|peer|addr|log|dump|capture|pcap|src|dst|id"
    rb"|user|call|rec|recording|sip|rtp|session|edge|gw|sbc|phone|desk|router|switch|ping"
    rb"|scan)[\-_]$",
    fold=True,
)
_PACKED = compiled(
    rb"[.\-_](?:jar|zip|tar|tgz|gz|exe|msi|dmg|rpm|deb|whl|pkg|apk|iso|bin|img|loads|zup"
    rb"|snapshot|beta|alpha|rc\d?|final|ga|hotfix|release|build|dll|so|cab|x86|x64|amd64)\b",
    fold=True,
)
_REVISION = compiled(rb"-\d{1,3}(?:[^.0-9]|$)")
_COMPARED = (b">=", b"<=", b"==", b"~=", b"!=")
_PATH = compiled(rb"(?:^|[\s\"'(=,;])[A-Za-z][A-Za-z0-9_.\- ]{0,40}/$")
#: The firmware of telephones has large numbers: Yealink T46U 108.86.0.90.
_MODEL = compiled(
    rb"(?:yealink|poly|polycom|grandstream|snom|audiocodes|fanvil|mitel|avaya|cisco|panasonic|htek"
    rb"|sangoma"
    rb"|gigaset|obi\w{0,4}|zoiper|bria|linphone"
    rb"|x-lite)[ _\-/]{0,2}[A-Za-z]{0,10}[ _\-]?[A-Z]{0,4}\d[\w\-]{0,10}[ /_\-]{1,2}$",
    fold=True,
)
#: "fw 6.4.3.5049 / 108.86.0.90": a second version behind the first.
_SECOND = compiled(
    rb"(?:^|[^A-Za-z])(?:fw|firmware|sw|rom|version|ver)[: ]{1,2}[\w.\-]{3,20} ?[/,&+|] ?$",
    fold=True,
)
#: The versions of Genesys Engage, 8.1.104.52, behind the name of any of its servers.
_GENESYS = compiled(rb"8\.[0-5]\.[1-9]\d{2}\.\d{2}|9\.\d\.\d{3}\.\d{2}")
_SURELY = compiled(
    rb"(?:^|[^A-Za-z])(?:ips?|ipv4|addr\w{0,6}|hosts?|peer|src|dst|ping|from|at|client|remote|@)"
    rb"[^A-Za-z0-9\n]{1,4}$",
    fold=True,
)
_RESOLVERS = frozenset((b"8.8.8.8", b"8.8.4.4", b"1.1.1.1", b"1.0.0.1", b"9.9.9.9", b"4.2.2.2"))


def machines(text: bytes) -> Iterator[Span]:
    """Every address of a machine in any line."""
    for match in _IP4.finditer(text):
        start, end = match.span()
        form = _form(match.group())
        if form and _is_apart(text, start, end) and not _is_version(text, start, end, form):
            yield Span(start, end, "IP")
    if b":" not in text and b"-" not in text and b"." not in text and b" " not in text:
        return
    if b"-" in text:
        for match in _DASHED.finditer(text):
            start, end = match.span(1) if match.start(1) >= 0 else match.span(2)
            if text[start - 1 : start].isalnum() and start:
                continue
            if _form(text[start:end].replace(b"_", b"-").replace(b"-", b".")):
                yield Span(start, end, "IP")
    for match in _MAC.finditer(text):
        start, end = match.span()
        if _is_mac(text, start, end):
            yield Span(start, end, "MAC")
    for match in _MAC_TOLD.finditer(text):
        start, end = match.span(1) if match.start(1) >= 0 else match.span(2)
        if ends(text, end) and bare(text[start:end]):
            yield Span(start, end, "MAC")
    if b"::" in text:
        yield from _long_ones(text, _IP6)
    yield from _long_ones(text, _IP6_WHOLE)


# --- IPv4 -------------------------------------------------------------------------------------

_WRONG, _PADDED, _RIGHT, _SMALL = range(4)


@lru_cache(maxsize=4096)
def _form(found: bytes) -> int:
    """What four dotted numbers can be; cached, as every line has the same ones.

    `_SMALL`: as small as the numbers of versions are, so they may be one.
    """
    parts = (
        [part.group() for part in _IP4_PART.finditer(found)]
        if found.strip(b"0123456789.") or b" " in found
        else found.split(b".")
    )
    numbers = [int(part) for part in parts]
    if max(numbers) > 255 or numbers[0] in (0, 127, 255):
        return _WRONG  # a mask, or the machine itself
    if any(len(each) > 1 and each[:1] == b"0" for each in parts):
        return _RIGHT if all(len(each) == 3 for each in parts) else _PADDED
    if found in _RESOLVERS:
        return _RIGHT
    small = numbers[0] <= 30 and numbers[1] <= 50 and sum(each > 99 for each in numbers) <= 1
    return _SMALL if small or not any(numbers[1:]) else _RIGHT


def _is_apart(text: bytes, start: int, end: int) -> bool:
    """Whether four numbers are all of it; a name may follow after a dot: in-addr.arpa, .log."""
    if start:
        before = text[start - 1]
        if 0x30 <= before <= 0x39 or (
            before in b"." and start > 1 and 0x30 <= text[start - 2] <= 0x39
        ):
            return False
        if (chr(before).isalpha() and before < 0x80) or before == 0x2E:
            return False
    if end < len(text):
        after = text[end]
        if (chr(after).isalnum() and after < 0x80) or (
            after == 0x2E and text[end + 1 : end + 2].isdigit()
        ):
            return False
    return True


def _is_version(text: bytes, start: int, end: int, form: int) -> bool:
    if form == _PADDED:
        return True  # 10.01.2.3: addresses are not written like this
    after = text[end : end + 12]
    if after[:1] == b"-" and after[1:2].isalpha() and _PACKED.match(after):
        return True
    if form == _SMALL and _REVISION.match(after):
        return True  # 1.7.4.4-2
    if after[:1] in (b":", b"#", b"/") and after[1:2].isdigit():
        return False
    if text[start - 1 : start] == b"[" and after[:1] == b"]":
        return False  # Received: from host ([203.0.113.7])
    before = line_before(text, start)
    if not before:
        return False  # at the start of the line, as in a web server's log
    if _VERSION.search(before) or before[-3:].strip(b" ")[-2:] in _COMPARED:
        return True
    last = before[-1:]
    if _GENESYS.fullmatch(text[start:end]) and not _SURELY.search(before):
        return True
    if last == b"/":
        if before[-2:-1] == b"/" or _ADDRESS.search(before):
            return False
        return form == _SMALL or _PATH.search(before) is not None
    if last in b"-_" and _PACKAGE.search(before):
        if _NO_PACKAGE.search(before):
            return False
        return form == _SMALL or (after[:1] in b"-_." and _PACKED.match(after) is not None)
    if last in b"=:\"' " and (key := _KEY.search(before)):
        if _VERSION_KEY.search(key.group(1)):
            return True
        if last in b"=\"'":
            return form == _SMALL and _SOFT_KEY.search(key.group(1)) is not None
    if _SECOND.search(before):
        return True
    if form != _SMALL:
        return _MODEL.search(before) is not None
    if _ADDRESS.search(before):
        return False
    return _PROGRAM.search(before) is not None or _PRODUCT.search(before) is not None


# --- IPv6 and hardware ------------------------------------------------------------------------


def _long_ones(text: bytes, pattern: Pattern) -> Iterator[Span]:
    for match in pattern.finditer(text):
        start, end = match.span()
        found = match.group()
        if found.endswith(b":") and not found.endswith(b"::"):
            end, found = end - 1, found[:-1]
        whole = b"::" in found or found.count(b":") == 7
        if not whole or len(found) < 6 or not apart(text, start, end, b":", b"_"):
            continue
        if not _is_code(found) and _is_address(found):
            yield Span(start, end, "IP")


def _is_code(found: bytes) -> bool:
    """`abc::def`, `Face::Feed`: without digits, only what has a long first part is an address."""
    if len(bare(found)) >= 2:
        return False
    if bare(found) and found.count(b":") > 2:
        return False
    groups = [each for each in found.split(b":") if each]
    even = found.lower() == found or found.upper() == found
    return not (even and len(groups) >= 3 and len(groups[0]) == 4)


def _is_address(found: bytes) -> bool:
    try:
        return ipaddress.ip_address(found.decode()).version == 6
    except ValueError:
        return False


_MAC_BEFORE = compiled(
    rb"(?:mac|hw|hardware|ether|ethernet|address|addr|bssid|physical|phone|device|handset|wlan)"
    rb"[^\n]{0,16}$",
    fold=True,
)


def _is_mac(text: bytes, start: int, end: int) -> bool:
    found = text[start:end]
    sign = found[2:3] if len(found) == 17 else found[4:5] if len(found) == 14 else found[6:7]
    if not apart(text, start, end, b":-.", b"_") or text[end : end + 1] in (b":", b"-"):
        return False
    if not bare(found):
        return False
    if len(found) == 17 and sign in b" .":
        # Bytes with spaces are a dump, unless they are alone or told.
        if text[end : end + 1] == sign and text[end + 1 : end + 2] in (b"0", b"1"):
            return False
        before = line_before(text, start)
        letters = not found.translate(None, b" .").isdigit()
        if sign == b"." and not letters:
            return False
        alone = not before.strip() and text[end : end + 1] in (b"", b"\n", b"\r")
        return letters and (alone or _MAC_BEFORE.search(before) is not None)
    if len(found) in (13, 14) and sign in b"-:":
        letters = any(each in found.lower() for each in b"abcdef")
        told = _MAC_BEFORE.search(line_before(text, start)) is not None
        return letters and told and text[start - 1 : start] not in (b"-", b":")
    return True
