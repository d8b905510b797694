"""Pages that browsers saved with everything they show."""

import contextlib
import random
import time

import pytest

from corpus.errors import UnpackError
from corpus.mhtml import MhtmlPage, read_mhtml

BLINK = (
    b"From: <Saved by Blink>\r\n"
    b"Snapshot-Content-Location: https://www.example.gov.cn/2021/t1.html\r\n"
    b"Subject: =?utf-8?Q?x?=\r\n"
    b"Date: Tue, 8 Mar 2022 09:30:05 +0800\r\n"
    b"MIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--B--"\r\n\r\n'
    b"----B--\r\nContent-Type: text/html; charset=gbk\r\nContent-ID: <frame-1@mhtml.blink>\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n"
    b"Content-Location: https://www.example.gov.cn/2021/t1.html\r\n\r\n"
    b"<html><td>=CA=FD 1=\r\n2</td></html>\r\n"
    b"----B--\r\nContent-Type: text/css\r\nContent-Location: cid:css@mhtml.blink\r\n\r\np {}\r\n"
    b"----B----\r\n"
)


def refused(data):
    with pytest.raises(UnpackError) as caught:
        read_mhtml(data)
    return caught.value


def test_the_root_part_is_the_page():
    assert read_mhtml(BLINK) == MhtmlPage(
        data=b"<html><td>\xca\xfd 12</td></html>",
        source_uri="https://www.example.gov.cn/2021/t1.html",
        captured_at="2022-03-08T01:30:05Z",
        media_type="text/html",
        charset="gbk",
    )


def test_the_start_parameter_names_the_root():
    data = (
        b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B; start="<two@x>"\n\n'
        b"--B\nContent-Type: text/html\nContent-ID: <one@x>\n\n<p>frame</p>\n"
        b"--B\nContent-Type: text/html\nContent-ID: <two@x>\n\n<p>page</p>\n--B--\n"
    )
    assert read_mhtml(data).data == b"<p>page</p>"


def test_base64_of_internet_explorer_is_undone_and_a_local_address_is_no_source():
    data = (
        b"From: <Saved by Windows Internet Explorer 8>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; boundary="B"\r\n\r\n'
        b'--B\r\nContent-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n'
        b"Content-Location: file://C:\\report.htm\r\n\r\nPGh0bWw+MTI8\r\nL2h0bWw+\r\n--B--\r\n"
    )
    page = read_mhtml(data)
    assert (page.data, page.source_uri, page.captured_at) == (b"<html>12</html>", "", "")


def test_eight_bit_parts_keep_their_bytes():
    data = BLINK.replace(b"quoted-printable", b"8bit").replace(b"=CA=FD", b"\xca\xfd")
    assert b"\xca\xfd" in read_mhtml(data).data


def test_an_address_in_encoded_words_is_read():
    data = BLINK.replace(
        b"Snapshot-Content-Location: https://www.example.gov.cn/2021/t1.html",
        b"Snapshot-Content-Location: =?utf-8?Q?https://www.example.gov.cn/?=\r\n =?utf-8?Q?=E5=B9=B4.html?=",
    )
    assert read_mhtml(data).source_uri == "https://www.example.gov.cn/年.html"


def test_an_address_in_broken_encoded_words_is_none():
    data = BLINK.replace(b"https://www.example.gov.cn/2021/t1.html", b"=?x\0y?Q?https://x.cn?=")
    assert read_mhtml(data).source_uri == ""


def test_a_message_that_is_one_page_is_read():
    assert read_mhtml(b"MIME-Version: 1.0\nContent-Type: text/html\n\n<p>1</p>").data == b"<p>1</p>"


@pytest.mark.parametrize("date", [b"yesterday", b"Tue, 99 Mar 2022 09:30:05 +0800"])
def test_a_date_that_is_none_is_silent(date):
    assert read_mhtml(BLINK.replace(b"Tue, 8 Mar 2022 09:30:05 +0800", date)).captured_at == ""


def test_a_file_cut_inside_the_page_is_damaged():
    assert refused(BLINK[: BLINK.index(b"2</td>")]).code == "damaged"


def test_a_file_cut_behind_the_page_still_holds_it():
    assert read_mhtml(BLINK[: BLINK.index(b"p {}")]).data == b"<html><td>\xca\xfd 12</td></html>"


def test_broken_base64_is_damaged():
    data = BLINK.replace(b"quoted-printable", b"base64").replace(b"<html><td>=CA=FD", b"PGh0bWw+M")
    assert refused(data).code == "damaged"


@pytest.mark.parametrize(
    "data",
    [
        BLINK.replace(b"Content-Type: text/html; charset=gbk", b"Content-Type: image/png"),
        BLINK.replace(b"<html><td>=CA=FD 1=\r\n2</td></html>", b""),
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n\nno boundary",
    ],
)
def test_a_file_without_a_page_says_so(data):
    assert refused(data).code == "no_page"


@pytest.mark.parametrize(
    "level", [b"--%d\nContent-Type: multipart/mixed; boundary=%d\n\n", b"--%d\nContent-Type: message/rfc822; x=%d\n\n"]
)
def test_parts_nested_without_end_are_refused_soon(level):
    parts = b"".join(level % (n, n + 1) for n in range(20_000))
    started = time.monotonic()
    error = refused(b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=0\n\n" + parts)
    assert error.code == "damaged"
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("seed", range(3))
def test_no_damage_raises_anything_but_the_named_error(seed):
    rng = random.Random(seed)
    for _ in range(300):
        data = bytearray(BLINK)
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        data = data[: rng.randrange(len(data))] if rng.random() < 0.3 else data
        with contextlib.suppress(UnpackError):
            page = read_mhtml(bytes(data))
            (page.source_uri + page.charset + page.media_type).encode()
