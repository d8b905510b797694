import os
import random
import time

import pytest

from parsers.charset import declared_charset, family
from parsers.decode import decode
from parsers.hanzi import common_count, strangeness

TABLE = "<table><tr><td>收到行政复议</td><td>12</td></tr><tr><td>其中：维持</td><td>７</td></tr></table>"
PROSE = "<p>本年度共受理政府信息公开申请12件，均已按时答复。</p>"
PAGE = f"<html><head><title>政府信息公开工作年度报告</title></head><body>{PROSE}{TABLE}</body></html>"
PAGE_BIG5 = (
    "<html><head><title>政府資訊公開年度報告</title></head><body><p>本年度共受理申請12件，均已答覆。</p>"
    "<table><tr><td>收到行政覆議</td><td>12</td></tr></table></body></html>"
)


def declare(page: str, label: str) -> str:
    return page.replace("<head>", f'<head><meta http-equiv="Content-Type" content="text/html; charset={label}">')


def codes(decoded) -> list[str]:
    return [finding.code for finding in decoded.findings]


# What the page is in, what it says it is in (meta), the codec that must be used, whether the claim is a lie.
CLAIMS = [
    ("utf-8", "utf-8", "utf-8", False),
    ("utf-8", "UTF-8", "utf-8", False),
    ("utf-8", "gb2312", "utf-8", True),
    ("utf-8", "gbk", "utf-8", True),
    ("utf-8", "gb18030", "utf-8", True),
    ("utf-8", "big5", "utf-8", True),
    ("utf-8", "iso-8859-1", "utf-8", True),
    ("utf-8", "utf-16", "utf-8", True),
    ("utf-8", "no-such-charset", "utf-8", True),
    ("utf-8-sig", "gb2312", "utf-8", True),
    ("gb2312", "gb2312", "gb18030", False),
    ("gbk", "gb2312", "gb18030", False),
    ("gbk", "GB_2312-80", "gb18030", False),
    ("gbk", "x-gbk", "gb18030", False),
    ("gbk", "utf-8", "gb18030", True),
    ("gbk", "big5", "gb18030", True),
    ("gbk", "iso-8859-1", "gb18030", True),
    ("gbk", "us-ascii", "gb18030", True),
    ("gbk", "utf-16le", "gb18030", True),
    ("gb18030", "gbk", "gb18030", False),
    ("gb18030", "utf-8", "gb18030", True),
    ("utf-16", "utf-16", "utf-16-le", False),
    ("utf-16", "utf-8", "utf-16-le", True),
    ("utf-16-le", "utf-8", "utf-16-le", True),
    ("utf-16-be", "gb2312", "utf-16-be", True),
    ("utf-16-be", "unicode", "utf-16-be", False),
    ("utf-32", "utf-8", "utf-32-le", True),
    ("utf-32-be", "gbk", "utf-32-be", True),
]


@pytest.mark.parametrize(("codec", "label", "used", "lied"), CLAIMS)
def test_a_claim_never_costs_the_table(codec, label, used, lied):
    decoded = decode(declare(PAGE, label).encode(codec))
    assert decoded.text == declare(PAGE, label)
    assert (decoded.declared, decoded.used, decoded.replaced) == (label.lower(), used, 0)
    assert codes(decoded) == (["charset_lied"] if lied else [])


@pytest.mark.parametrize(("codec", "label", "used", "lied"), CLAIMS)
def test_the_transport_may_lie_as_well(codec, label, used, lied):
    decoded = decode(PAGE.encode(codec), charset=label)
    assert decoded.text == PAGE
    assert (decoded.declared, decoded.used) == (label.lower(), used)
    assert codes(decoded) == (["charset_lied"] if lied else [])


@pytest.mark.parametrize("label", ["big5", "Big5-HKSCS", "gb2312", "utf-8", "iso-8859-1", ""])
def test_big5_is_told_from_gb18030(label):
    page = declare(PAGE_BIG5, label) if label else PAGE_BIG5
    decoded = decode(page.encode("big5"))
    assert decoded.text == page
    assert decoded.used == "big5hkscs"
    assert codes(decoded) == (["charset_lied"] if label in {"gb2312", "utf-8", "iso-8859-1"} else [])


def test_hong_kong_characters_are_read():
    page = PAGE_BIG5.replace("本年度", "深水埗區本年度")
    assert decode(page.encode("big5hkscs")).text == page


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "utf-16-le", "utf-16-be"])
def test_no_claim_at_all(codec):
    decoded = decode(PAGE.encode(codec))
    assert decoded.text == PAGE
    assert (decoded.declared, decoded.findings) == ("", ())


def test_the_short_label_of_a_single_cell_is_enough():
    assert decode("<td>总计</td><td>20</td>".encode("gbk")).text == "<td>总计</td><td>20</td>"
    assert decode("總計報告".encode("big5")).text == "總計報告"


def test_gbk_that_happens_to_be_valid_utf8():
    # Every ideograph of it is, in GBK, a two-byte sequence of UTF-8.
    text = "<td>统一没取</td><p>职业实习支使</p>"
    data = text.encode("gbk")
    assert data.decode("utf-8")
    assert decode(data, charset="gb2312").text == text
    assert decode(data).text == text
    two = "<td>统一</td>".encode("gbk")  # two characters prove nothing
    assert decode(two).used == "utf-8"


def test_english_utf8_is_not_taken_for_gbk():
    text = "<p>\u00a9 2012 \u00b7 Open Government \u00d7 3\u00a0\u00b0C</p>"
    decoded = decode(text.encode(), charset="gb2312")
    assert (decoded.text, decoded.used) == (text, "utf-8")


def test_four_byte_characters_of_gb18030():
    text = PAGE.replace("本年度", "㛃㵟村本年度")  # ideographs of extension A
    data = text.encode("gb18030")
    assert len(data) == len(PAGE.encode("gb18030")) + 2 * 4 + 2
    assert decode(data, charset="gb2312").text == text


def test_the_mark_of_gb18030_is_no_text():
    decoded = decode(b"\x84\x31\x95\x33" + PAGE.encode("gb18030"), charset="utf-8")
    assert (decoded.text, decoded.used) == (PAGE, "gb18030")


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_byte_order_mark_may_lie(mark):
    decoded = decode(mark + PAGE.encode("gbk"))
    assert (decoded.text, decoded.used, decoded.replaced) == (PAGE, "gb18030", 0)


def test_marks_of_joined_files_vanish():
    decoded = decode(PAGE.replace("<body>", "\ufeff\ufeff<body>\ufeff").encode())
    assert decoded.text == PAGE


def test_numeric_references_in_plain_ascii():
    decoded = decode(b"<p>&#25919;&#24220;</p>", charset="gb2312")
    assert (decoded.text, decoded.used, decoded.findings) == ("<p>&#25919;&#24220;</p>", "ascii", ())


def test_a_western_page_is_left_alone():
    decoded = decode(b"<p>Caf\xe9 \x93Zur M\xfchle\x94 \xa9 2010, all rights reserved, opened by the mayor</p>")
    assert decoded.text == "<p>Café “Zur Mühle” © 2010, all rights reserved, opened by the mayor</p>"
    assert (decoded.used, decoded.replaced) == ("windows-1252", 0)


# Damage.


@pytest.mark.parametrize(("codec", "cut"), [("utf-8", 1), ("utf-8", 2), ("gbk", 1), ("big5", 1)])
def test_a_page_cut_in_the_middle_of_a_character(codec, cut):
    page = PAGE_BIG5 if codec == "big5" else PAGE
    decoded = decode((page + "<p>公開").encode(codec)[:-cut])
    assert decoded.text == page + "<p>公\ufffd"
    assert decoded.replaced == 1
    assert codes(decoded) == ["truncated_character"]


def test_a_wide_page_cut_in_the_middle_of_a_character():
    decoded = decode((PAGE + "公开").encode("utf-16-le")[:-1])
    assert decoded.text == PAGE + "公\ufffd"
    assert (decoded.replaced, codes(decoded)) == (1, ["truncated_character"])


def test_a_cut_page_with_other_damage_says_both():
    data = (PAGE + "<p>公开").encode("gbk")[:-1].replace(b"</title>", b"\xff</title>")
    decoded = decode(data)
    assert decoded.replaced == 2
    assert codes(decoded) == ["truncated_character", "bytes_replaced"]


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "big5"])
@pytest.mark.parametrize("stray", [b"\xff", b"\xfe\xff", b"\xf8"])
def test_stray_bytes_between_tags_cost_nothing_else(codec, stray):
    page = PAGE_BIG5 if codec == "big5" else PAGE
    data = page.encode(codec).replace(b"<table>", b"<p>" + stray + b"</p><table>")
    decoded = decode(data)
    assert decoded.text == page.replace("<table>", "<p>" + "\ufffd" * len(stray) + "</p><table>")
    assert decoded.replaced == len(stray)
    assert codes(decoded) == ["bytes_replaced"]


def test_a_byte_lost_inside_a_run_of_gbk_shifts_nothing():
    data = PAGE.encode("gbk").replace(
        "收到行政复议".encode("gbk"), "收到行政复议".encode("gbk")[:5] + "政复议".encode("gbk")
    )
    decoded = decode(data)
    assert decoded.text == PAGE.replace("收到行政复议", "收到\ufffd政复议")
    assert decoded.replaced == 1


def test_a_stray_byte_inside_a_run_of_gbk_shifts_nothing():
    good = "本年度共受理".encode("gbk")
    decoded = decode(PAGE.encode("gbk").replace(good, good[:6] + b"\xb5" + good[6:]))
    assert decoded.text == PAGE.replace("本年度共受理", "本年度\ufffd共受理")
    assert decoded.replaced == 1


@pytest.mark.parametrize(
    ("lost", "text"),
    [
        ("收到行政复议".encode()[1:], "\ufffd\ufffd到行政复议"),  # two bytes without their first
        ("收到行政复议".encode()[:-1], "收到行政复\ufffd"),
        ("收到".encode()[:-1] + "行政复议".encode(), "收\ufffd行政复议"),
    ],
)
def test_bytes_lost_in_utf8(lost, text):
    decoded = decode(PAGE.encode().replace("收到行政复议".encode(), lost))
    assert decoded.text == PAGE.replace("收到行政复议", text)
    assert decoded.replaced == text.count("\ufffd")
    assert decoded.used == "utf-8"


def test_digits_beside_damage_survive():
    data = PAGE.encode("gbk").replace(b"<td>12</td>", b"<td>\xbc12\xd5</td>")
    assert "<td>\ufffd12\ufffd</td>" in decode(data).text


def test_printed_replacement_characters_are_not_counted_as_ours():
    data = PAGE.replace("均已", "\ufffd均已").encode().replace(b"</title>", b"\xff</title>")
    decoded = decode(data)
    assert (decoded.text.count("\ufffd"), decoded.replaced) == (2, 1)
    assert codes(decoded) == ["bytes_replaced", "mojibake"]


# Pages put together from two charsets.


def test_utf8_page_with_gbk_footer():
    footer = "<div>版权所有：市人民政府办公室　联系电话：12345678</div>"
    decoded = decode((PAGE + PROSE * 3).encode() + footer.encode("gbk"))
    assert decoded.text == PAGE + PROSE * 3 + footer
    assert (decoded.used, decoded.replaced, codes(decoded)) == ("utf-8", 0, ["mixed_encoding"])


@pytest.mark.parametrize(
    "header", ["<div>首页 > 信息公开 > 年度报告</div>", "<a>首页</a>", "<b>公开</b>", "<i>政府信息</i>", "<b>咨询</b>"]
)
def test_gbk_page_with_utf8_header(header):
    decoded = decode(header.encode() + PAGE.encode("gbk"), charset="gb2312")
    assert decoded.text == header + PAGE
    assert (decoded.used, decoded.replaced, codes(decoded)) == ("gb18030", 0, ["mixed_encoding"])


def test_big5_page_with_utf8_header():
    header = "<div>首頁 > 政府資訊公開</div>"
    decoded = decode(header.encode() + PAGE_BIG5.encode("big5"))
    assert decoded.text == header + PAGE_BIG5
    assert (decoded.used, codes(decoded)) == ("big5hkscs", ["mixed_encoding"])


def test_two_charsets_in_one_line():
    line = b"<p>" + "发布机构：".encode() + "市人民政府办公室".encode("gbk") + "，特此公告".encode() + b"</p>"
    decoded = decode(PAGE.encode() + line)
    assert decoded.text == PAGE + "<p>发布机构：市人民政府办公室，特此公告</p>"
    assert (decoded.replaced, codes(decoded)) == (0, ["mixed_encoding"])


def test_half_and_half_among_much_markup():
    cell = '<td class="MsoNormal" style="width:12.5pt;border:solid windowtext 1.0pt">{}</td>'
    top, bottom = cell.format("受理申请总数") * 20, cell.format("行政复议维持") * 20
    assert decode(top.encode() + bottom.encode("gbk")).text == top + bottom
    assert decode(top.encode("gbk") + bottom.encode()).text == top + bottom


def test_a_single_gbk_character_in_a_cell_of_its_own():
    # 元 is, in GBK, a valid letter of UTF-8.
    line = b"<tr><td>" + "金额".encode("gbk") + b"</td><td>" + "元".encode("gbk") + b"</td></tr>"
    decoded = decode((PAGE + PROSE).encode() + line)
    assert decoded.text == PAGE + PROSE + "<tr><td>金额</td><td>元</td></tr>"


def test_windows_quotes_inside_utf8():
    data = PAGE.encode().replace("均已按时答复".encode(), b"\x93" + "均已按时答复".encode() + b"\x94")
    decoded = decode(data)
    assert decoded.text == PAGE.replace("均已按时答复", "“均已按时答复”")
    assert (decoded.replaced, codes(decoded)) == (0, ["mixed_encoding"])


def test_c1_controls_are_the_punctuation_they_stand_for():
    assert decode(PAGE.replace("均已", "\x93均已\x94\x85\x81").encode()).text == PAGE.replace("均已", "“均已”… ")


# What no XML tree can hold.


@pytest.mark.parametrize("codec", ["utf-8", "gbk"])
def test_nul_bytes_are_removed(codec):
    data = PAGE.encode(codec).replace(b"<table>", b"\0<ta\0ble>\0")
    decoded = decode(data)
    assert (decoded.text, decoded.used) == (PAGE, "gb18030" if codec == "gbk" else codec)
    assert codes(decoded) == ["nul_removed"]
    assert "3 NUL" in decoded.findings[0].detail


def test_padding_with_nul_bytes_is_not_utf16():
    decoded = decode(PAGE.encode("gbk") + b"\0" * 4096)
    assert (decoded.text, codes(decoded)) == (PAGE, ["nul_removed"])


def test_control_characters_become_spaces():
    decoded = decode(PAGE.encode("gbk").replace(b"<table>", b"\x01\x0b\x0c\x1b\x7f<table>"))
    assert decoded.text == PAGE.replace("<table>", "     <table>")
    assert decode("<p>公开\ufffe\uffff</p>".encode()).text == "<p>公开  </p>"


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "utf-16"])
def test_line_ends(codec):
    assert decode("公开\r\n信息\r政府\n\r\n".encode(codec)).text == "公开\n信息\n政府\n\n"


def test_the_gbk_code_that_browsers_show_as_a_space():
    data = PAGE.encode("gbk").replace(b"<table>", b"\xa3\xa0<table>")
    assert decode(data).text == PAGE.replace("<table>", "\u3000<table>")


# What is no text, and what was spoilt before.


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00", "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "Office"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\0" * 1000, "text"),
        (random.Random(1).randbytes(5000), "text"),
        (bytes(random.Random(2).choices(range(128, 256), k=5000)), "text"),
    ],
)
def test_binary_data(data, word):
    decoded = decode(data)
    assert (decoded.text, decoded.used, codes(decoded)) == ("", "", ["undecodable"])
    assert word in decoded.findings[0].detail


def test_nothing_is_empty_text():
    assert decode(b"") == decode(b"", charset="")
    assert (decode(b"").text, decode(b"").findings) == ("", ())


@pytest.mark.parametrize(
    "ruined",
    [
        PROSE.encode().decode("gb18030", "replace"),
        PROSE.encode().decode("cp1252", "ignore"),
        PROSE.encode("gbk").decode("latin-1"),
        "<p>锟斤拷锟斤拷12锟斤拷</p>",
    ],
)
def test_mojibake_is_reported_and_left_as_it_is(ruined):
    decoded = decode(f"<p>政府</p>{ruined}".encode())
    assert "mojibake" in codes(decoded)
    assert decoded.replaced == 0


def test_rare_characters_are_not_mojibake():
    assert decode("<p>鏀锛銆诸字见于字书，县志有载。㛃村。</p>".encode()).findings == ()


# Where a declaration is looked for.


@pytest.mark.parametrize(
    ("head", "declared"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ("<META CHARSET=GB2312>", "gb2312"),
        ("<meta charset='gbk'/>", "gbk"),
        ("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>", "gb2312"),
        ('<META CONTENT="text/html;CHARSET = GBK" HTTP-EQUIV="content-type">', "gbk"),
        ('<meta http-equiv="Content-Type" content="text/html; charset="gb2312"">', "gb2312"),
        ('<?xml version="1.0" encoding="GB2312"?><html>', "gb2312"),
        ('<?xml version="1.0" encoding="GB2312"?><meta charset="utf-8">', "utf-8"),
        ('<!-- <meta charset="big5"> --><meta charset="gbk">', "gbk"),
        ("<script>document.write('<meta charset=big5>')</script>", ""),
        ('<style><meta charset="big5"></style>', ""),
        ('<script src="a.js" charset="big5"></script>', ""),
        ('<link href="a.css" charset="big5">', ""),
        ('<meta name="keywords" content="charset=big5">', ""),
        ('<!-- <meta charset="big5">', ""),
        ("<script>" + " " * 5000 + "</script><meta charset=gbk>", "gbk"),
        (" " * 9000 + "<meta charset=gbk>", ""),
        ("", ""),
    ],
)
def test_where_a_declaration_counts(head, declared):
    assert declared_charset("", "", head.encode()) == declared


def test_the_transport_comes_first():
    page = b"<meta charset=big5>"
    assert declared_charset("GBK", "", page) == "gbk"
    assert declared_charset("", "text/html; charset=utf-8", page) == "utf-8"
    assert declared_charset("", "text/plain", page) == ""
    assert decode("政府".encode(), media_type="text/html;charset=gb2312").declared == "gb2312"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gb2312", "GBK"),
        ("cp936", "gb18030"),
        ("utf8", "UTF-8"),
        ("Big5-HKSCS", "cn-big5"),
        ("latin1", "ascii"),
    ],
)
def test_names_of_one_family(one, other):
    assert family(one) == family(other)


def test_the_referee_knows_everyday_chinese():
    assert strangeness("abc 123") == 0
    assert strangeness("政府信息公开") < 0.5
    assert strangeness("政府資訊公開") < 0.5
    assert strangeness("鏀垮簻淇℃伅鍏紑") > 2
    assert common_count("政府政府abc") == 2


# Hostile sizes: seconds would be minutes if any step were quadratic.


def _seconds(data: bytes) -> float:
    start = time.process_time()
    decode(data)
    return time.process_time() - start


@pytest.mark.parametrize(
    "unit",
    [
        b"\xff" * 64,
        b"<p>\xb0\xa1\xff\xe4\xb8</p>",
        b"\x81\x30\x81\x41",
        "政府信息".encode() + "公开".encode("gbk"),
        b"<!--<script><meta ",
        b"\r\0\r\n",
        "锛锛".encode(),
    ],
)
def test_five_megabytes_of_anything_take_linear_time(unit):
    assert _seconds(unit * (5_000_000 // len(unit))) < 20


def test_noise_of_five_megabytes():
    assert _seconds(os.urandom(5_000_000)) < 5


@pytest.mark.parametrize("seed", range(300))
def test_no_bytes_raise(seed):
    rng = random.Random(seed)
    page = bytearray(rng.choice([PAGE.encode(), PAGE.encode("gbk"), PAGE_BIG5.encode("big5"), PAGE.encode("utf-16")]))
    for _ in range(rng.randrange(1, 30)):
        place = rng.randrange(len(page))
        page[place : place + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
    decoded = decode(bytes(page))
    decoded.text.encode()
    assert not any(char < " " and char not in "\t\n" for char in decoded.text)
    assert decoded.replaced <= decoded.text.count("\ufffd")
