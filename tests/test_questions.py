"""docs/questions.md is true: each question is asked of the demo dataset, and the printed answer is what comes out."""

import io
import re
import shlex
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gongkai.build import build
from gongkai.cli import app
from gongkai.commands.common import EXIT_FOUND

ROOT = Path(__file__).parents[1]
PAGES = ("questions.md", "no-ranking.md")
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY_CODE = re.compile(r"^```(?:sh|python)$", re.MULTILINE)
READERS = ("A researcher", "A journalist", "A watchdog")
# These say by their exit code that they found something.
MAY_FIND = {"check", "diff"}


def page(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def asked(name):
    return [(language, code, answer) for language, code, answer in BLOCK.findall(page(name))]


CASES = [case for name in PAGES for case in asked(name)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with what `make demo` builds."""
    folder = tmp_path_factory.mktemp("questions")
    build([ROOT / "corpus" / "samples"], folder / "demo-dataset")
    return folder


def lines(text):
    return [line.rstrip() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("language", "code", "answer"), CASES, ids=lambda value: value[:40].splitlines()[0])
def test_the_question_is_answered_as_printed(desk, monkeypatch, language, code, answer):
    monkeypatch.chdir(desk)
    if language == "python":
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(code, "questions.md", "exec"), {})
        assert lines(printed.getvalue()) == lines(answer)
        return
    program, command, *arguments = shlex.split(code)
    assert program == "gongkai"
    result = CliRunner().invoke(app, [command, *arguments])
    assert result.exit_code in ({0, EXIT_FOUND} if command in MAY_FIND else {0}), result.output
    assert lines(result.stdout) == lines(answer)


def test_every_block_of_code_has_its_answer():
    for name in PAGES:
        assert len(ANY_CODE.findall(page(name))) == len(asked(name))


def test_each_reader_has_four_questions_and_more():
    parts = re.split(r"^## ", page("questions.md"), flags=re.MULTILINE)
    counted = {title: len(BLOCK.findall(part)) for part in parts for title in READERS if part.startswith(f"{title}\n")}
    assert set(counted) == set(READERS)
    assert all(number >= 4 for number in counted.values()), counted


def test_all_ways_to_ask_are_shown():
    shown = {shlex.split(code)[1] for language, code, _ in CASES if language == "sh"}
    assert shown >= {"query", "check", "diff", "coverage", "indicators"}
    assert any(language == "python" for language, _, _ in CASES)
