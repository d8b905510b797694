"""The errors of the corpus: one base class, so that a caller can catch all of them by one name."""


class CorpusError(Exception):
    """Something of the corpus cannot be used.

    `code` is stable and snake_case, for programs; `what` is wrong, `where` it is (file, line, column, byte),
    and `next_step` is what a person can do about it. The message joins the three.
    """

    def __init__(self, code: str, what: str, where: str, next_step: str) -> None:
        """Keep the four parts; all of them are positional, so that the error survives a process boundary."""
        super().__init__(code, what, where, next_step)
        self.code = code
        self.what = what
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.what}: {self.where}. {self.next_step}"


class SourceError(CorpusError):
    """A source that was asked for cannot be read at all, or its manifest contradicts itself.

    Raised before the first page is read, but for `manifest_changed`. Codes: `source_missing`, `nothing_to_read`,
    `manifest_as_source`, `manifest_unreadable`, `manifest_columns`, `manifest_year`, `manifest_date`,
    `manifest_outcome`, `manifest_conflict`, `manifest_changed` (it is another one than when the reading was
    planned), `place_unknown`, `place_package`, `place_unreachable`, `place_forbidden` (sources elsewhere than on a
    disk).
    """


class UnpackError(CorpusError):
    """The bytes of one page cannot be unpacked; the reader turns it into a failed capture, never into a page.

    Codes: `too_large` (more bytes than allowed come out), `damaged` (cut or changed),
    `unknown_coding` (packed in a way that is not supported), `no_page` (the container holds none).
    """
