"""The command line: what it prints where, and how it ends."""

import os
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from corpus.archive import MAX_PAGE_BYTES
from gongkai import cli, commands
from gongkai.batch.local import LocalEngine
from gongkai.build import build

GONGKAI = [sys.executable, "-m", "gongkai"]


def run(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def spawn(*arguments, **options):
    command = [*GONGKAI, *(str(argument) for argument in arguments)]
    options = {"text": True, "encoding": "utf-8", "errors": "replace", **options}
    return subprocess.run(command, capture_output=True, check=False, **options)


def test_help_names_every_command_with_a_sentence():
    result = run("--help")
    assert result.exit_code == 0
    for command in ("build", "show"):
        assert command in result.output


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("build", ["--output", "--quiet", "--max-page-mb", "SOURCE"]),
        ("show", ["--tables", "--no-tables", "FILE"]),
    ],
)
def test_help_of_a_command_names_every_option(command, options):
    result = run(command, "--help")
    assert result.exit_code == 0
    for option in options:
        assert option in result.output


def test_the_limit_of_a_page_is_that_of_the_archive():
    assert commands.build._MAX_PAGE_MB * commands.build._MB == MAX_PAGE_BYTES


def test_help_and_version_load_no_heavy_library():
    code = (
        "import sys; from typer.testing import CliRunner; from gongkai.cli import app; "
        "results = [CliRunner().invoke(app, [option]).exit_code for option in ('--help', '--version')]; "
        "print(results, sorted({'pandas', 'pyarrow', 'lxml', 'jieba', 'fastwarc'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[0, 0] []"


def test_version():
    result = run("--version")
    assert result.exit_code == 0
    assert result.output.startswith("gongkai ")


def test_build_prints_a_summary(archive, tmp_path):
    result = run("build", archive, "-o", tmp_path / "out")
    assert result.exit_code == 0
    output = result.stdout
    assert "4 pages read, 1 report found." in output
    assert "15 cells read" in output
    assert "2022" in output
    assert "empty.html" in output
    assert "the same bytes as archive/2022.html" in output
    assert str(tmp_path / "out") in output
    assert "Next: python -c" in output


def test_the_command_that_the_summary_offers_works(archive, tmp_path):
    output = run("build", archive, "-o", tmp_path / "out").stdout
    line = next(line for line in output.splitlines() if line.startswith("Next: python "))
    arguments = line.removeprefix("Next: python ")
    done = subprocess.run(f"{sys.executable} {arguments}", shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[20 rows" in done.stdout


def test_quiet_prints_nothing(archive, tmp_path):
    done = spawn("build", archive, "-o", tmp_path / "out", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out" / "run.json").exists()


def test_progress_goes_to_stderr_in_plain_lines(archive, tmp_path):
    done = spawn("build", archive, "-o", tmp_path / "out")
    assert done.returncode == 0
    assert "gongkai: reading 4 files" in done.stderr
    assert "\x1b" not in done.stderr + done.stdout
    assert "gongkai: reading" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build"], "Missing argument 'SOURCE'"),
        (["build", "{archive}"], "Missing option '--output'"),
        (["build", "{archive}/nowhere", "-o", "{tmp}/out"], "nowhere"),
        (["build", "{archive}", "-o", "{archive}/out"], "lies in the source"),
        (["build", "{archive}", "-o", "{tmp}/foreign"], "holds files that gongkai did not make"),
        (["build", "{archive}", "-o", "{tmp}/out", "--max-page-mb", "0"], "--max-page-mb"),
        (["show", "{archive}/nowhere.html"], "nowhere.html"),
        (["show", "{archive}"], "more than one page"),
        (["show", "{archive}/empty.html"], "empty.html"),
    ],
)
def test_wrong_usage_is_one_message_and_exit_code_2(archive, tmp_path, arguments, words):
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.docx").write_text("mine")
    done = spawn(*(argument.format(archive=archive, tmp=tmp_path) for argument in arguments))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()


def test_a_page_that_is_too_large_is_named(archive, tmp_path):
    (archive / "large.html").write_bytes(b"<p>x</p>" * 2**18)
    result = run("build", archive, "-o", tmp_path / "out", "--max-page-mb", "1")
    assert result.exit_code == 0
    assert "too_large" in result.stdout
    assert "large.html" in result.stdout


def test_stopped_from_the_keyboard(archive, tmp_path, monkeypatch):
    build([archive], tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(LocalEngine, "run", interrupted)
    result = run("build", archive, "-o", tmp_path / "out")
    assert result.exit_code == 130
    assert f"stopped; {tmp_path / 'out'} is as it was before" in result.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_signal_while_pages_are_read(archive, tmp_path, report_page):
    for number in range(3000):
        (archive / f"{number}.html").write_bytes(report_page + b"<!-- %d -->" % number)
    command = [*GONGKAI, "build", str(archive), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stderr.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped" in errors
    assert "Traceback" not in errors
    assert output == ""
    assert {path.name for path in (tmp_path / "out").iterdir()} <= {".gongkai-shards"}


def test_show_prints_the_report_as_a_tree(archive):
    done = run("show", archive / "2022.html")
    assert done.exit_code == 0
    assert "清河县财政局2022年政府信息公开工作年度报告" in done.stdout
    assert "report year: 2022" in done.stdout
    assert "二、政府信息公开行政复议、行政诉讼情况" in done.stdout
    table = done.stdout[done.stdout.index("table 0") : done.stdout.index("三、存在的主要问题")]
    words = ["行政复议", "结果维持", "3", "行政诉讼", "未经复议直接起诉", "尚未审结", "1", "复议后起诉"]
    places = [0]
    for word in words:
        places.append(table.index(word, places[-1] + 1))
    assert "blank" in done.stdout
    assert "Facts (20)" in done.stdout  # 15 cells, and five sums over both ways to court


def test_show_without_tables_names_them(archive):
    done = run("show", archive / "2022.html", "--no-tables")
    assert "15 cells, 15 mapped" in done.stdout
    assert "┃" not in done.stdout


def test_an_output_that_cannot_hold_chinese_gets_escapes(archive):
    done = spawn("show", archive / "2022.html", env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "report year: 2022" in done.stdout
    assert "\\u6e05\\u6cb3\\u53bf" in done.stdout


def test_show_of_a_page_that_is_no_report_says_so(archive):
    done = run("show", archive / "notice.html")
    assert done.exit_code == 0
    assert "outcome: not_a_report" in done.stdout


def test_a_page_cannot_steer_the_terminal(archive, report_page):
    hostile = report_page.replace("回应社会关切".encode(), "[bold]关切[/bold]\x1b]0;stolen\x07".encode())
    (archive / "hostile.html").write_bytes(hostile)
    done = run("show", archive / "hostile.html")
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout
    assert "[bold]关切[/bold]" in done.stdout
