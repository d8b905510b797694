"""The capture: one page as it was at one moment, with all that its archive knows of it."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

# `2013/2/25 9:02`, as spreadsheets rewrite a date.
_LOOSE_DATE = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})(?:[ T]([0-9]{1,2})(?=:))?")
_WAYBACK_TIME = re.compile(r"\d{14}")  # 20130225010203, as web archives write a moment in their addresses


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """What a `manifest.csv` says of a page; '' or None where it is silent.

    Of agency and year it wins over what the page suggests. `part_of` is the address of the report that the page, or
    the attachment, belongs to. `outcome`, `detail` and `next_step` say what a collector met where there is no page;
    of a page that is there they say nothing, but that it was followed as a list (`list_page`).
    """

    source_uri: str
    agency: str = ""
    report_year: int | None = None
    captured_at: str = ""
    part_of: str = ""
    outcome: str = ""
    detail: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """One page of an archive.

    `source_uri` is the address it was captured from, or its path below the source folder; `captured_at` ISO
    8601 in UTC or ''; `media_type` and `charset` what the archive's transport headers declare, or ''.
    `failure` is None, or (outcome, detail, next_step) for an input that could not be read: its `data` is then
    empty. `absent` says that it is no input at all: a manifest lists it, and no such page was met.
    """

    source_uri: str
    data: bytes
    captured_at: str = ""
    media_type: str = ""
    charset: str = ""
    manifest: ManifestEntry | None = None
    failure: tuple[str, str, str] | None = None
    absent: bool = False
    capture_id: str = field(init=False)

    def __post_init__(self) -> None:
        """Name the capture by the first 16 hex digits of the SHA-256 of its bytes (design: dataset.md)."""
        object.__setattr__(self, "capture_id", hashlib.sha256(self.data).hexdigest()[:16])


def iso_utc(text: str) -> str:
    """Return a moment as ISO 8601 in UTC, a bare date as it is, and '' for what is neither.

    A moment without a zone is taken to be UTC, as web archives mean it.

    >>> iso_utc("2013-02-25T09:02:03+08:00"), iso_utc("20130225010203")
    ('2013-02-25T01:02:03Z', '2013-02-25T01:02:03Z')
    >>> iso_utc("2013-02-25"), iso_utc("2013/2/25 9:02"), iso_utc("spring")
    ('2013-02-25', '2013-02-25T09:02:00Z', '')
    """
    text = _LOOSE_DATE.sub(_padded, text.strip(), count=1)
    try:
        if _WAYBACK_TIME.fullmatch(text):
            moment = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        elif len(text) <= len("2013-02-25"):
            return date.fromisoformat(text).isoformat()
        else:
            moment = datetime.fromisoformat(text)
        return utc_text(moment)
    except (ValueError, OverflowError):
        return ""


def _padded(date_and_hour: re.Match[str]) -> str:
    """Write a loose date, and the hour behind it, with two digits each."""
    year, month, day, hour = date_and_hour.groups()
    return f"{year}-{month:0>2}-{day:0>2}" + (f"T{hour:0>2}" if hour else "")


def utc_text(moment: datetime) -> str:
    """Return a moment in UTC, written with Z; OverflowError where the zone leads out of the calendar."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
