"""What a claim counts: its words against the rules of `corpus/data/claim_rules.csv`.

A rule gives an indicator only when its words stand right at the number and nothing but neutral words stands before
them in the clause: 各乡镇主动公开政府信息534条 names a part and gives none. Where the words fit but the place does not
(a part, another section, another era of the forms), the claim has no indicator: a wrong one is worse than none.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from corpus.forms import load_forms
from corpus.indicators import load_indicators
from corpus.tables import read_table
from parsers.cues import cue, is_neutral
from parsers.records import Identity, Mapping, Period

_MID = r"(?:的|了|到|共计|共|累计|约|达|各类|全部|新|有关|相关|涉及|关于)*"
_TAIL = r"(?:以上|左右|以内|的|次|多|余|案件|情况)*"
_CHANNELS = re.compile(r"网站|微信|微博|公报|新媒体|报纸|电视|广播|客户端|公开栏|大厅|查阅")
_JOINED = re.compile(r"[、和与及]")
_SECTION_OF_CASES = range(8, 13)
_ANSWER = re.compile(r"(?:答复)?(?:总数|数量|数)?(?:的)?$")


class Asked(NamedTuple):
    """All that decides what a claim counts.

    `phrases` are the words around the number, the number as `#` (`parsers.clauses.phrases`); `sentence` is the whole of
    it, `opening` what of it stands before the clause; `title` the section's, `above` with those it stands under.
    `dated` says that the sentence names the reporting year, `restated` that the number is only named again. `whole`
    is the indicator of the claim that this one is a part of (None: of none), `anchor` that of the count before.
    """

    phrases: tuple[str, ...]
    unit: str
    kind: str
    sentence: str
    opening: str
    section: str
    title: str
    above: str
    period: Period
    dated: bool
    restated: bool
    whole: str | None
    anchor: str
    identity: Identity
    form_ids: tuple[str, ...]


class Sense(NamedTuple):
    """An indicator, how its words were found, which indicators its whole may be, and whether it is a total itself."""

    indicator: str
    mapping: Mapping
    wholes: frozenset[str]
    total: bool


NO_SENSE = Sense("", "none", frozenset(), total=False)


@dataclass(frozen=True, slots=True)
class _Rule:
    indicator: str
    patterns: tuple[re.Pattern[str], ...]
    units: frozenset[str]
    contexts: tuple[str, ...]
    wholes: frozenset[str]
    flags: frozenset[str]
    years: tuple[int, int]
    unless: re.Pattern[str] | None
    channels: bool
    period: str


def meaning(asked: Asked) -> Sense:
    """The indicator that the words settle; `NO_SENSE` where they leave it open."""
    for phrase in asked.phrases:
        for rule, before in _matches(phrase):
            if _fits(rule, asked, phrase) and is_neutral(before, asked.identity):
                return _of_form(rule, asked, phrase[len(before) :])
    return NO_SENSE


def family(indicator: str) -> int:
    """Which part of a report an indicator belongs to: 1 disclosure, 2 response, 4 requests, 8 reviews … 0 for none."""
    if not indicator:
        return 0
    group = int(load_indicators()[indicator].group.split(" ")[0])
    return 4 if group in (5, 6, 7) else group


@lru_cache(maxsize=8192)
def _matches(phrase: str) -> tuple[tuple[_Rule, str], ...]:
    """Rules whose words stand at the number, each with what stands before them."""
    found = []
    for rule in _rules():
        for pattern in rule.patterns:
            match = pattern.search(phrase)
            if match:
                found.append((rule, phrase[: match.start()]))
                break
    return tuple(found)


def _fits(rule: _Rule, asked: Asked, phrase: str) -> bool:
    year = asked.identity.report_year
    if (asked.kind if asked.kind == "money" else asked.unit) not in rule.units:
        return False
    if asked.period != "year" and asked.period != rule.period:
        return False
    if rule.years != _ANY_YEAR and (year is None or not rule.years[0] <= year <= rule.years[1]):
        return False
    if rule.unless is not None and rule.unless.search(asked.sentence):
        return False
    if rule.channels and (asked.restated or len(set(_CHANNELS.findall(phrase))) > 1 or _JOINED.search(phrase)):
        return False
    return _fits_whole(rule, asked) and all(_in_context(name, asked) for name in rule.contexts)


def _fits_whole(rule: _Rule, asked: Asked) -> bool:
    whole = asked.whole
    if "free" in rule.flags:
        return True
    if "total" in rule.flags:
        return whole is None or (bool(whole) and whole != rule.indicator)
    if "!" in rule.flags:
        return (whole or asked.anchor) in rule.wholes
    if whole is None or "*" in rule.flags:
        return True
    if not whole:
        return family(rule.indicator) in _SECTION_OF_CASES
    return not rule.wholes or whole in rule.wholes


def _in_context(name: str, asked: Asked) -> bool:
    if name == "opening":
        return is_neutral(cue("generic").sub("", asked.opening), asked.identity)
    if name == "generic":
        return not cue("generic").sub("", asked.title)
    if name == "whole_year":
        return asked.dated or asked.section == "proactive"
    sections, words = _contexts()[name]
    return asked.section in sections or (words is not None and bool(words.search(f"{asked.above} {asked.sentence}")))


def _of_form(rule: _Rule, asked: Asked, words: str) -> Sense:
    """The rule's indicator; none where a form of this report prints the same label for something else."""
    label = _ANSWER.sub("", words.split("#")[0])
    for form_id in asked.form_ids:
        if form_id[:1] in "AB" and label in (known := _labels(form_id)) and known[label] != rule.indicator:
            return Sense(known[label], "exact", frozenset(), total=False) if known[label] else NO_SENSE
    own = _ANSWER.sub("", load_indicators()[rule.indicator].label_zh)
    wholes = rule.wholes & _totals() if "?" in rule.flags else frozenset()
    return Sense(rule.indicator, "exact" if label == own else "alias", wholes, total="total" in rule.flags)


@cache
def _totals() -> frozenset[str]:
    return frozenset(rule.indicator for rule in _rules() if "total" in rule.flags)


@cache
def _labels(form_id: str) -> dict[str, str]:
    """Row labels of a form → the indicator that the row alone counts, '' where it is but a part of one."""
    book = load_forms()
    labels: dict[str, str] = {}
    for table in book.tables:
        if table.form_id == form_id:
            for row in table.rows:
                sense = book.meanings.get((form_id, row.key, ""))
                labels[_ANSWER.sub("", row.label.words)] = sense.indicator if sense else ""
    return labels


_ANY_YEAR = (0, 9999)


@cache
def _rules() -> tuple[_Rule, ...]:
    macros = _macros()
    return tuple(_rule(row, macros) for row in read_table("claim_rules.csv"))


def _rule(row: dict[str, str], macros: dict[str, str]) -> _Rule:
    whole = row["whole"].split()
    first, _, last = row["years"].partition("-")
    return _Rule(
        indicator=row["indicator"],
        patterns=tuple(re.compile(_filled(text, macros)) for text in _shapes(row["verb"], row["object"])),
        units=frozenset("" if unit == "-" else unit for unit in row["units"].split()),
        contexts=tuple(row["context"].split()),
        wholes=frozenset(word for word in whole if word in load_indicators()),
        flags=frozenset(whole) - frozenset(load_indicators()),
        years=(int(first or _ANY_YEAR[0]), int(last or _ANY_YEAR[1])) if row["years"] else _ANY_YEAR,
        unless=re.compile(row["unless"]) if row["unless"] not in ("", "channels") else None,
        channels=row["unless"] == "channels",
        period=row["period"] or "year",
    )


def _shapes(verb: str, thing: str) -> list[str]:
    """How verb, object and number may follow each other: 收到申请7件, 收到7件申请, 申请收到7件; without verb, 申请7件."""
    if "#" in thing:
        return [rf"{f'(?:{verb})' if verb else ''}{_MID}(?:{thing}){_TAIL}\Z"]
    if not verb:
        return [rf"(?:{thing})#{_TAIL}\Z", rf"#(?:是|为|系|的)*(?:{thing}){_TAIL}\Z"]
    shapes = [
        rf"(?:{verb}){_MID}(?:{thing})#{_TAIL}\Z",
        rf"(?:{verb}){_MID}#(?:是|为|系|的)*(?:{thing}){_TAIL}\Z",
        rf"#(?:已|是|为|的)*(?:{verb})(?:的)?(?:{thing}){_TAIL}\Z",
    ]
    if thing:
        shapes.append(rf"(?:{thing})(?:{verb}){_MID}#{_TAIL}\Z")
    return shapes


@cache
def _macros() -> dict[str, str]:
    macros: dict[str, str] = {}
    for row in read_table("claim_macros.csv"):
        macros[row["name"]] = _filled(row["pattern"], macros)
    return macros


def _filled(text: str, macros: dict[str, str]) -> str:
    return re.sub(r"\{([A-Z]+)\}", lambda match: macros[match[1]], text)


@cache
def _contexts() -> dict[str, tuple[frozenset[str], re.Pattern[str] | None]]:
    return {
        row["name"]: (
            frozenset(name.strip("_") for name in row["sections"].split()),
            re.compile(row["words"]) if row["words"] else None,
        )
        for row in read_table("claim_contexts.csv")
    }
