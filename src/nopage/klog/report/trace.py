"""Call trace lines of every architecture and release (KERNEL.md 2.4) as raw frames; `context` tells their stacks.

The forms, all recognised by what they hold and not by their column:

    <addr>{:mod:sym+776} <addr>{sym+83}               RHEL 4 x86_64, decimal offsets, several a line
    [<addr>] :mod:sym+0x2ef/0x308                     RHEL 5 x86_64
    [<addr>] ? sym+0x757/0x8d0 [mod]                  x86 until 4.9, arm64, mips, parisc, riscv, s390
    sym+0x66/0x90 [mod build-id]                      4.10 on
    [sp] [addr] .sym+0x28/0x3c (unreliable)           ppc
    [<addr>] (sym+0x0/0x10) from [<addr>] (sym+0x1/)  arm; since 5.18 `sym from sym+0x1/0x2`
    [sym+32/64] sym+0x20/0x40                     rewritten by klogd
    sym (file.c:107)    sym+0x1c4/0x2b4 file.c:113    rewritten by decode_stacktrace.sh
    [<addr>] [<addr>]                                 no kallsyms
"""
from __future__ import annotations

import re
from typing import Final, NamedTuple

from nopage.kernel.pattern import later


class RawFrame(NamedTuple):
    """A frame without its context."""

    symbol: str
    module: str | None
    offset: int | None
    size: int | None
    address: int | None
    reliable: bool


Entry = RawFrame | str
CALLEE: Final = "callee"  # the next frame is the left side of `f from g`: the same as the caller of the line before

_HEX: Final = r"[0-9a-fA-F]"
_SYMBOL: Final = r"[A-Za-z_.$][\w.$@]*"
# 3w_9xxx, 8139too, 8021q, 9pnet, 8390: a digit may come first, but an address in brackets is no module.
_NAME: Final = rf"(?!(?:{_HEX}{{8}}|{_HEX}{{16}}|0x\w+)\])(?:\d{{0,5}}[A-Za-z_][\w-]*|8390|7990|82596)"
_MODULE: Final = rf"(?:\s{{1,2}}\[(?P<module>{_NAME})(?:\s[^\[\]]{{1,48}})?(?:\]|$))?"
_UNRELIABLE: Final = r"(?P<unreliable>\s{1,4}\(unreliable\))?"  # ppc, where x86 has `? `
FRAME: Final = re.compile(
    rf"(?:\[?<(?P<address>{_HEX}{{4,16}})>\]\s*|\[(?P<ppc>{_HEX}{{8,16}})\]\s*)?\(?(?P<stale>\?\s+)?"
    rf"(?<![\w.$@])(?::(?P<prefix>[\w-]{{1,64}}):)?(?P<symbol>{_SYMBOL})\+0x(?P<offset>{_HEX}{{1,8}})"
    rf"/(?:0x)?(?P<size>{_HEX}{{1,8}})\)?" + _MODULE + _UNRELIABLE
)
_BRACES: Final = later(
    rf"<(?P<address>{_HEX}{{4,16}})>\{{(?::(?P<module>[\w-]+):)?(?P<symbol>{_SYMBOL})(?:(?P<sign>[+-])(?P<offset>\d{{1,9}}))?\}}"
    rf"|\[<(?P<bare>{_HEX}{{8,16}})>\]|(?P<marker></?[A-Z#][A-Z_#]{{1,20}}>)"
)
_KLOGD: Final = later(
    rf"\[(?:(?P<module>[\w-]+):)?(?P<symbol>{_SYMBOL})\+(?P<offset>\d{{1,10}}|0x{_HEX}{{1,8}})/(?P<size>\d{{1,10}}|0x{_HEX}{{1,8}})\]"
)
_FROM: Final = re.compile(
    rf"(?:\[<(?P<address>{_HEX}{{8,16}})>\]\s*)?\(?(?<![\w.$@])(?P<callee>{_SYMBOL})(?:\+0x(?P<at>{_HEX}{{1,8}})(?:/0x(?P<of>{_HEX}{{1,8}}))?)?"
    rf"(?:\s\[(?P<module>[\w-]+)\])?\)?\s+from(?:\s+|$)"
)
_DECODED: Final = re.compile(
    rf"(?P<stale>\?\s+)?(?P<symbol>{_SYMBOL})\s+\(?[\w./+-]+\.[chS]:\d{{1,6}}(?:\s\(?discriminator \d{{1,6}}\)?)?\)?"
    rf"(?:\s\[inline\]|\s\(inlined by\))?(?:\s(?P<module>\d{{0,5}}[A-Za-z_][\w-]*))?"
)
_PROSE: Final = re.compile(r"\b[A-Za-z]{2,24}[: ]")
_NUMBERS: Final = later(rf"\[<(?P<address>{_HEX}{{8,16}})>\]")
_HEX_ONLY: Final = re.compile(
    rf"(?:\[{_HEX}{{8,16}}\]\s+){{0,2}}(?P<stale>\?\s+)?0x(?P<address>{_HEX}{{6,16}})(?=\s|$)" + _UNRELIABLE
)
_LONE_ADDRESS: Final = re.compile(
    rf"(?:\[<(?P<address>{_HEX}{{8,16}})>\]|\[{_HEX}{{8,16}}\]\s{{1,4}}\[(?P<ppc>{_HEX}{{8,16}})\])\s*$"
)
_LOWER: Final = rf"(?!{_HEX}{{8,16}}\b|0x)\d{{0,5}}[a-z_][\w-]*"
_LONE_MODULE: Final = later(rf"\[(?P<module>{_LOWER})(?:\s[0-9a-f.…]+)?\]$|\[(?P<open>{_LOWER})$")
MARKER: Final = re.compile(r"<?<(?P<end>/)?(?P<name>#?[A-Z][A-Z_]{1,19}\d?)>>?\s*")
_EXCEPTION: Final = later(r"-{2,3} ?(?:Exception|interrupt):? ?(?P<vector>[0-9a-f]{2,4})?")
# Register dumps inside a trace name symbols too: RIP: 0010:native_safe_halt+0xb/0x10, PC is at, NIP [..] .sym+0x1/0x2
_REGISTERS: Final = (
    "RIP", "EIP", "PC is", "PC :", "LR ", "LR:", "NIP", "pc :", "lr :", "epc ", "ra  ", "ra :", "Krnl PSW", "IAOQ",
)  # fmt: skip
_TITLE: Final = re.compile(r"(?:Call [Tt]race|Backtrace|Stack trace|Call Trace \(cont\)):?\s*")
_SUFFIX: Final = re.compile(r"\.(?:cold|constprop|isra|part|llvm|lto_priv|clone|localalias|ipa|simdclone)\b.*")


def title_end(text: str) -> int:
    """Where the text after "Call Trace:" begins; 0 when the line has no such title."""
    match = _TITLE.match(text)
    return match.end() if match else 0


def clean_symbol(symbol: str) -> str:
    """Without ppc64's function descriptor dot and the compiler's `.cold`, `.constprop.N`, `.isra.N`, `.part.N`."""
    if "." not in symbol:
        return symbol
    return _SUFFIX.sub("", symbol.lstrip(".")) or symbol


def read_frames(text: str) -> list[Entry]:
    """The frames of one line in order; a str is a stack marker (`IRQ`, `/IRQ`, `EOI`, `--- 500`), `CALLEE`,
    or `@addr` for an address whose symbol was wrapped to the next line.

    Raw stack words and register dumps give nothing.
    """
    match = FRAME.match(text)
    if match is not None and match.end() == len(text):
        return [_frame(match)]
    if text.startswith("--"):
        exception = _EXCEPTION.match(text)
        return [f"--- {exception['vector'] or ''}".strip()] if exception else []
    found: list[Entry] = []
    if text[0] in "RELPNKIelpr" and text.startswith(_REGISTERS):
        return found
    if "{" in text or ("<" in text and ">{" in text):
        return _brace_frames(text)
    while text[:1] == "<":
        marker = MARKER.match(text)
        if marker is None:
            break
        found.append(_marker(marker))
        text = text[marker.end() :]
    if not text:
        return found
    if " from" in text and (arm := _from_frames(text)):
        return [*found, *arm]
    begin = _klogd_end(text)
    for match in FRAME.finditer(text, begin):
        if not begin and _PROSE.search(text, 0, match.start()):
            return found  # `WARNING: CPU: 3 PID: 10 at kernel/x.c:1 foo+0x1/0x2`
        marker = MARKER.search(text, begin, match.start())
        if marker is not None:
            found.append(_marker(marker))
        begin = match.end()
        if text[match.start() - 1 : match.start()] != ":":  # RIP: 0010:sym+0xb/0x10
            found.append(_frame(match))
    return found if begin else [*found, *_rare_frames(text)]


def _klogd_end(text: str) -> int:
    """Where the kernel's own words begin: klogd's `[sym+1/2] ` before them may name another symbol, wrongly."""
    if text[0] != "[" or text[1:2] == "<":
        return 0
    klogd = _KLOGD.match(text)
    return klogd.end() if klogd and FRAME.search(text, klogd.end()) and "[" not in text[klogd.end() :][:3] else 0


def _frame(match: re.Match[str]) -> RawFrame:
    address, ppc, stale, prefix, symbol, offset, size, module, unreliable = match.group(
        "address", "ppc", "stale", "prefix", "symbol", "offset", "size", "module", "unreliable"
    )
    where = address or ppc
    return RawFrame(
        clean_symbol(symbol),
        prefix or module,
        int(offset, 16),
        int(size, 16),
        int(where, 16) if where else None,
        stale is None and unreliable is None,
    )


def _marker(match: re.Match[str]) -> str:
    if match[0].startswith("<<") or match["name"] == "EOE":
        return "EOE"
    return f"/{match['name']}" if match["end"] else match["name"]


def _brace_frames(text: str) -> list[Entry]:
    found: list[Entry] = []
    for match in _BRACES.finditer(text):
        if match["marker"]:
            found.append(match["marker"].strip("<>"))
        elif match["bare"]:
            found.append(unnamed(match["bare"]))
        else:
            offset = int(match["offset"]) if match["offset"] else None
            symbol = clean_symbol(match["symbol"])
            found.append(RawFrame(symbol, match["module"], offset, None, int(match["address"], 16), True))
    return found


def _from_frames(text: str) -> list[Entry]:
    """ARM's `callee from caller`. An offset of the callee is printed as 0x0 by 2.6-3.10's frame-pointer unwinder."""
    match = _FROM.search(text)
    if match is None:
        return []
    callee = RawFrame(clean_symbol(match["callee"]), match["module"], None, None, None, True)
    if match["at"] and match["of"] and int(match["at"], 16):
        where = int(match["address"], 16) if match["address"] else None
        callee = callee._replace(offset=int(match["at"], 16), size=int(match["of"], 16), address=where)
    caller = FRAME.search(text, match.end())
    return [CALLEE, callee] if caller is None else [CALLEE, callee, _frame(caller)]


def _rare_frames(text: str) -> list[Entry]:
    klogd = [_klogd_frame(match) for match in _KLOGD.finditer(text)] if "[" in text and "+" in text else []
    if klogd:
        return list(klogd)
    lone = _LONE_ADDRESS.match(text)
    if lone is not None:
        return [f"@{lone['address'] or lone['ppc']}"]
    if "[<" in text:
        return [unnamed(match["address"]) for match in _NUMBERS.finditer(text)]
    match = _HEX_ONLY.match(text)
    if match is not None:
        return [unnamed(match["address"])._replace(reliable=not (match["stale"] or match["unreliable"]))]
    if ":" in text:
        match = _DECODED.match(text)
        if match is not None:
            symbol = clean_symbol(match["symbol"])
            return [RawFrame(symbol, match["module"], None, None, None, match["stale"] is None)]
    return []


def _klogd_frame(match: re.Match[str]) -> RawFrame:
    offset, size = _number(match["offset"]), _number(match["size"])
    return RawFrame(clean_symbol(match["symbol"]), match["module"], offset, size, None, True)


def _number(text: str) -> int:
    return int(text, 16) if text.startswith("0x") else int(text)


def unnamed(address: str) -> RawFrame:
    """A frame of a kernel without symbols, or outside every symbol."""
    number = int(address, 16)
    return RawFrame(f"0x{number:x}", None, None, None, number, True)


def lone_module(text: str) -> str | None:
    """The module of a `[mod]` that mail wrapping moved to a line of its own."""
    match = _LONE_MODULE.match(text)
    return (match["module"] or match["open"]) if match else None
