"""What the parsers say of a page, in the words of a fetch: `PageReader` is the `Reader` that a fetch is given."""

import parsers
from corpus.archive import MAX_PAGE_BYTES
from parsers.records import Listed, Report
from scraper.records import ListedReport, Reading, Target

_LOOK = "Report the page and this message to the makers of gongkai; it is in the archive."


class PageReader:
    """Reads every fetched page as `gongkai build` will, so that a fetch knows what it has got."""

    def read(self, data: bytes, *, url: str, media_type: str, charset: str, target: Target) -> Reading:
        """Say what a page is; of a list, what it lists. A page that the parsers fail on is `crashed`, no exception."""
        if len(data) > MAX_PAGE_BYTES:
            return Reading("too_large", f"{len(data)} bytes, the limit is {MAX_PAGE_BYTES}")
        try:
            report = parsers.parse(
                data,
                source_uri=url,
                media_type=media_type,
                charset=charset,
                manifest_agency=target.agency,
                manifest_year=target.report_year,
                listing=target.kind == "list",
            )
        except Exception as error:  # noqa: BLE001  one page must not end a fetch of thousands
            return Reading("crashed", f"{type(error).__name__}: {error}"[:300], _LOOK)
        return _reading(report)


def _reading(report: Report) -> Reading:
    identity = report.identity
    return Reading(
        outcome=report.outcome,
        detail=report.detail,
        next_step=report.next_step,
        title=identity.title,
        agency_id=identity.agency_id,
        agency=identity.agency or identity.agency_as_printed,
        report_year=identity.report_year,
        published_date=identity.published_date,
        listed=tuple(_listed(item) for item in report.listed),
    )


def _listed(item: Listed) -> ListedReport:
    return ListedReport(item.title, item.href, item.agency, item.report_year, item.published_date)
