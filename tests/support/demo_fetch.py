"""`make demo-fetch`: fetch from the government site on loopback, build the dataset, and fetch again.

    python tests/support/demo_fetch.py FOLDER

runs the commands as a person would and prints them, and after each fetch what the site was asked for. Stops at the
first command that fails, with its exit code.
"""

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

from site_pages import EDITED, TRS_COLUMN
from site_server import GovernmentSite

_CONTACT = "you@example.org"
_POLITE = ("--contact", _CONTACT, "--allow-private", "--delay", "0.05")


def main() -> int:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description="Fetch, build and fetch again from a small site on this machine.")
    parser.add_argument("folder", type=Path, help="where the archive and the dataset go")
    folder = parser.parse_args().folder
    archive, dataset = str(folder / "archive"), str(folder / "dataset")
    with GovernmentSite() as site:
        wanted = folder / "addresses.csv"
        folder.mkdir(parents=True, exist_ok=True)
        wanted.write_text(f"url,kind\n{site.url(TRS_COLUMN)},list\n{site.url(EDITED)},page\n", encoding="utf-8")
        fetch = ("fetch", str(wanted), "-o", archive, *_POLITE)
        _say("A list of five pages and one report, from a site on this machine:")
        _run(*fetch)
        _tell(site)
        _run("build", archive, "-o", dataset)
        _say("The agency corrects one report. The same command again:")
        site.edit()
        site.forget()
        _run(*fetch)
        _tell(site)
        _run("build", archive, "-o", dataset, "--quiet")
    _say(f"What the archive holds:\n  gongkai archive {archive}")
    _say(f"What was edited after publication:\n  gongkai query {dataset} {shlex.quote(_CAPTURES)}")
    return 0


_CAPTURES = (
    "SELECT agency, report_year, captured_at, is_current, capture_id FROM reports "
    "WHERE source_uri IN (SELECT source_uri FROM reports GROUP BY ALL HAVING count(*) > 1) ORDER BY captured_at"
)


def _run(*words: str) -> None:
    _say(f"$ gongkai {shlex.join(words)}")
    code = subprocess.run([sys.executable, "-m", "gongkai", *words], check=False).returncode
    if code:
        sys.exit(code)


def _tell(site: GovernmentSite) -> None:
    """Say what the site was asked for, and how much of it had to be sent."""
    asked = site.requests
    unchanged = [one for one in asked if one.status == 304]
    conditional = [one for one in asked if one.is_conditional]
    sent = sum(one.sent_bytes for one in asked)
    _say(
        f"The site was asked {len(asked)} times, {len(conditional)} times on condition; {len(unchanged)} answers were "
        f"'not modified'; it sent {sent / 1e3:,.0f} kB, to one request at a time (at most {site.most_at_once()})."
    )


def _say(text: str) -> None:
    print(f"\n{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
