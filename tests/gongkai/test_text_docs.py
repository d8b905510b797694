"""docs/text.md is true: its commands run, and its limits are those of the code."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gongkai.cli import app
from outputs import copies, shingles, telling, terms, textchanges, textdiff
from outputs.prose import mask
from outputs.schema.text import TEXT_TABLES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "text.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Run the commands of the page in its order, in a folder of their own; the words of each, and its output."""
    desk = tmp_path_factory.mktemp("text")
    (desk / "corpus").symlink_to(ROOT / "corpus")
    given = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(desk)
        for line in "".join(BLOCKS).splitlines():
            program, *words = shlex.split(line)
            assert program == "gongkai"
            result = CliRunner().invoke(app, words)
            given.append((words, result.exit_code, result.stdout))
    return given


def test_the_commands_run(answers):
    assert len(answers) == 7
    assert [(words, code) for words, code, _ in answers if code] == []


def test_the_first_question_is_answered(answers):
    (table,) = [out for words, _, out in answers if "copied_share" in words[-1]]
    header, *rows = table.splitlines()
    assert header == "agency,year,copied,characters"
    assert {row.split(",")[0] for row in rows} >= {"淮安市洪泽区人民政府", "平潭综合实验区管委会"}


def test_the_example_of_masking_is_what_the_code_does():
    assert "`2021年收到申请1,234件，占33.9%` becomes `#年收到申请#件，占#`" in PAGE
    assert mask("2021年收到申请1,234件，占33.9%") == "#年收到申请#件，占#"


def test_every_table_and_status_is_explained():
    statuses = next(column for column in TEXT_TABLES[0].columns if column.name == "status").values
    assert [table.name for table in TEXT_TABLES if f"| `{table.name}` |" not in PAGE] == []
    assert [status for status in statuses if f"`{status}`" not in PAGE] == []


def test_the_limits_are_those_of_the_code():
    assert (textchanges.REWRITTEN_SIMILARITY, textchanges.REWRITTEN_COPIED, textchanges.ALIKE_TITLES) == (0.5, 0.25, 60)
    assert (textdiff.SHINGLE, textdiff.EDITED, shingles.SIZE) == (8, 0.5, 8)
    assert (terms.TERMS_PER_SECTION, copies.MIN_SHINGLES, copies.NEAR) == (20, 50, 0.5)
    assert (shingles.COMMON_AGENCIES, shingles.COMMON_SHARE) == (10, 0.05)
    assert telling.terms("福建省和上海的海关", frozenset()) == ["海关"]
