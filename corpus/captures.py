"""The capture: one page as it was at one moment, with all that its archive knows of it."""

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """What a `manifest.csv` says of a page; '' or None where it is silent. It wins over what the page suggests."""

    source_uri: str
    agency: str = ""
    report_year: int | None = None
    captured_at: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """One page of an archive.

    `source_uri` is the address it was captured from, or its path below the source folder; `captured_at` ISO 8601 in
    UTC or ''; `media_type` and `charset` what the archive's transport headers declare, or ''. `failure` is
    None, or (outcome, detail, next_step) for an input that could not be read: its `data` is then empty.
    """

    source_uri: str
    data: bytes
    captured_at: str = ""
    media_type: str = ""
    charset: str = ""
    manifest: ManifestEntry | None = None
    failure: tuple[str, str, str] | None = None
    capture_id: str = field(init=False)

    def __post_init__(self) -> None:
        """Name the capture by the first 16 hex digits of the SHA-256 of its bytes (design: dataset.md)."""
        object.__setattr__(self, "capture_id", hashlib.sha256(self.data).hexdigest()[:16])
