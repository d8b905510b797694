"""`gongkai fetch`: addresses → archive."""

import re
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from gongkai.commands.common import EXIT_FOUND, EXIT_STOPPED, errors_said, stdout

_MB = 2**20
_MAX_PAGE_MB = 32
"""`corpus.archive.MAX_PAGE_BYTES`, written out so that --help need not load what fetches."""

_LIVE, _ARCHIVES = "Asking sites", "Asking web archives"


def fetch_command(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="Addresses, files with one address a line, CSV files (url, agency, report_year, kind); - for stdin.",
            show_default=False,
        ),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="ARCHIVE",
            help="Folder of the archive: new, or one that gongkai fetched into before. Needed but for --dry-run.",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        Literal["page", "list", "sitemap"],
        typer.Option("--as", help="What the addresses are: reports, pages that list reports, or sitemaps."),
    ] = "page",
    contact: Annotated[
        str,
        typer.Option(
            "--contact",
            metavar="MAIL",
            envvar="GONGKAI_CONTACT",
            help="Your mail address or web page, told to every server; nothing is fetched without.",
            show_default=False,
        ),
    ] = "",
    match: Annotated[
        str,
        typer.Option("--match", metavar="REGEX", help="Of sitemaps, only addresses in which REGEX is found."),
    ] = "",
    browser: Annotated[
        bool,
        typer.Option(
            "--browser",
            help="Render pages that are written by scripts, on an installed Chromium.",
            rich_help_panel=_LIVE,
        ),
    ] = False,
    delay: Annotated[
        float,
        typer.Option(
            "--delay",
            min=0,
            metavar="SECONDS",
            help="At least so long between two requests to a host; below 1 only with --allow-private.",
            rich_help_panel=_LIVE,
        ),
    ] = 2.0,
    timeout: Annotated[
        float,
        typer.Option("--timeout", min=1, metavar="SECONDS", help="The most time for one page.", rich_help_panel=_LIVE),
    ] = 60.0,
    max_page_mb: Annotated[
        int,
        typer.Option("--max-page-mb", min=1, metavar="N", help="The most megabytes of one page."),
    ] = _MAX_PAGE_MB,
    warc_mb: Annotated[
        int,
        typer.Option("--warc-mb", min=1, metavar="N", help="Begin another WARC file after so many megabytes."),
    ] = 1024,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Fetch from private and loopback addresses as well."),
    ] = False,
    wayback: Annotated[
        bool,
        typer.Option("--wayback", help="Ask the Wayback Machine instead of the sites.", rich_help_panel=_ARCHIVES),
    ] = False,
    common_crawl: Annotated[
        bool,
        typer.Option("--common-crawl", help="Ask Common Crawl instead of the sites.", rich_help_panel=_ARCHIVES),
    ] = False,
    captures: Annotated[
        Literal["all", "yearly"],
        typer.Option("--captures", help="All captures, or one a calendar year.", rich_help_panel=_ARCHIVES),
    ] = "all",
    years: Annotated[
        tuple[int, int] | None,
        typer.Option("--years", metavar="A B", help="Only captures from A to B.", rich_help_panel=_ARCHIVES),
    ] = None,
    archive_address: Annotated[
        str,
        typer.Option(
            "--archive-address",
            metavar="URL",
            help="Where the web archive is: a mirror, or a server of your own.",
            show_default=False,
            rich_help_panel=_ARCHIVES,
        ),
    ] = "",
    archive_data: Annotated[
        str,
        typer.Option(
            "--archive-data",
            metavar="URL",
            help="Where Common Crawl's files are, if not beside its index.",
            show_default=False,
            rich_help_panel=_ARCHIVES,
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be fetched, as CSV; write nothing.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show no progress and no summary; errors are still shown.")
    ] = False,
) -> None:
    """Fetch reports into an archive that gongkai build reads.

    Sites are asked slowly and as their robots.txt allows; what refuses is an outcome, and is not worked around. A run
    that was stopped goes on where it was when the same command is given again; a later run asks only for what changed.

    Example: gongkai fetch https://www.example.gov.cn/zwgk/nb/ --as list --contact me@example.org -o archive
    """
    from gongkai.fetching import FetchOptions, captures_of, fetch  # noqa: PLC0415  see gongkai.cli
    from gongkai.fetchscreen import print_fetch, watching_fetch, write_captures  # noqa: PLC0415  see gongkai.cli

    if (output is None) is not dry_run:
        raise typer.BadParameter("name the archive with -o; with --dry-run nothing is written, and it takes no -o")
    _refuse_contradictions(wayback, common_crawl, kind, delay, match, allow_private=allow_private)
    options = FetchOptions(
        kind=kind,
        origin="wayback" if wayback else "common_crawl" if common_crawl else "live",
        contact=contact.strip(),
        match=match,
        browser=browser,
        delay=delay,
        timeout=timeout,
        max_page_bytes=max_page_mb * _MB,
        warc_bytes=warc_mb * _MB,
        allow_private=allow_private,
        captures=captures,
        years=years,
        archive_address=archive_address,
        archive_data=archive_data,
    )
    try:
        with errors_said(), watching_fetch(quiet=quiet) as watch:
            if output is None:
                write_captures(sys.stdout, captures_of(sources, options, watch))
                return
            summary = fetch(sources, output, options, watch)
    except KeyboardInterrupt:
        typer.echo(f"gongkai: stopped; what was fetched is in {output}. The same command goes on from there.", err=True)
        raise typer.Exit(EXIT_STOPPED) from None
    if not quiet:
        print_fetch(stdout(), summary, output)
    if summary.missed:
        raise typer.Exit(EXIT_FOUND)


def _refuse_contradictions(
    wayback: bool, common_crawl: bool, kind: str, delay: float, match: str, *, allow_private: bool
) -> None:
    """Say in one line which options do not go together."""
    try:
        re.compile(match)
    except re.error as error:
        raise typer.BadParameter(f"--match is no regular expression: {error}") from None
    if wayback and common_crawl:
        raise typer.BadParameter("--wayback and --common-crawl are two runs: give one of them")
    if (wayback or common_crawl) and kind != "page":
        raise typer.BadParameter("web archives are asked for pages; an address that ends in /* asks for all below it")
    if delay < 1 and not allow_private:
        raise typer.BadParameter("--delay below 1 second is for servers of your own, with --allow-private")
