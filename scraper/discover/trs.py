"""Paging as pages of the TRS content management print it: a call that a script would turn into links.

The call stands in many shapes; what is common to them is a number of pages, the number of this page, and the name and
the ending of the files:

    createPageHTML(12, 0, "index", "shtml")            page 0 is index.shtml, page n is index_n.shtml
    createPageHTML('page_div', 12, 1, 'list', 'htm')   page 1 is list.htm, page n is list_n.htm
    var countPage = 12; var currentPage = 0; …         the same as the first, written out on the page
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

WINDOW = 50
"""So many pages before and after this one are named at once; those further on are named by the last of them."""

_CALL = re.compile(r"createPageHTML\s*\(([^()<>]{3,400})\)", re.IGNORECASE)
_VARIABLE = re.compile(r"\b(\w{1,40})\s*=\s*['\"]?(\d{1,7})\b['\"]?\s*(?:[;,/\r\n]|$)")
_COUNT, _CURRENT = "countPage", "currentPage"
# Where it is written out, a name ends before `_"` and an ending follows: `"index"+"_" + nextPage + "."+"shtml"`.
_JOINT = re.compile(r"_['\"]\s{0,9}\+")
_BEFORE = re.compile(r"([\w-]{1,80})(?:\\?['\"]\s{0,9}\+\s{0,9}['\"])?\Z")
_BEHIND = re.compile(r"\b(s?html?|jsp|aspx?|php)\b")
_AROUND = 100
_MOST_JOINTS = 200  # links put together behind the variables: scripts seen have ten
_NAME = re.compile(r"[\w./%~-]{1,200}")
_EXT = re.compile(r"\w{1,8}")
_NUMBER = re.compile(r"\d{1,7}")
_NUMBERED = re.compile(r"(?P<stem>.+)_(?P<number>\d{1,7})")


@dataclass(frozen=True, slots=True)
class _Call:
    """One call: the number of pages, that of this page, the files, and whether the id of a box came first."""

    count: int
    current: int
    name: str
    ext: str
    boxed: bool


def trs_pages(text: str, url: str) -> tuple[str, ...]:
    """The files of the other pages as references, in order; () for a page without such a call.

    Pages further than `WINDOW` away are left to the pages in between. A page that counts without end is therefore
    followed in steps, and the rule of `Courses` ends it.
    """
    pages: dict[str, None] = {}
    for call in _calls(text):
        pages.update(dict.fromkeys(_files(call, url)))
    return tuple(pages)


def trs_parts(text: str, url: str) -> tuple[str, ...]:
    """The same for an article in several parts: only calls that name the article's own file."""
    stem, _number = file_of(url)
    own = {stem} | ({match["stem"]} if (match := _NUMBERED.fullmatch(stem)) else set())
    pages: dict[str, None] = {}
    for call in _calls(text):
        if call.name.rpartition("/")[2] in own:
            pages.update(dict.fromkeys(_files(call, url)))
    return tuple(pages)


def file_of(url: str) -> tuple[str, str]:
    """The name and the ending of the file that an address ends in, both '' for a folder.

    >>> file_of("http://www.example.gov.cn/xxgk/index_2.shtml")
    ('index_2', 'shtml')
    """
    name = urlsplit(url).path.rpartition("/")[2]
    stem, _dot, ext = name.rpartition(".")
    return (stem, ext) if stem else (name, "")


def _files(call: _Call, url: str) -> Iterator[str]:
    first, current = _place(call, url)
    last = first + call.count - 1
    for number in range(max(first, current - WINDOW), min(last, current + WINDOW) + 1):
        if number != current:
            yield f"{call.name}.{call.ext}" if number == first else f"{call.name}_{number}.{call.ext}"


def _place(call: _Call, url: str) -> tuple[int, int]:
    """The number of the first page and that of this one: the address says what the call leaves open."""
    match = _NUMBERED.fullmatch(file_of(url)[0])
    numbered = match is not None and match["stem"] == call.name.rpartition("/")[2]
    # The first page, whose file has no number, says by its own where the count begins.
    first = call.current if not numbered and call.current in (0, 1) else int(call.boxed)
    return first, call.current


def _calls(text: str) -> Iterator[_Call]:
    variables: dict[str, str] | None = None
    for match in _CALL.finditer(text):
        values = [value.strip().strip("'\"\\").strip() for value in match[1].split(",")]
        if variables is None:
            variables = dict(_VARIABLE.findall(text))
        call = _call([variables.get(value, value) for value in values])
        if call:
            yield call
    if _COUNT in text and _CURRENT in text:
        yield from _written(text, variables if variables is not None else dict(_VARIABLE.findall(text)))


def _written(text: str, variables: dict[str, str]) -> Iterator[_Call]:
    """The call that is written out on the page: two numbers under their names, then links put together from pieces."""
    if _COUNT not in variables or _CURRENT not in variables:
        return
    for joint in islice(_JOINT.finditer(text, text.find(_COUNT)), _MOST_JOINTS):
        name = _BEFORE.search(text[max(joint.start() - _AROUND, 0) : joint.start()])
        ext = _BEHIND.search(text[joint.end() : joint.end() + _AROUND])
        if name and ext:
            yield _Call(int(variables[_COUNT]), int(variables[_CURRENT]), name[1], ext[1], boxed=False)
            return


def _call(values: list[str]) -> _Call | None:
    """Two numbers and two words after one another; what stands before and behind them differs from site to site."""
    for at in range(min(2, len(values) - 3)):
        count, current, name, ext = values[at : at + 4]
        if _NUMBER.fullmatch(count) and _NUMBER.fullmatch(current) and _NAME.fullmatch(name) and _EXT.fullmatch(ext):
            return _Call(int(count), int(current), name, ext, boxed=at > 0)
    return None
