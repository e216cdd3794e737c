"""From bytes to text, in the order of belief: mark or zero bytes, UTF-8, the declaration if the bytes decode, windows-1252."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_STRONG = re.compile(r"iso-?2022|utf-?7\b|gb|euc|big5|shift|sjis|cp93[26]|cp949|cp950|ks_c|hz", re.I)
"""Escape and double-byte charsets: their bytes can look like UTF-8, so their declaration is believed if the bytes decode."""
_NO_CHARSETS = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"}
"""Python's codecs that are no charset of a document."""
_DECLARED = (
    re.compile(rb"""^[^<]{0,200}<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']"""),
    re.compile(rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I),
)


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of the data. `declared` is what a transport says (a mail part), else the document's own declaration is read."""
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(marked, "replace")
    wide = _by_zero_bytes(data)
    if wide:
        return data.decode(wide, "replace")
    declared = declared or declared_in(data)
    name = _known(declared)
    if name and _STRONG.search(declared or ""):
        text = _try(data, name)
        if text is not None:
            return text
    text = _utf8(data)
    if text is not None:
        return text
    if name and not name.startswith(("utf-16", "utf-32", "utf_16", "utf_32", "utf-8", "ascii")):
        text = _try(data, "cp1252" if name == "iso8859-1" and _HAS_C1.search(data) else name)
        if text is not None:
            return text
    return data.decode("cp1252", "windows-1252-or-latin-1")


def declared_in(data: bytes) -> str | None:
    """The charset that the document declares in its first 2 kB."""
    head = data[:2048]
    found = next((match for pattern in _DECLARED if (match := pattern.search(head))), None)
    return found[1].decode("ascii", "replace") if found else None


_HAS_C1 = re.compile(rb"[\x80-\x9f]")


def _known(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name).name if name else None
    except (LookupError, ValueError):
        return None
    return None if (found or "").replace("-", "_") in _NO_CHARSETS else found


def _try(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _utf8(data: bytes) -> str | None:
    """The text if all is UTF-8. A last character that is cut off does not count against it where others are whole."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(data, final=False)
    except UnicodeDecodeError:
        return None
    return None if decoder.getstate()[0] and text.isascii() else text


def _by_zero_bytes(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: ASCII characters leave zero bytes at every second or at three of four places."""
    head = data[:256]
    if len(head) < 4 or head.count(0) * 4 < len(head) or len(data) % 2:
        return None
    zeros = [head[place::4].count(0) * 4 >= len(head) * 0.6 for place in range(4)]
    patterns = {
        (True, True, True, False): "utf-32-be",
        (False, True, True, True): "utf-32-le",
        (True, False, True, False): "utf-16-be",
        (False, True, False, True): "utf-16-le",
    }
    return patterns.get((zeros[0], zeros[1], zeros[2], zeros[3]))


def _latin(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that windows-1252 leaves undefined stand for themselves."""
    if isinstance(error, UnicodeDecodeError):
        return error.object[error.start : error.end].decode("latin-1"), error.end
    raise error


codecs.register_error("windows-1252-or-latin-1", _latin)
