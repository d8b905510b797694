"""Text of a page that no codec reads from end to end: includes in another charset, bytes lost or added.

Every codec a Chinese page may be in leaves `<`, `>` and line ends alone, so the page is cut there, and a
fault stays in its own segment. Within a segment the cheapest way through the bytes is sought: each step reads
one character with the page's codec or with the other one, or gives up a byte.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from parsers.hanzi import COMMON, LOST, PLAIN, RARE, REPLACEMENT, common_count, strangeness, weights

_SEGMENT = re.compile(rb"[<>\n]*[^<>\n]*")

# Bytes by their part in a UTF-8 ideograph: L leads, C continues, H is some other byte beyond ASCII.
_PARTS = b"." * 0x80 + b"C" * 0x40 + b"H" * 34 + b"L" * 8 + b"H" * 5 + b"L" + b"H" * 16
_LONG_SEQUENCE = re.compile(rb"[\xe0-\xf4]")

# What it weighs to begin reading with the other codec. Three bytes that make one ideograph of UTF-8 are proof
# beside any damage; but one common pair of GBK must not beat two lost bytes of UTF-8, only two pairs may.
_SWITCH = {"utf-8": LOST - PLAIN, "gb18030": LOST + PLAIN, "big5hkscs": LOST + PLAIN}

# A reading of letters as second bytes is only believed where the character is a common one.
_ATE_A_LETTER = RARE

# Seeking the way costs 3 µs a byte. A page has a few damaged places; beyond this many bytes it is damage of
# another kind, and plain replacement has to do.
_SEEK_BYTES = 1 << 17


@dataclass(frozen=True, slots=True)
class Mended:
    """A text; how many of its characters stand for bytes given up, how many are not of the main codec."""

    text: str
    replaced: int
    foreign: int


def may_hold_utf8(data: bytes) -> bool:
    """Tell whether two ideographs of UTF-8 stand in the bytes, before a third or at the end of a run.

    GBK text looks so by chance now and then, so it is only a suspicion.
    """
    parts = data.translate(_PARTS) + b"."
    return b"LCCLCCL" in parts or b"LCCLCC." in parts


def mend(data: bytes, main: str, other: str) -> Mended:
    """Read the page with codec `main`, and segments or runs that prove it with `other`. One of both is utf-8.

    Time and memory are linear in the bytes, whatever they are.
    """
    texts: list[str] = []
    replaced = foreign = 0
    budget = _SEEK_BYTES
    for found in _SEGMENT.finditer(data):
        segment = found.group()
        part = _read_whole(segment, main, other)
        if part is None and len(segment) <= budget:
            budget -= len(segment)
            part = _seek(segment, main, other)
        part = part or _replace(segment, main)
        texts.append(part.text)
        replaced += part.replaced
        foreign += part.foreign
    return Mended("".join(texts), replaced, foreign)


def _read_whole(segment: bytes, main: str, other: str) -> Mended | None:
    """Read the segment by one codec without loss; None where that is not beyond doubt."""
    if segment.isascii():
        return Mended(segment.decode("ascii"), 0, 0)
    text = _strictly(segment, main)
    # Two-byte sequences of UTF-8 are ideographs of GBK: `ͳһ` is 统一.
    doubtful = may_hold_utf8(segment) if main != "utf-8" else not _LONG_SEQUENCE.search(segment)
    if text is not None and not doubtful:
        return Mended(text, 0, 0)
    foreign = _strictly(segment, other)
    if foreign is not None and strangeness(foreign) <= 1:
        # Against lost bytes one pair of GBK proves nothing; against letters that no page has, one common one does.
        enough = 0 if other == "utf-8" else 1 if text is not None else 2
        if common_count(foreign) >= enough and (text is None or strangeness(text) > strangeness(foreign)):
            return Mended(foreign, 0, sum(char > "\x7f" for char in foreign))
        return Mended(text, 0, 0) if text is not None else None
    return Mended(text, 0, 0) if text is not None and main == "utf-8" else None


def _strictly(segment: bytes, codec: str) -> str | None:
    try:
        return segment.decode(codec)
    except UnicodeDecodeError:
        return None


def _replace(segment: bytes, codec: str) -> Mended:
    text = segment.decode(codec, "replace")
    # The page may print the replacement character itself: what `ignore` leaves of it is not ours.
    own = segment.decode(codec, "ignore").count(REPLACEMENT)
    return Mended(text, text.count(REPLACEMENT) - own, 0)


@dataclass(frozen=True, slots=True)
class _Step:
    """One way on from a place: bytes taken, text they give, what it weighs, characters given up."""

    size: int
    text: str
    weight: int
    lost: int = 0


def _seek(segment: bytes, main: str, other: str) -> Mended:
    """Find the cheapest way through the segment (Viterbi; the states: reading by `main`, by `other`)."""
    codecs = (main, other)
    price_of_other = _SWITCH[other]
    far = LOST * len(segment) + price_of_other + 1
    weight = [[far] * (len(segment) + 1) for _ in codecs]
    # Where each place was best reached from: (place, state, step), step None for a change of codec.
    back: list[list[tuple[int, int, _Step | None]]] = [[(0, 0, None)] * (len(segment) + 1) for _ in codecs]
    weight[0][0] = 0
    for place in range(len(segment) + 1):
        for state, other_state, price in ((1, 0, price_of_other), (0, 1, 0)):
            if weight[other_state][place] + price < weight[state][place]:
                weight[state][place] = weight[other_state][place] + price
                back[state][place] = (place, other_state, None)
        if place == len(segment):
            break
        for state, codec in enumerate(codecs):
            for step in _steps(segment[place : place + 4], codec):
                total, reached = weight[state][place] + step.weight, place + step.size
                if total < weight[state][reached]:
                    weight[state][reached] = total
                    back[state][reached] = (place, state, step)
    return _walk_back(back)


def _walk_back(back: list[list[tuple[int, int, _Step | None]]]) -> Mended:
    texts: list[str] = []
    replaced = foreign = state = 0
    place = len(back[0]) - 1
    while place or state:
        place, came_from, step = back[state][place]
        if step:
            texts.append(step.text)
            replaced += step.lost
            single = step.size == 1 and not step.lost
            foreign += int(step.text > "\x7f" and (single or (state == 1 and not step.lost)))
        state = came_from
    return Mended("".join(reversed(texts)), replaced, foreign)


@lru_cache(maxsize=1 << 12)
def _steps(ahead: bytes, codec: str) -> tuple[_Step, ...]:
    """List all ways to read on from the next four bytes."""
    if ahead[0] < 0x80:
        return (_Step(1, chr(ahead[0]), 0),)
    ways = _utf8_steps(ahead) if codec == "utf-8" else _legacy_steps(ahead, codec)
    return (*ways, _Step(1, REPLACEMENT, LOST, 1))


def _utf8_steps(ahead: bytes) -> Iterator[_Step]:
    size = 2 if 0xC2 <= ahead[0] <= 0xDF else 3 if 0xE0 <= ahead[0] <= 0xEF else 4
    following = next((n for n, byte in enumerate(ahead[1:]) if not 0x80 <= byte <= 0xBF), len(ahead) - 1)
    char = _strictly(ahead[:size], "utf-8") if ahead[0] >= 0xC2 else None
    if char is not None and len(char) == 1:
        yield _Step(size, char, weights()[char] if char != REPLACEMENT else PLAIN)
    elif 0xC2 <= ahead[0] <= 0xF4 and following < size - 1:
        yield _Step(1 + following, REPLACEMENT, LOST, 1)
    elif ahead[0] <= 0xBF:
        # What is left of a character whose first byte is gone: one loss, however many bytes remain.
        for orphans in range(2, min(following + 1, 3) + 1):
            yield _Step(orphans, REPLACEMENT * orphans, LOST + PLAIN * (orphans - 1), orphans)
        # A quote or a dash of Windows-1252, pasted into a page of UTF-8.
        pasted = ahead[:1].decode("cp1252", "ignore") if ahead[0] <= 0xA0 else ""
        if pasted:
            yield _Step(1, pasted, RARE)


def _legacy_steps(ahead: bytes, codec: str) -> Iterator[_Step]:
    for size in (2, 4):
        char = _strictly(ahead[:size], codec) if len(ahead) >= size else None
        if char is None or len(char) != 1:
            continue
        weight = weights()[char] if size == 2 else LOST
        if codec == "gb18030" and ahead[1] < 0x80 and weight > COMMON:
            weight += _ATE_A_LETTER
        yield _Step(size, char, weight)
