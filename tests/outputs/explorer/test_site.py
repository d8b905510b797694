"""The static site: no link leads nowhere, the same bytes every time, and nobody's files are touched."""

import hashlib
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

from gongkai.shelf import open_shelf
from outputs.directory import RUN_FILE
from outputs.errors import ExplorerError
from outputs.explorer import paths, site
from outputs.explorer.addresses import file_of
from outputs.explorer.kinds import KINDS
from outputs.explorer.pages import chart
from outputs.explorer.policies import SITE
from outputs.explorer.records import Answer
from outputs.explorer.site import write_site
from outputs.explorer.siteplace import SITE_FILE

PINGTAN_2020 = "518b9c98e6e89756"


class Watch:
    def __init__(self):
        self.total = self.done = 0

    def begin(self, total):
        self.total = total

    def more(self, number):
        self.done += number


@pytest.fixture(scope="module")
def here():
    """All pages in this process, and pictures that are not drawn: what they show is tested where they are made."""

    def answer(desk, asked):
        return Answer(b"", "image/png") if asked.path.endswith(".png") else chart.KIND.answer(desk, asked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "_PATHS_PER_PROCESS", 10_000)
        patch.setattr(
            "outputs.explorer.kinds.KINDS",
            [replace(kind, answer=answer) if kind is chart.KIND else kind for kind in KINDS],
        )
        yield


@pytest.fixture(scope="module")
def written(dataset, tmp_path_factory, here):
    """A site of the samples, and what was said of it."""
    target = tmp_path_factory.mktemp("site") / "below" / "here"
    watch = Watch()
    told = write_site(dataset, target, partial(open_shelf, dataset), watch=watch)
    assert (watch.done, watch.total) == (told.n_files, told.n_files)
    return target, told


@pytest.fixture(scope="module")
def pages(written):
    """Every page of the site as a tree, by its file."""
    target, _ = written
    return {path: lxml.html.fromstring(path.read_bytes()) for path in sorted(target.rglob("*.html"))}


@pytest.fixture
def few(monkeypatch):
    """Sites of styles, scripts and one page: quickly written where the pages do not matter."""
    monkeypatch.setattr(site, "KINDS", [kind for kind in KINDS if kind.name in {"assets", "about"}])


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_page_is_written_and_none_fails(written, dataset):
    target, told = written
    assert told.failed == ()
    assert told.n_files == len(files_of(target)) - 1  # the list of them is no page
    for path in (
        "",
        paths.ABOUT,
        paths.SEARCH,
        paths.checks(),
        paths.report(PINGTAN_2020),
        paths.archived(PINGTAN_2020),
    ):
        assert (target / file_of(path)).is_file()
    reports = {path.name for path in (target / "report").iterdir()}
    assert len(reports) == 15
    assert not dataset.joinpath("index.html").exists()


def test_no_link_of_the_site_leads_nowhere(pages, written):
    target, _ = written
    anchors = {path: {*tree.xpath("//@id"), *tree.xpath("//@name")} for path, tree in pages.items()}
    lost = []
    for path, tree in pages.items():
        for link in tree.xpath("//@href | //@src | //@action | //form/@action"):
            parts = urlsplit(link)
            if parts.scheme in {"http", "https", "data", "mailto"}:
                continue
            assert not parts.scheme
            assert not link.startswith("/"), f"{path}: {link} would leave a site that stands below a prefix"
            found = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            is_there = found.is_file() and found.is_relative_to(target.resolve())
            anchor = unquote(parts.fragment)
            if not is_there or (anchor and found.suffix == ".html" and anchor not in anchors[found]):
                lost.append(f"{path.relative_to(target)}: {link}")
    assert lost == []


def test_pages_say_their_own_rules_and_offer_no_sql(pages, written):
    target, _ = written
    for path, tree in pages.items():
        if path.parent != target / "archived":
            assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [SITE], path
            assert not [link for link in tree.xpath("//@href") if "dataset" in link.split("/")]
        assert tree.xpath("//script[not(@src)]") == []


def test_processes_write_the_same_bytes(written, dataset, tmp_path, monkeypatch):
    target, _ = written
    slow = {"agency", "chart", "years", "captures"}  # what draws takes seconds to load, in each process
    monkeypatch.setattr(site, "KINDS", [kind for kind in KINDS if kind.name not in slow])
    monkeypatch.setattr(site, "_PATHS_PER_PROCESS", 100)
    monkeypatch.setattr(site.os, "cpu_count", lambda: 2)
    write_site(dataset, tmp_path / "again", partial(open_shelf, dataset), watch=Watch())
    again = files_of(tmp_path / "again")
    del again[SITE_FILE]
    assert len(again) > 100
    assert again == {name: digest for name, digest in files_of(target).items() if name in again}


class NoShelf:
    pass


@pytest.mark.usefixtures("few")
def test_a_site_takes_the_place_of_the_one_before(dataset, tmp_path):
    target = tmp_path / "site"
    write_site(dataset, target, NoShelf, watch=Watch())
    before = files_of(target)
    (target / ".git").mkdir()
    (target / ".git" / "HEAD").write_text("kept")
    (target / "about.html").write_text("old")
    write_site(dataset, target, NoShelf, watch=Watch())
    assert files_of(target) == before | {".git/HEAD": hashlib.sha256(b"kept").hexdigest()}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("foreign", ["notes.txt", "assets/mine.css", "about.html"])
def test_files_of_others_are_not_overwritten(dataset, tmp_path, foreign):
    target = tmp_path / "site"
    if foreign != "about.html":
        write_site(dataset, target, NoShelf, watch=Watch())
    (target / foreign).parent.mkdir(parents=True, exist_ok=True)
    (target / foreign).write_text("mine")
    with pytest.raises(ExplorerError, match=foreign) as caught:
        write_site(dataset, target, NoShelf, watch=Watch())
    assert caught.value.code == "foreign_files"
    assert (target / foreign).read_text() == "mine"


def test_a_site_is_not_written_into_what_it_is_made_of(dataset, tmp_path):
    for target, outside in ((dataset / "site", ()), (tmp_path / "archive" / "site", (tmp_path / "archive",))):
        with pytest.raises(ExplorerError) as caught:
            write_site(dataset, target, NoShelf, outside=outside, watch=Watch())
        assert caught.value.code == "inside_dataset"
    (tmp_path / "file").write_text("")
    with pytest.raises(ExplorerError, match="is a file"):
        write_site(dataset, tmp_path / "file", NoShelf, watch=Watch())


@pytest.mark.usefixtures("few")
def test_a_run_that_ends_badly_leaves_what_was_there(dataset, tmp_path, monkeypatch):
    target = tmp_path / "site"
    write_site(dataset, target, NoShelf, watch=Watch())
    before = files_of(target)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(site, "answer", stop)
    with pytest.raises(KeyboardInterrupt):
        write_site(dataset, target, NoShelf, watch=Watch())
    assert files_of(target) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.usefixtures("few")
def test_a_page_that_fails_says_so_in_its_place(dataset, tmp_path, monkeypatch, caplog):
    def fail(_desk, path):
        if path == paths.ABOUT:
            raise RuntimeError("secret")
        return Answer(path)

    monkeypatch.setattr(site, "answer", fail)
    told = write_site(dataset, tmp_path / "site", NoShelf, watch=Watch())
    assert told.failed == (paths.ABOUT,)
    assert "secret" in caplog.text
    page = (tmp_path / "site" / "about.html").read_text(encoding="utf-8")
    assert "could not be made" in page
    assert "secret" not in page


@pytest.mark.usefixtures("few")
def test_a_dataset_that_changes_meanwhile_gives_no_site(dataset, tmp_path, monkeypatch):
    folder = shutil.copytree(dataset, tmp_path / "d")

    def change(_desk, path):
        (folder / RUN_FILE).write_text("{}")
        return Answer(path)

    monkeypatch.setattr(site, "answer", change)
    with pytest.raises(ExplorerError) as caught:
        write_site(folder, tmp_path / "site", NoShelf, watch=Watch())
    assert caught.value.code == "dataset_changed"
    assert not Path(tmp_path / "site").exists()
    assert SITE_FILE.startswith(".")
