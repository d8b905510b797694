"""No page is read worse than it was: recall and precision are pinned, and the pins cannot be lowered unseen."""

import importlib.util
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from golden_pages import report_of
from quality import MEASURES, Figure, Quality, bundled, compare, pin, quality_of, read_pins, write_pins
from typer.testing import CliRunner

PIN = Path(__file__).with_name("pin.py")
PINS = read_pins()
PAGES = bundled()
AGAIN = "set the pins again: python tests/quality/pin.py"


@pytest.mark.parametrize("golden", [pytest.param(golden, id=golden.name) for golden in PAGES])
def test_page(golden):
    """The page is pinned, its bytes are those that were pinned, and no figure is lower."""
    now = {golden.name: quality_of(golden)}
    found = compare(now, {golden.name: PINS[golden.name]} if golden.name in PINS else {})
    assert found.unpinned == {}, AGAIN
    assert found.changed == {}, "a page's bytes are its identity; if the change is meant, " + AGAIN
    assert found.fallen == {}
    for name, what in found.risen.items():
        warnings.warn(f"{name} is read better than pinned ({what}); {AGAIN}", stacklevel=1)


def test_no_pin_without_its_page():
    assert PINS.keys() - {golden.name for golden in PAGES} == set()


# The gate itself, on a page that is made up

FIGURES = {name: Figure(8, 10, 9) for name in MEASURES}
PAGE = Quality("0" * 64, FIGURES)


def _with(**figures):
    return replace(PAGE, figures={**FIGURES, **figures})


@pytest.fixture
def pins(tmp_path):
    path = tmp_path / "pinned.csv"
    write_pins({"one": PAGE, "other": PAGE}, path)
    return path


def test_pins_are_read_as_written(pins):
    assert read_pins(pins) == {"one": PAGE, "other": PAGE}
    assert read_pins(pins.with_name("absent.csv")) == {}


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    "worse",
    [
        pytest.param(Figure(7, 10, 8), id="recall"),
        pytest.param(Figure(8, 10, 10), id="precision"),
        pytest.param(Figure(8, 8, 9), id="a-record-that-asks-less"),
        pytest.param(Figure(8, 11, 9), id="a-record-that-asks-for-what-is-missed"),
        pytest.param(Figure(0, 0, 0), id="nothing-left"),
    ],
)
def test_a_lower_figure_is_a_fall(measure, worse):
    found = compare({"one": _with(**{measure: worse})}, {"one": PAGE})
    assert found.fallen == {"one": f"{measure}: {worse}; pinned {FIGURES[measure]}"}
    assert found.risen == {}


@pytest.mark.parametrize(
    "better",
    [
        pytest.param(Figure(9, 10, 10), id="recall"),
        pytest.param(Figure(8, 10, 8), id="precision"),
        pytest.param(Figure(12, 14, 13), id="a-longer-record"),
    ],
)
def test_a_higher_figure_is_told_and_no_failure(better):
    found = compare({"one": _with(claims=better)}, {"one": PAGE})
    assert (found.fallen, found.changed, found.unpinned) == ({}, {}, {})
    assert found.risen == {"one": f"claims: {better}; pinned {FIGURES['claims']}"}


def test_one_measure_does_not_pay_for_another():
    found = compare({"one": _with(claims=Figure(10, 10, 10), cells=Figure(7, 10, 8))}, {"one": PAGE})
    assert list(found.fallen) == ["one"]
    assert "cells" in found.fallen["one"]
    assert found.risen == {}


def test_changed_bytes_and_pages_without_pins_are_told():
    found = compare({"one": replace(PAGE, digest="1" * 64), "new": PAGE}, {"one": PAGE, "other": PAGE})
    assert (list(found.changed), list(found.unpinned), list(found.fallen)) == (["one"], ["new"], ["other"])


def test_pins_rise_without_a_flag(pins):
    better = {"one": _with(cells=Figure(10, 10, 10)), "other": replace(PAGE, digest="2" * 64), "new": PAGE}
    pin(better, pins)
    assert read_pins(pins) == better


def test_pins_do_not_fall_without_a_flag(pins):
    before = pins.read_bytes()
    worse = {"one": _with(cells=Figure(7, 10, 8)), "other": _with(facts=Figure(9, 10, 9))}
    assert list(pin(worse, pins).fallen) == ["one"]
    assert list(pin(worse, pins, lower=["other"]).fallen) == ["one"]
    assert pins.read_bytes() == before
    assert pin(worse, pins, lower=["one"]).fallen == {}
    assert read_pins(pins) == worse


def test_a_page_is_not_unpinned_without_a_flag(pins):
    assert list(pin({"one": PAGE}, pins).fallen) == ["other"]
    pin({"one": PAGE}, pins, lower=["other"])
    assert read_pins(pins) == {"one": PAGE}


# The gate on real pages


def _lossy(report):
    """The report with a cell, a heading, a fact and a claim less."""
    return replace(
        report,
        cells=report.cells[1:],
        sections=report.sections[1:],
        facts=report.facts[1:],
        claims=report.claims[1:],
    )


@pytest.mark.parametrize("name", ["samples-pingtan-2023", "samples-sample-bureau-2010", "pages-a-tax-2013-prose"])
def test_less_that_is_read_is_a_fall(name):
    golden = next(golden for golden in PAGES if golden.name == name)
    from_page = quality_of(golden)
    report = report_of(golden)
    now = quality_of(golden, _lossy(report))
    fallen = {m for m in MEASURES if now.figures[m].fell(from_page.figures[m])}
    lost = {"cells": report.cells, "headings": report.sections, "claims": report.claims}
    assert {m for m, read in lost.items() if read} <= fallen


def _run(*arguments):
    spec = importlib.util.spec_from_file_location("pin", PIN)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    app = typer.Typer()
    app.command()(script.main)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_command(tmp_path):
    """The script refuses to lower a pin, says what would fall, and lowers only the page that is named."""
    higher = {
        name: replace(quality, figures={**quality.figures, "cells": Figure(999, 999, 999)})
        if name == "samples-pingtan-2023"
        else quality
        for name, quality in PINS.items()
    }
    pins = tmp_path / "pinned.csv"
    write_pins(higher, pins)
    before = pins.read_bytes()
    refused = _run("--pins", pins)
    assert (refused.exit_code, pins.read_bytes()) == (1, before)
    assert "samples-pingtan-2023: cells:" in refused.stderr
    assert "--lower" in refused.stderr
    done = _run("--pins", pins, "--lower", "samples-pingtan-2023")
    assert (done.exit_code, done.stderr) == (0, "")
    assert read_pins(pins)["samples-pingtan-2023"].figures["cells"].wanted < 999
    assert _run("--pins", pins, "--lower", "no-such-page").exit_code == 2
