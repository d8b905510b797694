"""What is installed is whole: the wheel carries its data, and works far from the checkout with what it asks for."""

import csv
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "scraper", "parsers", "outputs", "gongkai")
NO_SOURCE = shutil.ignore_patterns("__pycache__", "*.pyc")
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy of the sources, so that nothing in the checkout takes part or is changed."""
    pytest.importorskip("setuptools", "77", reason="setuptools 77 builds the wheel; it is in the extra dev")
    source, dist = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=NO_SOURCE)
    done(*PIP, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", dist, source)
    (built,) = dist.glob("gongkai-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel into an empty environment; return its folder of commands and what to run them with."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "env", with_pip=False, symlinks=os.name != "nt")
    commands = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    done(*PIP, "--python", commands / "python", "install", "--quiet", "--no-deps", "--no-index", wheel)
    libraries = folder / "libraries"
    libraries.mkdir()
    for path in files_of_requirements():
        (libraries / path.name).symlink_to(path)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return commands, kept | {"PYTHONPATH": str(libraries), "PYTHONUTF8": "1"}


def files_of_requirements():
    """What the packages that gongkai asks for, and those that they ask for, have at the top of site-packages.

    They stand in for what an installer would fetch: nothing else of this environment is within reach.
    """
    waiting, seen, paths = ["gongkai"], set(), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        wanted = [Requirement(line) for line in metadata.requires(name) or ()]
        waiting += [one.name.lower() for one in wanted if not one.marker or one.marker.evaluate({"extra": ""})]
        if name != "gongkai":
            tops = {file.parts[0] for file in metadata.files(name) or ()} - {"..", "__pycache__"}
            paths |= {Path(metadata.distribution(name).locate_file(top)) for top in tops}
    return sorted(paths)


def done(*command, **options):
    """Run a command that has to succeed; return what it prints."""
    result = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, encoding="utf-8", check=False, **options
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    beside = {name for name in inside if re.match(r"gongkai-[^/]+\.dist-info/", name)}
    sources = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sorted(sources - inside) == []
    assert sorted(inside - beside - sources) == []
    assert any(name.endswith("LICENSE") for name in beside)


def test_the_wheel_says_what_it_needs_and_what_it_is(wheel):
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    about = archive.read(name).decode()
    assert "\nRequires-Python: >=3.11\n" in about
    assert "\nLicense-Expression: MIT\n" in about
    assert "# gongkai" in about  # the README


def test_build_works_far_from_the_checkout(installed, tmp_path):
    commands, environment = installed
    shutil.copy(ROOT / "corpus" / "samples" / "hongze-2023" / "page.html", tmp_path / "report.html")
    done(commands / "gongkai", "build", "report.html", "-o", "dataset", cwd=tmp_path, env=environment)
    with (tmp_path / "dataset" / "reports.csv").open(encoding="utf-8", newline="") as file:
        (report,) = csv.DictReader(file)
    # a slip in one of its labels (其他法律行政止公开) needs jieba's dictionary and ours
    assert (report["agency"], report["report_year"], report["n_findings"]) == ("淮安市洪泽区人民政府", "2023", "1")
    assert report["n_cells"] == report["n_cells_mapped"] == "186"


def test_show_python_and_the_samples_work_far_from_the_checkout(installed, tmp_path):
    commands, environment = installed
    code = (
        "import gongkai, importlib.resources as r; page = r.files('corpus.samples') / 'pingtan-2021' / 'page.html'; "
        "print(gongkai.__file__); print(gongkai.parse(page.read_bytes()).agency); print(page)"
    )
    file, agency, page = done(commands / "python", "-c", code, cwd=tmp_path, env=environment).splitlines()
    assert Path(file).is_relative_to(commands.parent)
    assert agency == "平潭综合实验区管委会"
    shown = done(commands / "gongkai", "show", page, cwd=tmp_path, env=environment)
    assert shown.startswith("平潭综合实验区2021年度政府信息公开工作年度报告")
