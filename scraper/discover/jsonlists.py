"""Lists that a page's script loads as JSON: the requests for them, and what the answers hold.

Two shapes are in use on government sites. The newer hanweb system (jpaas) prints on the page what its script asks for
(`queryData` beside the `url` of a unit); the answer holds the list as HTML, with the number of its items. Catalogues
(gkmlpt) answer with objects that have a title and an address, and with how many there are.
"""

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from scraper.discover.pager import is_page_key
from scraper.discover.records import Records, alone

WINDOW = 50
"""So many pages are asked for at once; those further on are named by the answers."""

_UNIT_TAG = re.compile(r"<[a-z]+\b[^<>]{0,2000}?\bqueryData\s*=[^<>]{0,3000}>", re.IGNORECASE)
_QUERY = re.compile(r"\bqueryData\s*=\s*(?:\"(\{[^\"{}]{0,2000}\})\"|'(\{[^'{}]{0,2000}\})')", re.IGNORECASE)
_URL = re.compile(r"(?<![\w-])url\s*=\s*[\"']([^\"'<>\s]{1,500})[\"']", re.IGNORECASE)
_PAIR = re.compile(r"['\"](\w{1,40})['\"]\s*:\s*['\"]([^'\"]{0,300})['\"]")
_ROWS = re.compile(r"\brows['\"]?\s*[=:]\s*['\"](\d{1,6})['\"]")
_COUNT = re.compile(r"\bcount['\"]?\s*[=:]\s*['\"](\d{1,9})['\"]")
_PARAMETERS = "paramJson"
_TITLES = ("title", "docTitle", "name")
_ADDRESSES = ("url", "href", "link", "docPubUrl", "post_url")
_TOTALS = ("total", "totalCount", "count")
_NUMBER = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}")


def unit_requests(text: str) -> Iterator[str]:
    """The requests that a page's scripts would make for the units of which it is put together."""
    for tag in _UNIT_TAG.findall(text):
        query, url = _QUERY.search(tag), _URL.search(tag)
        pairs = _PAIR.findall(html.unescape(query[1] or query[2])) if query else []
        if pairs and url:
            yield f"{url[1]}?{urlencode(pairs)}"


def read_json(text: str, *, url: str, title: str) -> Records | None:
    """What an answer in JSON lists, as a page; None for what is no JSON. `title` heads it, as it has none itself."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start not in ("{", "["):
        return None
    try:
        answer = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    fragments: list[str] = []
    items: list[str] = []
    totals: list[int] = []
    for node in _nodes(answer):
        if isinstance(node, str):
            fragments += [node] if "<a " in node else []
        else:
            items += _item(node)
            totals += [int(str(node[key])) for key in _TOTALS if _NUMBER.fullmatch(str(node.get(key)))]
    shown = alone("".join(fragments) + f"<ul>{''.join(items)}</ul>", title)
    if fragments:
        return Records(shown, tuple(_unit_pages("".join(fragments), url)))
    return Records(shown, tuple(_next_page(url, len(items), max(totals, default=0))))


def _nodes(answer: object) -> Iterator[str | dict[str, object]]:
    """Strings and objects of an answer, in its order."""
    waiting = [answer]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            yield node
            waiting += reversed(node.values())
        elif isinstance(node, list):
            waiting += reversed(node)


def _item(node: dict[str, object]) -> Iterator[str]:
    title = next((str(node[key]) for key in _TITLES if isinstance(node.get(key), str)), "")
    address = next((str(node[key]) for key in _ADDRESSES if isinstance(node.get(key), str)), "")
    if title and address:
        days = (match[0] for value in node.values() if isinstance(value, str) and (match := _DAY.match(value)))
        words = html.escape(html.unescape(title))
        yield f'<li><a href="{html.escape(address)}">{words}</a> <span>{next(days, "")}</span></li>'


def _unit_pages(fragment: str, url: str) -> Iterator[str]:
    """The other pages of a list that came as HTML, by the number of its items and that of its rows."""
    rows, count = _ROWS.search(fragment), _COUNT.search(fragment)
    if not rows or not count or not int(rows[1]):
        return
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    asked = next((value for name, value in query if name == _PARAMETERS), "")
    number = int(found[1]) if (found := re.search(r'"pageNo"\s*:\s*"?(\d{1,7})', asked)) else 1
    last = -(-int(count[1]) // int(rows[1]))
    for page in range(number + 1, min(last, number + WINDOW) + 1):
        parameters = json.dumps({"pageNo": page, "pageSize": int(rows[1])}, separators=(",", ":"))
        rest = [pair for pair in query if pair[0] != _PARAMETERS]
        yield f"{parts.path}?{urlencode([*rest, (_PARAMETERS, parameters)])}"


def _next_page(url: str, found: int, total: int) -> Iterator[str]:
    """The page after this one, where the address names a page and the answer was neither empty nor the last."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    at = next((at for at, pair in enumerate(query) if is_page_key(*pair)), None)
    if at is None or not found or (total and int(query[at][1]) * found >= total):
        return
    query[at] = (query[at][0], str(int(query[at][1]) + 1))
    yield f"{parts.path}?{urlencode(query)}"
