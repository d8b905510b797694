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
from parsers.cues import bare, cue, is_neutral
from parsers.records import Identity, Mapping, Period

# Possessive: a text made of such words must not be tried in every way. 新闻发布会 is no 新 thing.
_MID = r"(?:的|了|到|共计|共|累计|约|达|各类|新(?!闻|媒|增|收|制)|有关|相关|涉及|关于)*+"
_TAIL = r"(?:以上|左右|以内|的|次|多|余|案件|情况)*"
_CHANNELS = re.compile(r"网站|微信|微博|公报|新媒体|报纸|电视|广播|客户端|公开栏|大厅|查阅")
_JOINED = re.compile(r"[、和与及]")
_SECTION_OF_CASES = range(8, 13)
_ANSWER = re.compile(r"(?:答复)?(?:总数|数量|数)?(?:的)?$")


class Setting:
    """What the claims of one sentence share: its text, where it stands, whose report it is.

    `title` is the section's, `above` with those that it stands under. Answers are kept: a sentence may have thousands
    of claims.
    """

    def __init__(
        self, sentence: str, section: str, title: str, above: str, identity: Identity, form_ids: tuple[str, ...]
    ) -> None:
        self.sentence, self.section, self.title = sentence, section, title
        self.identity, self.form_ids = identity, form_ids
        self.above = above
        self._found: dict[str, bool] = {}

    def has(self, name: str) -> bool:
        """Whether the sentence stands in a context of `claim_contexts.csv`, by its section or by its words."""
        if name not in self._found:
            sections, words = _contexts()[name]
            in_words = words is not None and words.search(f"{self.above} {self.sentence}") is not None
            self._found[name] = self.section in sections or in_words
        return self._found[name]

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether the sentence holds the pattern."""
        key = f"={pattern.pattern}"
        if key not in self._found:
            self._found[key] = pattern.search(self.sentence) is not None
        return self._found[key]


class Asked(NamedTuple):
    """All that decides what one claim counts, beside its sentence.

    `phrases` are the words around the number, the number as `#` (`parsers.clauses.phrases`); `opening` is what of the
    sentence stands before the clause, None where that is too long to be neutral. `dated` says that the sentence names
    the reporting year, `restated` that the number is only named again. `whole` is the indicator of the claim that this
    one is a part of (None: of none), `anchor` that of the count before.
    """

    phrases: tuple[str, ...]
    unit: str
    kind: str
    opening: str | None
    period: Period
    dated: bool
    restated: bool
    whole: str | None
    anchor: str


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
    keys: tuple[str, ...]
    shapes: tuple[str, ...]
    units: frozenset[str]
    contexts: tuple[str, ...]
    wholes: frozenset[str]
    flags: frozenset[str]
    years: tuple[int, int]
    unless: re.Pattern[str] | None
    channels: bool
    period: str


def meaning(asked: Asked, setting: Setting) -> Sense:
    """The indicator that the words settle; `NO_SENSE` where they leave it open."""
    unit = asked.kind if asked.kind == "money" else asked.unit
    for phrase in asked.phrases:
        for rule, start in _matches(phrase, unit, asked.period, setting.identity.report_year):
            if (
                _fits_whole(rule, asked)
                and is_neutral(phrase[:start], setting.identity)
                and _in_place(rule, asked, setting)
            ):
                return _of_form(rule, setting, phrase[start:])
    return NO_SENSE


@cache
def family(indicator: str) -> int:
    """Which part of a report an indicator belongs to: 1 disclosure, 2 response, 4 requests, 8 reviews … 0 for none."""
    if not indicator:
        return 0
    group = int(load_indicators()[indicator].group.split(" ")[0])
    return 4 if group in (5, 6, 7) else group


# Reports say the same in the same words, so what hangs on the words alone is kept.
@lru_cache(maxsize=8192)
def _matches(phrase: str, unit: str, period: Period, year: int | None) -> tuple[tuple[_Rule, int], ...]:
    """Rules that the phrase, unit, time and era agree with, in the order of the file, each with where its words begin.

    Of several shapes the one that takes in the most words counts (申请办结125件): what it leaves before it must be
    neutral.
    """
    found = []
    for rule in _rules_for(phrase):
        if _fits(rule, unit, period, year) and not (rule.channels and not _is_one_channel(phrase)):
            starts = [match.start() for shape in rule.shapes if (match := _compiled(shape).search(phrase))]
            if starts:
                found.append((rule, min(starts)))
    return tuple(found)


@cache
def _compiled(shape: str) -> re.Pattern[str]:
    """Most rules are never tried: to compile all would take as long as reading hundreds of pages."""
    return re.compile(_filled(shape, _macros()))


def _rules_for(phrase: str) -> list[_Rule]:
    """Rules of which a key word stands in the phrase, in the order of the file."""
    by_start = _rules_by_start()
    numbers: set[int] = set()
    for at, character in enumerate(phrase):
        for word, of_word in by_start.get(character, ()):
            if phrase.startswith(word, at):
                numbers |= of_word
    rules = _rules()
    return [rules[number] for number in sorted(numbers)]


@cache
def _rules_by_start() -> dict[str, tuple[tuple[str, frozenset[int]], ...]]:
    """Key words by their first character, each with the numbers of its rules."""
    of_word: dict[str, set[int]] = {}
    for number, rule in enumerate(_rules()):
        for word in rule.keys:
            of_word.setdefault(word, set()).add(number)
    by_start: dict[str, list[tuple[str, frozenset[int]]]] = {}
    for word, numbers in of_word.items():
        by_start.setdefault(word[0], []).append((word, frozenset(numbers)))
    return {first: tuple(words) for first, words in by_start.items()}


def _fits(rule: _Rule, unit: str, period: Period, year: int | None) -> bool:
    """Whether unit, time and era are those of the rule."""
    if unit not in rule.units or period not in ("year", rule.period):
        return False
    return rule.years == _ANY_YEAR or (year is not None and rule.years[0] <= year <= rule.years[1])


def _in_place(rule: _Rule, asked: Asked, setting: Setting) -> bool:
    if rule.unless is not None and setting.says(rule.unless):
        return False
    return all(_in_context(name, asked, setting) for name in rule.contexts)


def _is_one_channel(phrase: str) -> bool:
    return len(set(_CHANNELS.findall(phrase))) <= 1 and not _JOINED.search(phrase)


def _fits_whole(rule: _Rule, asked: Asked) -> bool:
    """Whether the number is a part of what the rule may be a part of."""
    if rule.channels and asked.restated:
        return False
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


def _in_context(name: str, asked: Asked, setting: Setting) -> bool:
    if name == "opening":
        return asked.opening is not None and is_neutral(cue("generic").sub("", bare(asked.opening)), setting.identity)
    if name == "generic":
        return not cue("generic").sub("", setting.title)
    if name == "whole_year":
        return asked.dated or setting.section == "proactive"
    return setting.has(name)


def _of_form(rule: _Rule, setting: Setting, words: str) -> Sense:
    """The rule's indicator; none where a form of this report prints the same label for something else."""
    label = _label(words.partition("#")[0])
    for form_id in setting.form_ids:
        if form_id[:1] in "AB" and label in (known := _labels(form_id)) and known[label] != rule.indicator:
            return Sense(known[label], "exact", frozenset(), total=False) if known[label] else NO_SENSE
    own = _label(load_indicators()[rule.indicator].label_zh)
    wholes = rule.wholes & _totals() if "?" in rule.flags else frozenset()
    return Sense(rule.indicator, "exact" if label == own else "alias", wholes, total="total" in rule.flags)


@lru_cache(maxsize=1024)
def _label(words: str) -> str:
    return _ANSWER.sub("", words)


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
    return tuple(_rule(row) for row in read_table("claim_rules.csv"))


def _rule(row: dict[str, str]) -> _Rule:
    whole = row["whole"].split()
    first, _, last = row["years"].partition("-")
    return _Rule(
        indicator=row["indicator"],
        keys=tuple(row["key"].split("|")),
        shapes=tuple(_shapes(row["verb"], row["object"])),
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
    """How verb, object and number may stand: 收到申请7件, 收到7件申请, 申请收到7件; without verb, 申请7件."""
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
