"""What the user wants fetched: addresses, lists of addresses, CSV in the charsets and settings of spreadsheets."""

import io
import sys
import tracemalloc

import pytest

from scraper.errors import FetchError
from scraper.records import Target
from scraper.targets import clean_address, read_targets

A, B, C = (f"http://www.example.gov.cn/{name}.htm" for name in "abc")
FINANCE = "清河县财政局"


def source(tmp_path, text, codec="utf-8", name="list.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(codec))
    return str(path)


def refused(*sources, **kept):
    with pytest.raises(FetchError) as caught:
        list(read_targets(sources, **kept))
    error = caught.value
    assert error.what
    assert error.next_step
    return error.code, error.where


def test_addresses_from_the_command_line():
    found = list(read_targets([A, f" {B}#top ", A], kind="list"))
    assert found == [Target(A, "list"), Target(B, "list")]


def test_one_address_a_line(tmp_path):
    path = source(tmp_path, f"\n# reports of the county\n{A}\r\n\n　{B}\n#{C}\n{A}")
    assert list(read_targets([path])) == [Target(A), Target(B)]


def test_an_address_may_hold_commas(tmp_path):
    path = source(tmp_path, f"{A}?a=1,2\n{B};b,c\n")
    assert [target.url for target in read_targets([path])] == [f"{A}?a=1,2", f"{B};b,c"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("mark", ",;\t")
def test_csv_as_spreadsheets_write_it(tmp_path, codec, mark):
    rows = [
        ("年度", "机构", "网址", "附注"),
        ("2021年", FINANCE, A, "甲"),
        ("", "", B, ""),
        ("２０２０", FINANCE, C, ""),
    ]
    path = source(tmp_path, "\r\n".join(mark.join(row) for row in rows), codec)
    assert list(read_targets([path])) == [
        Target(A, agency=FINANCE, report_year=2021),
        Target(B),
        Target(C, agency=FINANCE, report_year=2020),
    ]


@pytest.mark.parametrize("column", ["url", "URL", "网址", "link", "source_uri", ' "url" '])
def test_names_of_the_column_of_addresses(tmp_path, column):
    path = source(
        tmp_path, f"# from the register\n\nagency,{column},kind\n{FINANCE},{A},list\n,{B},\n,#{C},\n,,\n{FINANCE}\n"
    )
    assert list(read_targets([path])) == [Target(A, "list", FINANCE), Target(B)]


def test_a_quoted_cell_may_hold_what_parts_columns(tmp_path):
    path = source(tmp_path, f'url,agency\n"{A}?a=1,2","甲,乙\n局"\n{B},x\n')
    assert [(one.url, one.agency) for one in read_targets([path])] == [(f"{A}?a=1,2", "甲,乙\n局"), (B, "x")]


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"网址,机构\n{A},{FINANCE}\n".encode("gbk"))))
    assert list(read_targets(["-"])) == [Target(A, agency=FINANCE)]


def test_several_sources_are_one_list(tmp_path):
    one = source(tmp_path, f"{A}\n{B}\n", name="1.txt")
    two = source(tmp_path, f"url,agency\n{B},\n{C},{FINANCE}\n", name="2.csv")
    assert [target.url for target in read_targets([one, two])] == [A, B, C]


def test_one_address_with_different_words_is_refused(tmp_path):
    path = source(tmp_path, f"url,report_year\n{A},2021\n{B},2021\n{A},2020\n")
    assert refused(path) == ("targets_conflict", f"{path}, line 2; {path}, line 4")


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("agency,report_year\n甲,2021\n", "targets_columns", ""),
        (f"{A},{FINANCE},2021\n", "targets_columns", "line 1"),
        (f"{A}\n{B}\t2021\n", "targets_columns", "line 2"),
        (f"url,report_year\n\n{A},20201\n", "targets_year", "line 3, column report_year"),
        (f"url,kind\n{A},report\n", "targets_kind", "line 2, column kind"),
        (f"url,kind\n{A},attachment\n", "targets_kind", "line 2, column kind"),
        (f"{A}\n\nwww.example.gov.cn/a.htm\n", "bad_address", "line 3: 'www.example.gov.cn/a.htm'"),
        ("url\nftp://www.example.gov.cn/a\n", "bad_address", "line 2, column url: 'ftp://www.example.gov.cn/a'"),
        (f"{A} {B}\n", "bad_address", f"line 1: '{A} {B}'"),
        (b"url\n\xff\xff\xff\xff\n", "targets_unreadable", ""),
        (f"url\n{A},{'x' * 200_000}\n", "targets_unreadable", ""),
        ("# nothing\n\n", "no_address", ""),
        ("url,agency\n", "no_address", ""),
        ("", "no_address", ""),
    ],
)
@pytest.mark.usefixtures("python_csv")
def test_what_is_wrong_is_said_with_its_place(tmp_path, text, code, where):
    found, place = refused(source(tmp_path, text))
    assert found == code
    assert place.endswith(where)
    assert "list.csv" in place or code == "targets_columns"


def test_sources_that_are_neither_address_nor_file(tmp_path):
    assert refused(str(tmp_path / "none.txt"))[0] == "targets_unreadable"
    assert refused(str(tmp_path))[0] == "targets_unreadable"
    assert refused("ftp://www.example.gov.cn/")[0] == "bad_address"
    assert refused()[0] == "no_address"


def test_a_long_list_is_read_as_it_is_needed(tmp_path):
    path = tmp_path / "long.txt"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{A}?n={n}\n" for n in range(300_000))
    tracemalloc.start()
    try:
        targets = read_targets([str(path)])
        assert [next(targets).url for _ in range(3)] == [f"{A}?n={n}" for n in range(3)]
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert held < 10 * 2**20 < path.stat().st_size


def test_a_long_list_takes_no_memory(tmp_path):
    """Twice as many addresses, the same memory; and of all of them a double is known."""
    path = source(tmp_path, "".join(f"{A}?n={n}\n" for n in range(5_000)) + f"{A}?n=7\n")
    held = {}
    tracemalloc.start()
    try:
        for number, _ in enumerate(read_targets([path]), 1):
            if number in (2_500, 5_000):
                held[number] = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert number == 5_000
    assert held[5_000] - held[2_500] < 20_000  # not eight bytes for each address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f" \u3000\ufeff{A}\u200b\r\n", A),
        (f"“{A}”", A),
        (f"<{A}>", A),
        ("HTTP://WWW.Example.GOV.cn", "http://www.example.gov.cn/"),
        ("https://www.example.gov.cn:8443?a=1#b", "https://www.example.gov.cn:8443/?a=1"),
        ("ｈｔｔｐ：／／ｗｗｗ．ｅｘａｍｐｌｅ．ｇｏｖ．ｃｎ／ａ．ｈｔｍ".replace("／ａ．ｈｔｍ", "／a.htm"), A),
        ("http：//www.example.gov.cn/a.htm", A),
        ("http://www。example。gov。cn/a.htm", A),
        ("http:\\\\www.example.gov.cn\\a.htm", A),
        ("http://年报.中国/", "http://xn--hwt46g.xn--fiqs8s/"),
        ("http://a.cn/年报（2021）.htm", "http://a.cn/%E5%B9%B4%E6%8A%A5%EF%BC%882021%EF%BC%89.htm"),
        ("http://a.cn/%c4%ea.htm?a=%C4%EA&b=%E5%B9%B4", "http://a.cn/%c4%ea.htm?a=%C4%EA&b=%E5%B9%B4"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8001/a"),
    ],
)
def test_addresses_as_people_write_them(text, address):
    assert clean_address(text) == address
    assert clean_address(address) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "a.htm", "/a.htm", "www.example.gov.cn", "www.example.gov.cn:8080/a", "//www.example.gov.cn/"),
        *("ftp://a.cn/", "file:///etc/hosts", "javascript:alert(1)", "data:text/html,a", "mailto:a@b.cn"),
        *("http://", "http:", "http:///a", "http://?a", "http://a b.cn/", "http://a.cn/a b", "http://a.cn/a\x00b"),
        *("http://a.cn:port/", "http://a.cn:99999/", "http://[::1/", "http://user:word@a.cn/", "http://user@a.cn/"),
        "http://" + "a" * 64 + "年.cn/",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(FetchError) as caught:
        clean_address(text, where="list.txt, line 7")
    assert caught.value.code == "bad_address"
    assert caught.value.where.startswith("list.txt, line 7: ")
    assert caught.value.next_step


def test_a_password_is_not_shown():
    with pytest.raises(FetchError) as caught:
        clean_address("http://user:word@a.cn/b")
    assert caught.value.where == "'…@a.cn/b'"
