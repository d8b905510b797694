"""A dataset knows where its pages lie, however they were named, and looks for them where it was moved with them."""

import json
import shutil
from pathlib import Path

from gongkai.build import build
from gongkai.pagestore import sources_of

PAGE = Path(__file__).parents[2] / "corpus" / "samples" / "sample-tax-2013" / "page.html"


def test_pages_far_from_the_dataset_are_found_and_no_table_tells_where(tmp_path, monkeypatch):
    pages, dataset = tmp_path / "disk" / "one" / "pages", tmp_path / "a" / "b" / "c" / "d" / "e" / "dataset"
    pages.mkdir(parents=True)
    shutil.copy(PAGE, pages)
    build([pages], dataset)
    monkeypatch.chdir(dataset)
    (found,) = sources_of(dataset)
    assert found.path.samefile(pages)
    assert json.loads((dataset / "run.json").read_text())["sources"] == ["pages"]
    build([pages], dataset)  # what is kept beside the dataset is in nobody's way

    (dataset / ".gongkai-sources.json").write_text('["../elsewhere"]')
    assert sources_of(dataset)[0].path is None, "places of another run are not taken"
    shutil.copytree(pages, dataset.parent / "pages")
    assert sources_of(dataset)[0].path.samefile(dataset.parent / "pages")
    (dataset / ".gongkai-sources.json").unlink()
    assert sources_of(dataset)[0].path.samefile(dataset.parent / "pages")
