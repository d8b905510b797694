"""`gongkai explore` and `gongkai export site`: as a user starts them, and what they say of what cannot be."""

import contextlib
import shutil
import socket
import urllib.error
import urllib.request

import pytest
from explorer_process import exploring
from typer.testing import CliRunner

from gongkai import cli
from gongkai.build import build
from gongkai.commands.common import EXIT_STOPPED, EXIT_USAGE


def run(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, report_page):
    folder = tmp_path_factory.mktemp("explored")
    (folder / "pages").mkdir()
    (folder / "pages" / "a.html").write_bytes(report_page)
    build([folder / "pages"], folder / "d")
    return folder / "d"


def fetched(address):
    with urllib.request.urlopen(address, timeout=30) as answered:
        return answered.read().decode()


def test_explore_prints_its_address_and_ends_with_ctrl_c(dataset):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # somebody may have it: as good
            taken.bind(("127.0.0.1", 8001))
            taken.listen()
        with exploring(dataset) as explorer:
            assert explorer.line == f"{explorer.address} shows {dataset}; open it in a browser. Ctrl-C ends it.\n"
            assert explorer.address.startswith("http://127.0.0.1:")
            assert not explorer.address.endswith(":8001/")
            assert "清河县财政局" in fetched(explorer.address)
            with pytest.raises(urllib.error.HTTPError, match="405"):
                urllib.request.urlopen(explorer.address, data=b"x", timeout=30)
            explorer.stop()
    assert explorer.exit_code == EXIT_STOPPED
    assert explorer.stdout == ""
    assert "gongkai: port 8001 is taken, " in explorer.stderr
    assert explorer.stderr.endswith("gongkai: stopped.\n")
    assert "Traceback" not in explorer.stderr


def test_a_port_that_was_asked_for_and_is_taken_is_told(dataset):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("explore", dataset, "--port", port)
    assert result.exit_code == EXIT_USAGE
    assert result.stderr == (
        f"gongkai: the port is taken by another program: 127.0.0.1, port {port}. Name another one with --port.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explore", "{tmp}/nowhere"], "no dataset of gongkai is here"),
        (["explore", "{d}/../pages"], "no dataset of gongkai is here"),
        (["explore", "{d}", "--host", "nowhere.invalid"], "no such address"),
        (["explore", "{d}", "--archive", "{tmp}/nowhere"], "nowhere"),
        (["export", "site", "{d}/../pages", "-o", "{tmp}/s"], "no dataset of gongkai is here"),
        (["export", "site", "{d}", "-o", "{d}/../pages"], "holds files that are no part of a site"),
        (["export", "site", "{d}", "-o", "{d}/s"], "which is read for it"),
        (["export", "site", "{d}", "-o", "{tmp}/s", "--labels", "zh"], "--labels does not go with a site"),
        (["export", "{d}", "-o", "{tmp}/s.xlsx", "--archive", "{tmp}/pages"], "--archive does not go with a workbook"),
        (["export", "{d}", "{d}", "-o", "{tmp}/s"], "export takes one dataset"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(dataset, tmp_path, arguments, words):
    result = run(*(argument.format(tmp=tmp_path, d=dataset) for argument in arguments))
    assert result.exit_code == EXIT_USAGE
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "s").exists()


def test_an_unfinished_dataset_is_not_shown(dataset, tmp_path):
    dataset = shutil.copytree(dataset, tmp_path / "d")
    (dataset / ".gongkai-work" / "ready").mkdir(parents=True)
    (dataset / ".gongkai-work" / "ready" / "run.json").write_bytes((dataset / "run.json").read_bytes())
    result = run("explore", dataset)
    assert (result.exit_code, "stopped while it put its files" in result.stderr) == (EXIT_USAGE, True)


def test_export_writes_a_site(dataset, tmp_path):
    result = run("export", "site", dataset, "-o", tmp_path / "s")
    assert result.exit_code == 0, result.stderr
    assert "清河县财政局" in (tmp_path / "s" / "index.html").read_text(encoding="utf-8")
    assert result.stdout.endswith("begin with index.html.\n")
    assert "Writing the site" in result.stderr


def test_a_dataset_by_the_name_of_site_is_a_workbook_as_before(dataset, tmp_path, monkeypatch):
    shutil.copytree(dataset, tmp_path / "site")
    monkeypatch.chdir(tmp_path)
    assert run("export", "site", "-o", "site.xlsx", "--tables", "reports").exit_code == 0
    assert (tmp_path / "site.xlsx").exists()
