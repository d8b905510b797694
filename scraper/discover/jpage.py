"""Lists of the hanweb content management: records as XML inside a script, further ones from `dataproxy.jsp`.

A page holds `<datastore><nextgroup>…</nextgroup><recordset><record><![CDATA[<li>…</li>]]></record>…`, which a script
would print in portions; further groups come from a proxy that answers with such XML alone. Where `nextgroup` holds a
link, that link is followed: the system prints it for those who run no scripts. Where it does not, the request is made
of what the page gives to the script (`totalRecord`, `perPage`, `groupSize`, `ajaxParam`).
"""

import html
import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode, urlsplit

from scraper.discover.records import Records, alone

WINDOW = 50
"""So many groups of records are asked for at once; those further on are named by the answers."""

_STORE = re.compile(r"<datastore\b", re.IGNORECASE)
_STORE_END = re.compile(r"<\\?/datastore\b", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script\s*>", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*\\?[\"']([^\"'<>]{1,2000}?)\\?[\"']", re.IGNORECASE)
_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,9})", re.IGNORECASE)
_TOTAL_PAGES = re.compile(r"<totalpage>\s*(\d{1,9})", re.IGNORECASE)
_PAGE_TAG = re.compile(r"<(?:html|body|script|div)\b", re.IGNORECASE)
_SETUP = re.compile(r"\.jpage\s*\(")
_SETUP_CHARS = 4000  # of a setup so many characters are read; those seen have 600
_NUMBER_OF = re.compile(r"\b(total|perPage|groupSize)(?:Record)?\s*:\s*['\"]?(\d{1,9})")
_PROXY = re.compile(r"\bproxyUrl\s*:\s*(['\"])([^'\"<>\s]{1,500})\1")
_PARAM = re.compile(r"\b(?:ajax|data)Param\s*:\s*(\{[^{}]{0,2000}\}|\w{1,60})")
_PAIR = re.compile(r"['\"]?(\w{1,40})['\"]?\s*:\s*(?:'([^'\r\n]{0,300})'|\"([^\"\r\n]{0,300})\"|(-?\w{1,60}))")
_PROXY_URL = "/module/web/jpage/dataproxy.jsp"


def read_records(text: str, *, url: str, title: str) -> Records:
    """Make the records visible and say where further ones are. `title` heads an answer that is nothing but records."""
    store = _STORE.search(text)
    if not store:
        return Records("", tuple(_requests(text, 0)))
    records = list(_between(text, "record"))
    bare = not _PAGE_TAG.search(text, 0, store.start())
    listed = _listed(records)
    shown = alone(listed, title) if bare else _inserted(text, listed)
    following = dict.fromkeys([*_next_groups(text), *(_following(text, url, len(records)) if bare else ())])
    if not following and not bare:
        following = dict.fromkeys(_requests(text, len(records)))
    return Records(shown, tuple(following) if records or not bare else ())


def _listed(records: list[str]) -> str:
    if records and records[0].lstrip()[:3].lower() == "<tr":
        return f"<table>{''.join(records)}</table>"
    return f"<ul>{''.join(records)}</ul>"


def _inserted(text: str, listed: str) -> str:
    """The page with the records behind the script that holds them."""
    last = max((match.start() for match in _STORE_END.finditer(text)), default=0)
    end = _SCRIPT_END.search(text, last)
    at = end.end() if end else len(text)
    return f"{text[:at]}{listed}{text[at:]}"


def _between(text: str, tag: str) -> Iterator[str]:
    """What stands in each element of this name, CDATA and references resolved; one that does not end is none."""
    opening, closing = re.compile(f"<{tag}>", re.IGNORECASE), re.compile(rf"<\\?/{tag}>", re.IGNORECASE)
    start = opening.search(text)
    while start:
        end = closing.search(text, start.end())
        if not end:
            return
        yield _content(text[start.end() : end.start()])
        start = opening.search(text, end.end())


def _content(raw: str) -> str:
    raw = raw.strip()
    if raw[:9].upper() == "<![CDATA[":
        raw = raw[9:].rpartition("]]")[0] if "]]" in raw else raw[9:]
    elif "<" not in raw:
        raw = html.unescape(raw)
    # Inside the string of a script, quotes and slashes are escaped.
    return raw.replace("\\/", "/").replace('\\"', '"').replace("\\'", "'") if "\\" in raw else raw


def _next_groups(text: str) -> Iterator[str]:
    """Links to the next group; one past the last page that the answer counts leads nowhere."""
    total = _TOTAL_PAGES.search(text)
    for group in _between(text, "nextgroup"):
        match = _HREF.search(group)
        if not match:
            continue
        href = html.unescape(match[1])
        page = dict(parse_qsl(urlsplit(href).query)).get("page", "") if _is_split(href) else ""
        if not (total and page.isdecimal() and int(page) > int(total[1])):
            yield href


def _is_split(href: str) -> bool:
    try:
        urlsplit(href)
    except ValueError:
        return False
    return True


def _following(text: str, url: str, found: int) -> Iterator[str]:
    """From the request that this is the answer to, the requests for what comes after it."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    asked = {name: int(value) for name, value in query if value.isdecimal() and len(value) < 10}
    total, pages = _TOTAL.search(text), _TOTAL_PAGES.search(text)
    if found and "startrecord" in asked and "endrecord" in asked and total:
        step = asked["endrecord"] - asked["startrecord"] + 1
        rest = [pair for pair in query if pair[0] not in ("startrecord", "endrecord")]
        for window in _groups(asked["endrecord"] + 1, step, int(total[1])):
            yield f"{parts.path}?{urlencode([*window, *rest])}"
    elif found and "page" in asked and pages and asked["page"] < int(pages[1]):
        moved = [(name, str(asked["page"] + 1) if name == "page" else value) for name, value in query]
        yield f"{parts.path}?{urlencode(moved)}"


def _requests(text: str, shown: int) -> Iterator[str]:
    """The requests that the page's scripts would make for the records after those it holds."""
    starts = [setup.end() for setup in _SETUP.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        words = text[start : min(end, start + _SETUP_CHARS)]
        numbers = {name: int(value) for name, value in reversed(_NUMBER_OF.findall(words))}
        per_page, total = numbers.get("perPage") or 10, numbers.get("total", 0)
        step = per_page * (numbers.get("groupSize") or 1)
        param = _PARAM.search(words)
        proxy = _PROXY.search(words)
        pairs = _pairs(param[1], text) if param else ()
        if not pairs:
            continue
        first = shown // step * step + 1  # groups as the script would cut them: one that is shown in part is asked for
        for window in _groups(first, step, total):
            query = urlencode([*window, ("perpage", str(per_page)), *pairs])
            yield f"{proxy[2] if proxy else _PROXY_URL}?{query}"


def _groups(start: int, step: int, total: int) -> Iterator[list[tuple[str, str]]]:
    if step > 0:
        for first in range(start, min(total, start + step * WINDOW - 1) + 1, step):
            yield [("startrecord", str(first)), ("endrecord", str(min(first + step - 1, total)))]


def _pairs(param: str, text: str) -> tuple[tuple[str, str], ...]:
    """The parameters of the requests: given in place, or under a name that the page defines."""
    if not param.startswith("{"):
        found = re.search(rf"\b{re.escape(param)}\s*=\s*(\{{[^{{}}]{{0,2000}}\}})", text)
        param = found[1] if found else ""
    return tuple((name, one or two or bare) for name, one, two, bare in _PAIR.findall(param))
