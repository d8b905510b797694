"""The rules of the house that no linter knows: who may import whom, how long a module is, where labels stand."""

import ast
import csv
import io
import re
import tokenize
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "scraper", "parsers", "outputs", "gongkai")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MAX_LINES = 400

# Data flows one way: scraper → corpus → parsers → outputs; the front door knows all of them.
MAY_IMPORT = {
    "corpus": ("corpus",),
    "scraper": ("scraper", "corpus"),
    "parsers": ("parsers", "corpus"),
    "outputs": ("outputs", "corpus", "parsers.records"),
    "gongkai": PACKAGES,
}
OURS = (*PACKAGES, "tests", "benchmarks")
# The parser is pure: no file, no clock, no network, no chance.
IMPURE = {"http", "logging", "os", "pathlib", "random", "requests", "socket", "subprocess", "time", "urllib"}

# Two lists of words are one and the same when they share so many words, and so much of the shorter one.
SHARED_WORDS, SHARED_PART = 4, 0.7
HAN_WORD = re.compile("[\u3007\u4e00-\u9fff]{2,}")

# Written in two parts, so that this file does not break its own rules.
HOSTS = re.compile("py" r"pi|python" r"hosted|npm" r"js|crates" r"\.io|conda" r"-forge|index" r"[-_]url", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.~$})/-])/(?:home|mnt|opt|root|srv|Users|work)" r"/\w")
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")


def name(path):
    return path.relative_to(ROOT).as_posix()


def text_of(path):
    return path.read_text(encoding="utf-8")


def kept_files():
    """Text files that are, or are to be, in the repository; pages are fixtures, and not our words."""
    made = {"build", "dist", "demo-dataset", "demo-fetched", "__pycache__"}
    waiting, found = [ROOT], []
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            hidden = path.name.startswith(".") and path.name not in {".ci", ".gitignore", ".gitattributes"}
            if hidden or path.name in made or path.name.endswith(".egg-info"):
                continue
            if path.is_dir():
                waiting.append(path)
            elif not path.name.startswith("page."):
                found.append(path)
    return found


FILES = kept_files()
TREES = {path: ast.parse(text_of(path)) for path in MODULES}


def test_the_house_is_all_here():
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(PACKAGES)
    assert {name(path) for path in FILES} >= {"Makefile", ".ci/run", "pyproject.toml", "tests/test_house.py"}


# Layers.


def imports(path):
    """Dotted names of all that a module imports, wherever in it, `import_module` with a fixed name included."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name(path)}: packages are imported by their full names"
            # `from parsers import records` and `from parsers.records import Fact` both reach parsers.records
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (part.value for part in node.args[:1] if isinstance(part, ast.Constant))


def calls(path):
    return {ast.unparse(node.func) for node in ast.walk(TREES[path]) if isinstance(node, ast.Call)}


def is_within(target, layers):
    return any(f"{target}.".startswith(f"{layer}.") for layer in layers)


def test_imports_follow_the_order_of_the_layers():
    found = [
        f"{name(path)} imports {target}"
        for path in MODULES
        for target in imports(path)
        if is_within(target, OURS) and not is_within(target, MAY_IMPORT[path.relative_to(ROOT).parts[0]])
    ]
    assert found == []


def test_the_parser_is_pure():
    parser = [path for path in MODULES if is_within(path.relative_to(ROOT).parts[0], ("parsers",))]
    assert [f"{name(path)}: {target}" for path in parser for target in imports(path) if is_within(target, IMPURE)] == []
    assert [f"{name(path)}: {called}" for path in parser for called in calls(path) & {"open", "input"}] == []


# Size and words.


def lengths(paths):
    counted = {name(path): len(text_of(path).splitlines()) for path in paths}
    return {place: count for place, count in counted.items() if count > MAX_LINES}


def test_every_module_is_short():
    assert lengths(MODULES) == {}


def test_every_module_says_what_it_is_for():
    assert [name(path) for path in MODULES if not ast.get_docstring(TREES[path])] == []


def test_library_code_prints_nothing():
    assert [f"{name(path)}: {called}" for path in MODULES for called in calls(path) & {"print", "breakpoint"}] == []


def test_library_code_is_finished():
    assert [f"{name(path)}: {token}" for path in MODULES for token in comments(path) if UNFINISHED.search(token)] == []


def comments(path):
    tokens = tokenize.generate_tokens(io.StringIO(text_of(path)).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def test_no_file_names_a_registry_or_a_place_on_a_machine():
    found = [
        f"{name(path)}, line {number}: {line.strip()[:120]}"
        for path in FILES
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if HOSTS.search(line) or MACHINE_PATH.search(line)
    ]
    assert found == []


# Labels.


def word_lists():
    """Chinese words of every constant in the code that has three or more of them, by place."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
                strings = [part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant)]
                words = {word for text in strings if isinstance(text, str) for word in HAN_WORD.findall(text)}
                if len(words) > 2:
                    yield f"{name(path)}, line {node.lineno}", words


def data_lists():
    """Chinese words of every column of every data file, by place."""
    for path in sorted((ROOT / "corpus" / "data").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for column in rows[0]:
            cells = {row[column] or "" for row in rows}
            yield f"{name(path)}, column {column}", set(filter(HAN_WORD.fullmatch, cells))


def same(one, other):
    return len(one & other) >= SHARED_WORDS and len(one & other) >= SHARED_PART * min(len(one), len(other))


def test_no_list_of_labels_stands_twice_in_the_code():
    found = [(a, b, sorted(x & y)) for (a, x), (b, y) in combinations(word_lists(), 2) if same(x, y)]
    assert found == []


def test_no_list_of_labels_in_the_code_stands_in_the_data_too():
    data = list(data_lists())
    # a column of the data may well be long: what counts is how much of the code's list is in it
    found = [
        (a, b, sorted(x & y))
        for a, x in word_lists()
        for b, y in data
        if len(x & y) >= max(SHARED_WORDS, SHARED_PART * len(x))
    ]
    assert found == []
