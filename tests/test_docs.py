"""The documentation is true: its commands and its Python run, and nothing that a user meets is left out."""

import ast
import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import typer.main
from explorer_process import exploring
from typer.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

import gongkai
from corpus.failures import OUTCOMES
from corpus.indicators import load_indicators
from gongkai.build import build
from gongkai.cli import app
from gongkai.commands.common import EXIT_FOUND, EXIT_STOPPED, EXIT_USAGE
from outputs import schema
from scraper.archive import open_archive
from scraper.records import Visit

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "corpus" / "samples"
READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "corpus").glob("*/README.md")])
HOW_IT_READS = (ROOT / "docs" / "how-it-reads.md").read_text(encoding="utf-8")
TABLES = [table.name for table in schema.TABLES]
# What must not be done from within a test: it installs, or it is this very run.
NOT_RUN = {"make demo", "make test", "python -m pip install ."}
# These ask hosts that are not there; tests/scraper runs the like of them against servers of its own.
ASKS_THE_WEB = "gongkai fetch "

# These go on until they are told to stop; tests/gongkai/test_explore_command.py runs the like of them.
SERVES = "gongkai explore "

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)\)")
CODE_ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text, language):
    return [body for found, body in BLOCK.findall(text) if found == language]


def commands(text):
    return [shlex.join(shlex.split(line, comments=True)) for line in "".join(blocks(text, "sh")).splitlines() if line]


def section(text, title):
    """The part of a page under a heading, up to the next heading of any level."""
    return re.split(r"^#+ .*$", text.partition(f" {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with what the READMEs speak of: samples, pages with a manifest, a report, a web archive."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(SAMPLES, folder / "corpus" / "samples")
    (folder / "pages" / "2019").mkdir(parents=True)
    shutil.copy(SAMPLES / "pingtan-2019" / "page.html", folder / "pages" / "2019" / "page.html")
    shutil.copy(SAMPLES / "pingtan-2021" / "page.html", folder / "pages" / "2021.html")
    (manifest,) = blocks(read("README.md"), "csv")
    (folder / "pages" / "manifest.csv").write_text(manifest, encoding="utf-8")
    shutil.copy(SAMPLES / "hongze-2023" / "page.html", folder / "report.html")
    shutil.copytree(SAMPLES / "hongze-2024", folder / "saved-pages")
    with open_archive(folder / "archive") as archive:
        archive.begin_run("live", "desk")
        body = (SAMPLES / "hongze-2023" / "page.html").read_bytes()
        archive.record(Visit("https://example.invalid/2023.html", "2024-01-20T01:02:03Z", "live", 200, body=body))
        archive.finish_run()
    with (folder / "crawl.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        payload = BytesIO((SAMPLES / "pingtan-2020" / "page.html").read_bytes())
        uri = "https://example.invalid/2020.html"
        writer.write_record(writer.create_warc_record(uri, "response", payload=payload, http_headers=headers))
    return folder


@pytest.fixture(scope="module")
def demo(desk):
    """What `make demo` builds."""
    build([desk / "corpus" / "samples"], desk / "demo-dataset")
    return gongkai.open_dataset(desk / "demo-dataset")


def run(command, folder):
    """Run a command line as a user does whose environment is this one."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=os.environ | {"PATH": path, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


# The READMEs.


@pytest.mark.parametrize("name", READMES)
def test_the_readme_begins_with_the_two_commands(name):
    text = read(name)
    assert commands(text)[:2] == ["make demo", "make test"]
    assert text.index("```sh") < text.index("## ")


def test_both_readmes_have_the_same_headings_commands_and_code():
    english, chinese = (read(name) for name in READMES)
    assert commands(english) == commands(chinese)
    assert blocks(english, "csv") == blocks(chinese, "csv")
    assert code(english) == code(chinese)
    assert levels(english) == levels(chinese)
    assert links(english) - {READMES[1]} == links(chinese) - {READMES[0]}
    measured = [
        sorted(re.findall(r"\d\.\d", section(text, title)))
        for text, title in zip((english, chinese), ("Speed", "速度"), strict=True)
    ]
    assert measured[0] == measured[1] != []


def levels(text):
    return [len(marks) for marks in HEADING.findall(BLOCK.sub("", text))]


def links(text):
    return set(LINK.findall(text))


def code(text):
    """Lines of Python without the comments that are there for the reader; those that say what is printed stay."""
    lines = "".join(blocks(text, "python")).splitlines()
    return [line if line.startswith("print(") else line.partition("  # ")[0] for line in lines]


def test_the_commands_of_the_readme_run(desk):
    wanted = [
        command
        for command in commands(read("README.md"))
        if command not in NOT_RUN and not asks_the_web(command) and not command.startswith(SERVES)
    ]
    assert len(wanted) > 3
    for command in wanted:
        # what check and diff find is an answer, too
        fine = (0, EXIT_FOUND) if command.startswith(("gongkai check", "gongkai diff")) else (0,)
        program, *words = shlex.split(command)
        assert program == "gongkai"
        with contextlib.chdir(desk):  # in this process: forty starts of Python would be most of the time
            done = CliRunner().invoke(app, words, catch_exceptions=False)
        assert done.exit_code in fine, f"{command}\n{done.output}"
    coverage = gongkai.open_dataset(desk / "dataset").coverage
    assert set(coverage["outcome"]) == {"ok"}


def test_the_python_of_the_readme_runs_and_prints_what_its_comments_say(desk):
    run("gongkai build pages -o dataset", desk)
    for body in blocks(read("README.md"), "python"):
        said = [line.partition("  # ")[2] for line in body.splitlines() if line.startswith("print(")]
        script = desk / "readme.py"
        script.write_text(body, encoding="utf-8")
        done = run("python readme.py", desk)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == said


def test_the_example_of_the_readme_is_in_the_demo(demo):
    report = demo.reports[(demo.reports["agency"] == "上海市人民政府办公厅") & (demo.reports["report_year"] == 2019)]
    (capture_id,) = report["capture_id"]
    cells = demo.cells[(demo.cells["capture_id"] == capture_id) & (demo.cells["table_no"] == 1)]
    (received,) = cells[(cells["row"] == 3) & (cells["col"] == 9)].to_dict("records")
    (granted,) = cells[(cells["row"] == 5) & (cells["col"] == 9)].to_dict("records")
    assert (received["indicator"], received["applicant"], received["raw"]) == ("requests_received", "total", "859")
    assert (granted["indicator"], granted["applicant"], granted["state"]) == ("granted_full", "total", "blank")
    parts = cells[(cells["row"] == 5) & (cells["col"] < 9)]["value"].dropna()
    assert sorted(parts) == [1, 1, 12, 258]
    for name in READMES:
        for words in (capture_id, received["row_path"], received["col_path"], received["xpath"], "272"):
            assert words in read(name)


@pytest.mark.parametrize("page", [*READMES, "docs/explore.md"])
def test_the_explorers_of_the_docs_can_be_started_as_given(page):
    explored = [shlex.split(command)[2:] for command in commands(read(page)) if command.startswith(SERVES)]
    assert len(explored) > 1
    for words in explored:
        assert typer.main.get_command(app).commands["explore"].make_context("explore", words).params["dataset"]


def asks_the_web(command):
    return command.startswith(ASKS_THE_WEB)


@pytest.mark.parametrize("page", ["README.md", "docs/fetching.md"])
def test_the_fetches_of_the_docs_can_be_carried_out_as_given(page):
    fetches = [shlex.split(command)[2:] for command in commands(read(page)) if asks_the_web(command)]
    assert len(fetches) > 1
    for words in fetches:
        context = typer.main.get_command(app).commands["fetch"].make_context("fetch", words)
        assert context.params["sources"]
        assert context.params["contact"]


# Make.


def test_every_make_target_of_the_docs_is_in_the_makefile():
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"`?\bmake ([a-z]+)`", page.read_text(encoding="utf-8"))) <= targets


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_what_the_demo_proposes_next_runs(desk, demo):
    environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    dry = subprocess.run(
        ["make", "--dry-run", "demo", f"PYTHON={sys.executable}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    explored, *proposed = [
        shlex.split(line)[1].strip() for line in dry.stdout.splitlines() if "'    .venv/bin/" in line
    ]
    assert explored.startswith(f".venv/bin/{SERVES}")
    with exploring(*shlex.split(explored)[2:], folder=desk) as explorer:
        assert explorer.address in dry.stdout or "is taken" in explorer.stderr
        with urllib.request.urlopen(explorer.address) as home:
            assert "平潭" in home.read().decode()
        explorer.stop(signal.SIGTERM)  # as whoever looks after services stops one
    assert explorer.exit_code == 0
    assert len(proposed) == 5
    for command in proposed:
        done = run(command.removeprefix(".venv/bin/"), desk)
        assert done.returncode == (EXIT_FOUND if " check " in command or " diff " in command else 0), done.stderr
        assert done.stdout.count("\n") > 8


# What users meet: commands, options, exit codes, tables, outcomes, findings.


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_option_is_explained(name):
    text = read(name)
    for command in typer.main.get_command(app).commands.values():
        assert f"gongkai {command.name}" in text
        for parameter in command.params:
            for option in (*parameter.opts, *parameter.secondary_opts):
                if option.startswith("-") and option != "--help":
                    assert re.search(rf"(?<![\w-]){option}(?![\w-])", text), f"{command.name} {option}"


@pytest.mark.parametrize("name", READMES)
def test_every_exit_code_and_table_is_explained(name):
    text = read(name)
    for code in (0, EXIT_FOUND, EXIT_USAGE, EXIT_STOPPED):
        assert f"\n| {code} |" in text
    assert [row for row in CODE_ROW.findall(text) if row in TABLES] == TABLES


def test_every_outcome_is_explained():
    assert set(CODE_ROW.findall(section(HOW_IT_READS, "Outcomes"))) == set(OUTCOMES)


def test_every_finding_in_the_code_is_explained_and_no_other():
    explained = CODE_ROW.findall(HOW_IT_READS.partition("## Findings")[2])
    assert len(explained) == len(set(explained))
    assert set(explained) == finding_codes()


def test_every_finding_of_the_demo_is_explained(demo):
    assert set(demo.findings["code"]) <= set(CODE_ROW.findall(HOW_IT_READS))


def finding_codes():
    """Codes of all findings that the code can make, read from its syntax."""
    found = set()
    for package in ("corpus", "parsers", "outputs", "gongkai"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "explorer" in path.parts:
                continue  # it shows the findings that others made
            found |= codes_in(ast.parse(path.read_text(encoding="utf-8")), path)
    return found


def codes_in(tree, path):
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    found = {text for call in calls if name_of(call.func) == "_note" for text in constants(call.args[0])}
    for call in calls:
        if name_of(call.func) == "Finding":
            found |= set(codes_of_finding(call.args[0], tree, path))
        elif ast.unparse(call.func) == "codes.append":  # the self-checks of sections
            found |= set(constants(call.args[0]))
    return found - {"empty"}  # a section without text is a status, no finding (parsers/report.py)


def codes_of_finding(code, tree, path) -> Iterator[str]:
    """What the first argument of a Finding can be: written out, put together with a place, or a variable."""
    if isinstance(code, ast.Constant):
        yield code.value
    elif isinstance(code, ast.JoinedStr):
        places = {ast.unparse(call.args[1]) for call in calls_of(tree, "_Named")} - {"'title'", "''"}
        prefix = "".join(constants(code))
        yield from (prefix + place.strip("'") for place in places)
    else:
        assert isinstance(code, ast.Name), f"{path}: a code that this test cannot read: {ast.unparse(code)}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == code.id:
                yield from constants(node.value)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "findings.append":
                yield from constants(node.args[0].elts[0]) if isinstance(node.args[0], ast.Tuple) else ()


def calls_of(tree, name):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node.func) == name]


def name_of(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def constants(node):
    """Strings that an expression can give: of both branches, not of its condition."""
    if isinstance(node, ast.IfExp):
        return [*constants(node.body), *constants(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        return [text for part in node.values for text in constants(part)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


# The pages themselves.


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in links(page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_names_of_columns_in_how_it_reads_are_columns():
    columns = {column.name for table in schema.TABLES for column in table.columns}
    where = [row.split(" | ")[2] for row in section(HOW_IT_READS, "Stages").splitlines() if row.startswith("| ")]
    named = {name for cell in where for name in re.findall(r"`(\w+)`", cell)}
    assert named - columns - set(TABLES) - set(OUTCOMES) == set()


def test_indicators_that_the_docs_name_exist():
    named = {name for page in READMES for name in re.findall(r"`((?:requests|granted)_\w+)`", read(page))}
    assert named
    assert named <= set(load_indicators())
