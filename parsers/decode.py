"""Bytes of a page → its text. What the bytes are beats what is said of them.

The order of evidence: a byte order mark, the zeros of UTF-16, strict UTF-8, and then how Chinese the text
becomes when it is read as UTF-8, GB18030 or Big5. A declaration only decides where the readings are equally
good.
"""

import re
from dataclasses import dataclass, replace

from parsers.charset import declared_charset, family
from parsers.hanzi import REPLACEMENT, common_count, strangeness
from parsers.mend import may_hold_utf8, mend
from parsers.records import Decoded, Finding

_UTF8, _GB, _BIG5, _LATIN = "utf-8", "gb18030", "big5hkscs", "windows-1252"

# Longest first: the mark of UTF-32-LE begins with that of UTF-16-LE.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", _UTF8),
    (b"\x84\x31\x95\x33", _GB),
)

# First bytes of files that get saved under a page's name.
_SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (DOC, XLS)"),
    (b"PK\x03\x04", "a ZIP archive (DOCX, XLSX, OFD)"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b\x08", "gzip data"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
)

_TAG = re.compile(rb"<[A-Za-z/!?]")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_SYNC = re.compile(rb"[<>\n]")
_HIGH_RUN = re.compile(rb"[\x80-\xff][^<>\n]*")
_IDEOGRAPH = re.compile("[\u0800-\U0010ffff]")

# Control characters: XML forbids them, and neither codec uses them inside a character. Line ends become \n.
_CONTROLS = bytes((*range(1, 9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_TO_TEXT = bytes.maketrans(_CONTROLS + b"\r", b" " * len(_CONTROLS) + b"\n")
# Noise has one control byte in nine, text has none; a few strays are no proof.
_NOISE_SHARE, _NOISE_COUNT = 0.05, 8

# C1 controls are Windows-1252 punctuation that went through Latin-1 (HTML reads &#150; the same way).
_C1 = re.compile("[\x80-\x9f]")
_C1_BYTES = re.compile(b"\xc2[\x80-\x9f]")
_C1_TEXT = {code: bytes((code,)).decode("cp1252", "ignore") or " " for code in range(0x80, 0xA0)}
# Non-characters become spaces, byte order marks of joined files vanish, and the GBK code that browsers read
# as an ideographic space does so here.
_ODD = {"\ufffe": " ", "\uffff": " ", "\ufeff": "", "\ue5e5": "\u3000"}

# Mean weights of a reading. On the development pages the right codec gives 0.46 at most, a wrong one 1.69 at
# least: below the first limit no other reading is tried, above the second there is no Chinese.
_CHINESE, _NOT_CHINESE = 0.9, 1.6
_COMMON_ENOUGH = 10
# Western text has more ASCII than this; noise has half.
_WESTERN_SHARE = 0.9
_HIGH = bytes(range(0x80, 0x100))
_SAMPLE_BYTES = 700


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text by `codec` ('' for none), counts: see `mend.Mended`; `cut`: its last character is incomplete."""

    text: str
    codec: str
    replaced: int = 0
    foreign: int = 0
    cut: bool = False


def decode(data: bytes, *, charset: str = "", media_type: str = "") -> Decoded:
    r"""Read the text of a page from its bytes, whatever charset it claims.

    `charset` and `media_type` are what the transport said ('' when unknown). Lines end in \n; control
    characters are spaces, NUL bytes and byte order marks are gone. Where they are no text, the text is ''
    and a finding `undecodable`. Never raises; time and memory are linear in the bytes.

    >>> decode("政府信息公开年报".encode("gbk"), charset="utf-8").used
    'gb18030'
    """
    wide = _wide_codec(data)
    plain = data.decode(wide, "replace").encode() if wide else data
    mark, marked = _mark(plain)
    plain = plain.removeprefix(mark)
    declared = declared_charset(charset, media_type, plain)
    what = next((name for signature, name in _SIGNATURES if data.startswith(signature)), "")
    reading = _Reading("", "") if what else _read(plain, marked or family(declared))
    if not reading.codec:
        detail = f"the bytes are {what or 'neither mark-up nor text in any charset of Chinese pages'}"
        return Decoded("", declared, "", 0, (Finding("undecodable", "page", detail),))
    if wide:
        reading = _count_wide(data, wide, reading)
    findings = (*_byte_findings(reading, declared, plain), *_mojibake(reading))
    return Decoded(reading.text, declared, reading.codec, reading.replaced, findings)


def _mark(data: bytes) -> tuple[bytes, str]:
    return next(((mark, codec) for mark, codec in _MARKS if data.startswith(mark)), (b"", ""))


def _wide_codec(data: bytes) -> str:
    """Name the UTF-16 or UTF-32 that the page is in; '' for every other page."""
    head = data[: 1 << 16]
    marked = _mark(data)[1]
    guess = marked if marked.startswith(("utf-16", "utf-32")) else _guess_wide(head) if b"\0" in head else ""
    if not guess or (guess == marked and not _TAG.search(head)):
        return guess
    # The halves of an ideograph can look like a tag, and stray zeros like UTF-16: what counts is the text.
    text = head[:_SAMPLE_BYTES].decode(guess, "replace").removeprefix("\ufeff")
    return guess if strangeness(text) < _NOT_CHINESE else ""


def _guess_wide(head: bytes) -> str:
    """Tell by the places of its zeros which wide codec mark-up may be in."""
    zeros = [head[offset::4].count(0) * 4 / len(head) for offset in range(4)]
    guesses = (
        ("utf-32-le", min(zeros[2:]) > 0.9 > zeros[0]),
        ("utf-32-be", min(zeros[:2]) > 0.9 > zeros[3]),
        ("utf-16-le", min(zeros[1::2]) > 0.02 and max(zeros[::2]) * 10 <= min(zeros[1::2])),
        ("utf-16-be", min(zeros[::2]) > 0.02 and max(zeros[1::2]) * 10 <= min(zeros[::2])),
    )
    return next((codec for codec, fits in guesses if fits), "")


def _count_wide(data: bytes, codec: str, reading: _Reading) -> _Reading:
    replaced = reading.text.count(REPLACEMENT) - data.decode(codec, "ignore").count(REPLACEMENT)
    width = 4 if codec.startswith("utf-32") else 2
    return _Reading(reading.text, codec, replaced, cut=len(data) % width > 0)


def _read(data: bytes, hint: str) -> _Reading:
    """Read by the codec that the bytes bear out; `hint` is the family that is declared or marked."""
    clean = _clean(data)
    whole = _read_strictly(clean, _UTF8)
    if not (whole and _IDEOGRAPH.search(whole.text)):
        if _is_noise(data):
            return _Reading("", "")
        codec = _referee(clean, hint, whole)
        if not (codec == _UTF8 and whole):
            return _read_legacy(clean, codec, hint)
    return replace(whole, text=_tidy(whole.text, clean), codec="ascii" if clean.isascii() else _UTF8)


def _clean(data: bytes) -> bytes:
    # One pass does it all, unless a carriage return stands alone; it is faster where nothing is to be left out.
    returns = b"\r" in data
    if not returns and b"\0" not in data:
        return data.translate(_TO_TEXT)
    if returns and _LONE_RETURN.search(data):
        return data.replace(b"\r\n", b"\n").translate(_TO_TEXT, b"\0")
    return data.translate(_TO_TEXT, b"\0\r")


def _is_noise(data: bytes) -> bool:
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls > max(_NOISE_COUNT, len(data) * _NOISE_SHARE) or (b"\0" in data and not data.strip(b"\0"))


def _read_legacy(data: bytes, codec: str, hint: str) -> _Reading:
    if codec in {_LATIN, ""}:
        text = data.decode(_LATIN, "replace") if codec else ""
        return _Reading(text, codec, text.count(REPLACEMENT))
    reading = _read_strictly(data, codec)
    if not reading or may_hold_utf8(data):
        reading = _read_damaged(data, codec, hint)
    return replace(reading, text=_tidy(reading.text, b""))


def _read_strictly(data: bytes, codec: str) -> _Reading | None:
    """Decode when every byte fits, but for a character that the end of the page cuts; else None."""
    try:
        return _Reading(data.decode(codec), codec)
    except UnicodeDecodeError as error:
        if not _is_cut(error):
            return None
        text = data[: error.start].decode(codec)
        return _Reading(text + REPLACEMENT, codec, 1, 0, cut=True)


def _is_cut(error: UnicodeDecodeError) -> bool:
    return error.reason in {"unexpected end of data", "incomplete multibyte sequence"}


def _read_damaged(data: bytes, codec: str, hint: str) -> _Reading:
    other = _UTF8
    if codec == _UTF8:
        other = _BIG5 if hint == "big5" else _GB
    last = max(data.rfind(mark) for mark in (b"<", b">", b"\n")) + 1
    tail = _read_strictly(data[last:], codec)
    cut = bool(tail and tail.cut)
    mended = mend(data, codec, other)
    return _Reading(mended.text, codec, mended.replaced, mended.foreign, cut)


def _referee(data: bytes, hint: str, whole: _Reading | None) -> str:
    """Name the codec under which a sample of the page is most Chinese; '' when the page is no text."""
    sample = _sample(data)
    if whole:
        # Valid UTF-8 without one ideograph: either not Chinese at all, or short GBK text that looks like it.
        legacy = sample.decode(_GB, "replace")
        enough = 3 if hint == "gb18030" else 4
        return _GB if common_count(legacy) >= enough and strangeness(legacy) < 1 else _UTF8
    codecs = sorted((_UTF8, _GB, _BIG5), key=lambda codec: family(codec) != hint)
    marks = {}
    for codec in codecs:
        marks[codec] = strangeness(sample.decode(codec, "replace"))
        if marks[codec] < _CHINESE:
            return codec
    best = min(codecs, key=lambda codec: round(marks[codec], 1))
    claimed = next((codec for codec in codecs if family(codec) == hint), "")
    if marks[best] < _NOT_CHINESE or (claimed and _read_strictly(sample, claimed)):
        return best if marks[best] < _NOT_CHINESE else claimed
    tags = _TAG.search(data)
    # Half a page in one charset and half in another is strange in both, and yet Chinese.
    if tags and common_count(sample.decode(best, "replace")) > _COMMON_ENOUGH:
        return best
    if len(data.translate(None, _HIGH)) > len(data) * _WESTERN_SHARE:
        return _LATIN
    return best if tags else ""


def _sample(data: bytes) -> bytes:
    """Take runs beyond ASCII from three places of the page, each begun at a character."""
    pieces: list[bytes] = []
    for third in range(3):
        start = third * len(data) // 3
        sync = _SYNC.search(data, start) if third else None
        if third and not sync:
            break
        size = 0
        for found in _HIGH_RUN.finditer(data, sync.start() if sync else 0):
            piece = data[found.start() : min(found.end(), found.start() + _SAMPLE_BYTES - size)]
            pieces.append(piece)
            size += len(piece)
            if size >= _SAMPLE_BYTES:
                break
    return b"\n".join(pieces)


def _tidy(text: str, utf8: bytes) -> str:
    for odd, plain in _ODD.items():
        if odd in text:
            text = text.replace(odd, plain)
    # Looking at the bytes first is forty times faster than substituting nothing.
    if b"\xc2" in utf8 and _C1_BYTES.search(utf8):
        text = _C1.sub(lambda found: _C1_TEXT[ord(found.group())], text)
    return text


def _byte_findings(reading: _Reading, declared: str, data: bytes) -> list[Finding]:
    findings = []
    compatible = reading.codec == "ascii" and not family(declared).startswith(("utf-16", "utf-32"))
    if declared and not compatible and family(reading.codec) != family(declared):
        findings.append(("charset_lied", f"the page claims {declared}, its bytes are {reading.codec}"))
    if reading.foreign:
        findings.append(("mixed_encoding", f"{reading.foreign} characters are not {reading.codec} as the rest"))
    if reading.cut:
        findings.append(("truncated_character", "the page ends in the middle of a character"))
    if reading.replaced > int(reading.cut):
        findings.append(("bytes_replaced", f"{reading.replaced} characters cannot be read: {REPLACEMENT}"))
    if b"\0" in data:
        findings.append(("nul_removed", f"{data.count(0)} NUL bytes were removed"))
    return [Finding(code, "page", detail) for code, detail in findings]


# Text that was decoded wrongly before it was published: what full-width punctuation becomes, the codec that
# undoes the error, the codec it should have been read with. Every page has punctuation, none has its ruins.
_RUINS = (
    ("，".encode()[:2].decode(_GB), _GB, _UTF8),
    ("。".encode()[:2].decode(_GB), _GB, _UTF8),
    ("，".encode()[:2].decode(_LATIN), _LATIN, _UTF8),
    ("。".encode()[:2].decode(_LATIN), _LATIN, _UTF8),
    ("，".encode(_GB).decode(_LATIN), _LATIN, _GB),
    ("。".encode(_GB).decode(_LATIN), _LATIN, _GB),
)
_LOST_TWICE = (REPLACEMENT * 2).encode().decode(_GB)
_MOJIBAKE_WINDOW, _MOJIBAKE_LOOKS = 60, 5


def _mojibake(reading: _Reading) -> list[Finding]:
    """Report characters that were ruined before publication; they are never repaired."""
    details = []
    # Most pages do not hold its first character, and one character is found faster than several.
    lost_twice = _LOST_TWICE[0] in reading.text and _LOST_TWICE in reading.text
    if lost_twice or (REPLACEMENT in reading.text and _prints_lost(reading)):
        details.append("characters were lost before the page was published; it prints their replacement")
    for ruin, wrong, right in _RUINS:
        if ruin[0] in reading.text and _undoes(reading.text, ruin, wrong, right):
            details.append(f"{right} text was read as {wrong} before publication: it prints {ruin!r}")
    return [Finding("mojibake", "page", detail) for detail in details[:2]]


def _prints_lost(reading: _Reading) -> bool:
    return reading.text.count(REPLACEMENT) > reading.replaced


def _undoes(text: str, ruin: str, wrong: str, right: str) -> bool:
    place = -1
    for _ in range(_MOJIBAKE_LOOKS):
        place = text.find(ruin, place + 1)
        if place < 0:
            return False
        around = text[max(0, place - _MOJIBAKE_WINDOW) : place + _MOJIBAKE_WINDOW]
        if common_count(around.encode(wrong, "ignore").decode(right, "ignore")) > 2:
            return True
    return False
