"""A mutation: a change of a page's source that its reader would not notice."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from golden_pages import Golden, report_of
from html_tokens import Token, body_range, tokenize
from reading import Reading, strict

from parsers.lines import read_lines
from parsers.records import Report

# The charset that a page declares; each mutation of the bytes says its own.
_META = re.compile(r"<meta\b[^>]*charset[^>]*>", re.IGNORECASE)
_XML = re.compile(r"^\s*<\?xml[^>]*>")


@dataclass(frozen=True, slots=True)
class Source:
    """A page as it is to be changed: its text without any declaration of a charset, its tokens, its report.

    `start` and `end` are the tokens of the body.
    """

    text: str
    tokens: list[Token]
    report: Report
    start: int
    end: int

    @property
    def whole(self) -> bool:
        """Whether every element of the page has its end: what is written behind the body is then outside of it."""
        ends = Counter((t.name, t.kind) for t in self.tokens if t.kind in ("open", "close"))
        return all(ends[name, "open"] == ends[name, "close"] for name in ("div", "table", "tr", "td", "pre", "section"))

    @property
    def hides_itself(self) -> bool:
        """Whether the page hides its own report until a script shows it: hidden parts are then read with the rest."""
        return read_lines(self.report.decoded).unhidden

    def body(self) -> list[tuple[int, Token]]:
        return [(i, self.tokens[i]) for i in range(self.start, self.end)]


Change = Callable[[Source, Random], "str | bytes | list[Token] | None"]


@dataclass(frozen=True, slots=True)
class Mutation:
    """`change` gives the changed page, None where it does not apply; `reading` what must stay the same.

    `few` says that it is dear: it is tried on a few pages only.
    """

    name: str
    change: Change
    reading: Callable[[Report], Reading]
    few: bool


MUTATIONS: dict[str, Mutation] = {}


def mutation(reading: Callable[[Report], Reading] = strict, *, few: bool = False) -> Callable[[Change], Change]:
    """Register a change under its function's name."""

    def register(change: Change) -> Change:
        name = change.__name__.strip("_")
        assert name not in MUTATIONS
        MUTATIONS[name] = Mutation(name, change, reading, few)
        return change

    return register


def source_of(golden: Golden) -> Source:
    """The source of a page with a golden record, as its own bytes were decoded."""
    report = report_of(golden)
    text = _XML.sub("", _META.sub("", report.decoded.text)).replace("\ufffd", "")
    tokens = tokenize(text)
    return Source(text, tokens, report, *body_range(tokens))


def declared(text: str, charset: str) -> str:
    """The page with a declaration of a charset in its head."""
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    head = re.search(r"<head\b[^>]*>", text, re.IGNORECASE)
    at = head.end() if head else 0
    doctype = re.match(r"\s*<!doctype[^>]*>", text, re.IGNORECASE)
    if head is None and doctype:
        at = doctype.end()
    return text[:at] + meta + text[at:]
