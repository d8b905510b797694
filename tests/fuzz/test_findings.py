"""What fuzzing found, made small: it holds now, and is to stay so."""

from pathlib import Path

import pytest
from fuzz_checks import CHECKS

FINDINGS = sorted(path for path in (Path(__file__).parent / "findings").rglob("*") if path.is_file())


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_was_found_holds_now(finding):
    CHECKS[finding.parent.name](finding.read_bytes())


def test_every_check_is_met_by_what_is_no_page():
    for check in CHECKS.values():
        for data in (b"", b"\xff\xfe", b"<", b"\x00" * 9, bytes(range(256))):
            check(data)
