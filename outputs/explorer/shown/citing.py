"""How a number is cited: one text that leads back from the value to the cell or the sentence, in both languages."""

from dataclasses import dataclass
from sqlite3 import Row

from outputs.explorer.records import number
from outputs.explorer.shown.numbers import Number
from outputs.explorer.wording import Words, load_words, said


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation line by line: the report, the number, its place, the source, what it was read with."""

    report: Words
    number: Words
    place: Words
    source: Words
    versions: Words

    @property
    def text(self) -> Words:
        """All lines as one text."""
        lines = (self.report, self.number, self.place, self.source, self.versions)
        return Words("\n".join(line.en for line in lines), "\n".join(line.zh for line in lines))


def citation(report: Row, cited: Number, sha256: str = "") -> Citation:
    """Return the citation of a number; `report` is its row of reports.

    Without the digest of the page, which only its bytes give, the citation has the 16 digits of it that are the id.
    """
    return Citation(
        report=report_line(report),
        number=number_line(cited),
        place=place_line(cited),
        source=source_line(report, sha256),
        versions=said(
            "cite.versions",
            parser=report["parser_version"],
            forms=report["forms_version"],
            capture_id=report["capture_id"],
        ),
    )


def report_line(report: Row) -> Words:
    """Return whose report it is, its title as printed, its year, and whose figures it gives."""
    return said(
        "cite.report",
        agency=report["agency"] or report["agency_as_printed"] or load_words()["word.agency_unknown"],
        title=report["title"] or load_words()["cite.untitled"],
        year=report["report_year"] or load_words()["word.year_unknown"],
        scope=load_words()[f"scope.{report['report_scope']}"],
    )


def number_line(cited: Number) -> Words:
    """Return what is counted, for whom, and the value, or what stands in its place."""
    value = shown_value(cited)
    if not cited.indicator:
        return said("cite.unmapped", label=cited.label, value=value)
    return said(
        "cite.number",
        label=cited.label,
        label_zh=cited.label.zh,
        indicator=cited.indicator,
        applicant=load_words()[f"applicant.{cited.applicant}"],
        measure=load_words()["cite.cumulative"] if cited.measure == "cumulative" else "",
        value=value,
    )


def shown_value(cited: Number) -> Words:
    """Return a value with its unit; for a place without a number, the words for what it shows."""
    if cited.state == "number":
        value = number(cited.value)
        return (
            Words(f"{value} {cited.unit}", value + cited.unit) if cited.unit else said("cite.unit_unknown", value=value)
        )
    words = load_words()[f"state.{cited.state}"]
    return Words(f"{words.en} (“{cited.raw}”)", f"{words.zh}（“{cited.raw}”）") if cited.raw else words


def place_line(cited: Number) -> Words:
    """Return where a number stands, with the labels or the sentence around it; of a sum, where its parts stand."""
    parts = [*_place(cited)]
    if cited.derivation and cited.source != "derived":
        parts.append(said("cite.derivation", derivation=cited.derivation))
    if cited.concordance:
        parts.append(said(f"cite.concordance.{cited.concordance}"))
    parts += (said("cite.id", id=cited.id), said("cite.end"))
    return Words("".join(part.en for part in parts), "".join(part.zh for part in parts))


def source_line(report: Row, sha256: str) -> Words:
    """Return where a page was captured, when, and its digest."""
    words = load_words()
    begins = said("word.digest_begins", digest=report["capture_id"])
    return said(
        "cite.source",
        uri=report["source_uri"],
        captured=report["captured_at"] or words["cite.captured_unknown"],
        digest=sha256 or begins,
    )


def _place(cited: Number) -> list[Words]:
    if cited.cell is not None:
        cell = cited.cell
        labels = " × ".join(path for path in (cell["row_path"], cell["col_path"]) if path)
        found = [said("cite.cell", table=cell["table_no"], row=cell["row"], col=cell["col"])]
        found += [said("cite.paths", paths=labels)] if labels else []
        found += [said("cite.printed", raw=cited.raw)] if cited.raw else []
        return [*found, said("cite.xpath", xpath=cell["xpath"])] if cell["xpath"] else found
    if cited.claim is not None:
        claim = cited.claim
        return [
            said(
                "cite.span",
                block=claim["block_no"],
                start=claim["char_start"],
                end=claim["char_end"],
                raw=claim["raw"],
                sentence=claim["sentence"],
            )
        ]
    places = [_part(anchor) for anchor in cited.anchors]
    listed = Words("", load_words()["cite.between"].zh.join(place.zh for place in places))
    return [said("cite.sum", derivation=cited.derivation, places=listed)]


def _part(anchor: str) -> Words:
    kind, *place = anchor.split("-")
    if kind != "c":
        return Words(anchor, anchor)
    return said("cite.sum_place", **dict(zip(("table", "row", "col"), place, strict=True)))
