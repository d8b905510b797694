"""What the site on loopback shows: reports, the columns that list them in the manner of three systems, a sitemap.

Pages are the bundled samples, byte for byte, and small ones made here. Nothing here knows of sockets.
"""

import csv
import gzip
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape as escape_xml

import site_files

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"

TRS_COLUMN = "/xxgk/nb/"
HANWEB_COLUMN = "/col/col1234/index.html"
HANWEB_PROXY = "/module/web/jpage/dataproxy.jsp"
PLAIN_COLUMN = "/gk/list.jsp"
MANY_COLUMN = "/many/"

PARTED = "/xxgk/water/t20220120_5.html"
PARTS = (PARTED, "/xxgk/water/t20220120_5_1.html", "/xxgk/water/t20220120_5_2.html")
WITH_ATTACHMENTS = "/xxgk/finance/t20220125_7.html"
EDITED = "/xxgk/civil/t20220126_8.html"
SCRIPT_SHELL = "/xxgk/health/t20220127_9.html"
FORBIDDEN = "/forbidden/t20220128_10.html"
LIST_PDF = "/xxgk/audit/P020220130.pdf"
HOSTILE_NAME = "../../../../gongkai-escape.docx"
DOWNLOAD = "/module/download/down.jsp?i_ID=77"
ATTACHMENTS = {
    "/xxgk/finance/W020220125_1.pdf": ("application/pdf", site_files.pdf_file("Annex 1")),
    "/xxgk/finance/W020220125_2.doc": ("application/msword", site_files.doc_file("附件二")),
    "/xxgk/finance/W020220125_3.xls": ("application/vnd.ms-excel", site_files.xls_file("附件三")),
    DOWNLOAD: ("application/octet-stream", site_files.docx_file("附件四")),
}
OFF_SITE = "http://gov.example.invalid/xxgk/2018.html"

HANWEB_ROWS = 3  # of one group, as the proxy hands them out
_LIST_ROWS = 3
_PARTED_TEXTS = (
    (
        "<p>一、总体情况</p><p>根据《中华人民共和国政府信息公开条例》编制本报告，统计期限为2021年1月1日至12月31日。本局按月公布水质、水价和"
        "停水通知，在水费单上印出栏目地址，请用水户随时查看；对群众来电问得最多的二次供水改造，分小区列出工期和联系人。</p>"
        "<p>二、主动公开政府信息情况</p><p>全年主动公开水务信息231条，其中供水信息90条，发布解读稿4篇。河道整治工程从立项到验收的文件，"
        "都放在同一个页面上，便于沿河居民对照。</p>"
    ),
    (
        "<p>三、收到和处理政府信息公开申请情况</p><p>全年收到政府信息公开申请16件，全部按期答复，无结转下年度的申请。申请内容集中在"
        "管网改造合同、取水许可和水费核算三个方面；对内容不够清楚的，由经办人打电话问明以后再办，没有要求补正。</p>"
        "<p>四、政府信息公开行政复议、行政诉讼情况</p><p>全年发生行政复议1件，结果维持；未发生行政诉讼。复议案件由法规科和业务科共同"
        "答复，材料在案件办结以后归入档案。</p>"
    ),
    (
        "<p>五、存在的主要问题及改进情况</p><p>河湖信息更新较慢，有的断面数据晚了两个月才上网；来年按月公布，并请用水户评议栏目，"
        "评议结果写进下一年的报告。对乡镇水厂的信息，先从供水人口较多的六家做起，逐步补齐。</p>"
        "<p>六、其他需要报告的事项</p><p>本年度没有收取信息处理费，也没有其他需要报告的事项。读者对本报告有疑问的，"
        "可以到局办公室当面查询，也可以写信。</p>"
    ),
)
_MANY_ROWS = 10
_MEDIA = {".txt": "text/plain"}


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the site: its path, what a list calls it, the date beside it, its bytes and media type."""

    path: str
    agency: str
    year: int
    published: str
    body: bytes
    media_type: str = "text/html"

    @property
    def title(self) -> str:
        """The report's title as a list prints it."""
        return f"{self.agency}{self.year}年政府信息公开工作年度报告"


PDF_REPORT = Report(LIST_PDF, "样本市审计局", 2021, "2022-01-30", site_files.pdf_file("Report"), "application/pdf")
"""A report that was published as a PDF alone; a list leads to it."""


def sample_reports() -> tuple[Report, ...]:
    """The bundled samples under the paths of their manifest."""
    with (SAMPLES / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Report(
            urlsplit(row["source_uri"]).path,
            row["agency"],
            int(row["report_year"]),
            row["captured_at"][:10],
            (SAMPLES / row["file"]).read_bytes(),
            _MEDIA.get(Path(row["file"]).suffix, "text/html"),
        )
        for row in rows
    )


def made_report(path: str, agency: str, year: int, *, disclosed: int, requests: int, more: str = "") -> Report:
    """A short report with two figures in a table; `more` stands at its end."""
    body = _page(
        f"{agency}{year}年政府信息公开工作年度报告",
        "<p>一、总体情况</p>"
        f"<p>根据《中华人民共和国政府信息公开条例》编制本报告，统计期限为{year}年1月1日至12月31日。</p>"
        "<p>二、主动公开政府信息情况</p><table><tr><td>指标</td><td>单位</td><td>数量</td></tr>"
        f"<tr><td>主动公开信息数</td><td>条</td><td>{disclosed}</td></tr>"
        f"<tr><td>受理依申请公开信息总数</td><td>条</td><td>{requests}</td></tr></table>"
        f"<p>三、存在的主要问题及改进情况</p><p>栏目更新还不够及时，来年改进。</p>{more}",
    )
    return Report(path, agency, year, f"{year + 1}-01-20", body.encode())


def edited_report(*, edited: bool) -> Report:
    """The report that its agency corrects between two runs: one figure more."""
    return made_report(EDITED, "样本市民政局", 2021, disclosed=318 + edited, requests=27)


def attachments_report() -> Report:
    """A report with four files of its own, and a manual in the furniture that is none of them."""
    links = "".join(
        f'<p><a href="{href}">{words}</a></p>'
        for href, words in (
            ("./W020220125_1.pdf", "附件1：样本市财政局年度报告统计表.pdf"),
            ("./W020220125_2.doc", "附件2：样本市财政局年度报告.doc"),
            ("W020220125_3.xls", "附件3：样本市财政局公开数据.xls"),
            (DOWNLOAD, "附件4：样本市财政局情况说明.docx"),
        )
    )
    return made_report(WITH_ATTACHMENTS, "样本市财政局", 2021, disclosed=502, requests=14, more=links)


def parted_report() -> tuple[Report, ...]:
    """One report in three pages: its title stands on each, each says which it is."""
    agency, title = "样本市水务局", "样本市水务局2021年政府信息公开工作年度报告"
    return tuple(
        Report(path, agency, 2021, "2022-01-20", _page(title, text + _pages_bar(number)).encode())
        for number, (path, text) in enumerate(zip(PARTS, _PARTED_TEXTS, strict=True))
    )


def _pages_bar(number: int) -> str:
    names = [path.rsplit("/", 1)[-1] for path in PARTS]
    before = f'<a href="{names[number - 1]}">上一页</a> ' if number else ""
    after = f' <a href="{names[number + 1]}">下一页</a>' if number + 1 < len(names) else ""
    return f'<div class="page">{before}{number + 1}/{len(names)}{after}</div>'


def script_shell() -> bytes:
    """A page whose text is written by a script: title, frame, nothing to read."""
    title = "样本市卫生局2021年政府信息公开工作年度报告"
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body><div id="app"></div>'
        "<script>fetch('/api/content?id=9').then(function (r) { return r.json(); }).then(function (d) {"
        "document.getElementById('app').innerHTML = d.html; });</script>"
        "<script src='/static/app.3f2a.js'></script></body></html>"
    ).encode()


def many_reports() -> tuple[Report, ...]:
    """Sixty small reports of six bodies and ten years, no two alike."""
    bodies = ["样本市交通局", "样本市水利局", "样本市农业局", "样本市商务局", "样本市林业局", "样本市体育局"]
    return tuple(
        made_report(f"/many/{n // 10}/t{year + 1}0120_{n}.html", body, year, disclosed=100 + 7 * n, requests=n)
        for n, (body, year) in enumerate((body, year) for body in bodies for year in range(2008, 2018))
    )


# Columns.


def trs_list(reports: tuple[Report, ...]) -> dict[str, bytes]:
    """The pages of a column as TRS publishes it: index.html, index_1.html …, the bar written by createPageHTML."""
    notice = '<li><a href="./202201/t20220105_1.html">关于编制2021年度报告的通知</a><span>2022-01-05</span></li>'
    groups = _groups(reports, _LIST_ROWS)
    names = [f"{TRS_COLUMN}index.html", *(f"{TRS_COLUMN}index_{n}.html" for n in range(1, len(groups)))]
    pages = {}
    for number, (name, group) in enumerate(zip(names, groups, strict=True)):
        rows = "".join(_row(f"../..{report.path}", report) for report in group)
        bar = f'<div class="fy"><script>createPageHTML({len(groups)}, {number}, "index", "html");</script></div>'
        pages[name] = _list_page(f"<ul class='list'>{notice if not number else ''}{rows}</ul>{bar}").encode()
    return pages | {TRS_COLUMN: pages[names[0]]}


def hanweb_list(reports: tuple[Report, ...]) -> bytes:
    """The page of a column as hanweb's jpage writes it: the first rows inside a script, the rest behind a proxy."""
    store = hanweb_store(reports, 1, HANWEB_ROWS)
    call = (
        f"jQuery('#4321').jpage({{total:{len(reports)},perPage:{HANWEB_ROWS},groupSize:1,barPosition:'bottom',"
        f"proxyUrl:'{HANWEB_PROXY}',proxyType:'xml',"
        "dataParam:{'col':1,'appid':1,'webid':7,'path':'/','columnid':1234,'sourceContentType':1,'unitid':4321,"
        "'webname':'样本市','permissiontype':0}});"
    )
    return _list_page(
        f'<div id="4321" class="default_pgContainer"><script type="text/xml">{store}</script></div>'
        f'<script type="text/javascript">{call}</script>'
    ).encode()


def hanweb_store(reports: tuple[Report, ...], start: int, end: int) -> str:
    """The records `start` to `end` (from 1) as the proxy answers them."""
    rows = [_row(report.path, report) for report in reports[start - 1 : end]]
    records = "".join(f"<record><![CDATA[{row}]]></record>" for row in rows)
    group = (start - 1) // max(end - start + 1, 1) + 2
    more = (
        f"{HANWEB_PROXY}?page={group}&appid=1&webid=7&path=/&columnid=1234&unitid=4321&webname=sample&permissiontype=0"
    )
    link = f'<nextgroup><![CDATA[<a href="{more}"></a>]]></nextgroup>' if end < len(reports) else ""
    return f"<datastore>{link}<totalrecord>{len(reports)}</totalrecord><recordset>{records}</recordset></datastore>"


def plain_list(reports: tuple[Report, ...], page: int, *, rows: int = _LIST_ROWS, address: str = "?page={}") -> bytes:
    """One page, from 1, of a column with ordinary links, in GBK; b'' beyond the last."""
    groups = _groups(reports, rows)
    if not 0 < page <= len(groups):
        return b""
    items = "".join(
        f'<tr><td><a href="{report.path}" title="{report.title}">{report.title[:24]}…</a></td>'
        f"<td>[{report.published}]</td></tr>"
        for report in groups[page - 1]
    )
    if page == len(groups):
        items += f'<tr><td><a href="{OFF_SITE}">样本市外事局2018年政府信息公开工作年度报告</a></td></tr>'
    before = f'<a href="{escape(address.format(page - 1))}">上一页</a>' if page > 1 else "上一页"
    after = f'<a href="{escape(address.format(page + 1))}">下一页</a>' if page < len(groups) else "下一页"
    bar = f"<p>第{page}页 共{len(groups)}页 {before} {after}</p>"
    return _list_page(f"<table>{items}</table>{bar}", charset="gb2312").encode("gb18030")


def many_list(reports: tuple[Report, ...], page: int) -> bytes:
    """One page of the long column."""
    return plain_list(reports, page, rows=_MANY_ROWS, address=f"{MANY_COLUMN}?page={{}}")


def no_list() -> bytes:
    """A page that lists no report."""
    return _list_page("<p>本栏目正在建设中，欢迎留言。</p>").encode()


# Sitemaps.


def sitemap_index(addresses: tuple[str, ...]) -> bytes:
    """A sitemap of sitemaps."""
    items = "".join(f"<sitemap><loc>{escape_xml(address)}</loc></sitemap>" for address in addresses)
    return _sitemap("sitemapindex", items)


def sitemap_of(addresses: tuple[str, ...], *, packed: bool = False) -> bytes:
    """A sitemap of pages; `packed` as a gzip file."""
    items = "".join(
        f"<url><loc>{escape_xml(address)}</loc><lastmod>2022-02-01</lastmod></url>" for address in addresses
    )
    data = _sitemap("urlset", items)
    return gzip.compress(data, mtime=0) if packed else data


def _sitemap(root: str, items: str) -> bytes:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{space}">{items}</{root}>'.encode()


# Pieces of pages.


def _page(title: str, text: str) -> str:
    return (
        f'<html><head><meta charset="utf-8"><title>{title}-样本市人民政府</title></head><body>'
        '<div class="nav"><a href="/">首页</a> <a href="/xxgk/nb/">政务公开</a>'
        ' <a href="/help/manual.doc">网站使用手册</a></div>'
        f"<h1>{title}</h1><div id='zoom'>{text}</div>"
        "<div class='foot'>主办：样本市人民政府办公室</div></body></html>"
    )


def _list_page(items: str, *, charset: str = "utf-8") -> str:
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        "<title>政府信息公开工作年度报告-样本市人民政府</title></head><body>"
        '<div class="nav"><a href="/">首页</a> <a href="/xxgk/">政务公开</a></div>'
        f"<h2>政府信息公开工作年度报告</h2>{items}"
        "<div class='foot'>主办：样本市人民政府办公室</div></body></html>"
    )


def _row(href: str, report: Report) -> str:
    return (
        f'<li><a href="{href}" title="{report.title}" target="_blank">{report.title}</a>'
        f"<span>{report.published}</span></li>"
    )


def _groups(reports: tuple[Report, ...], size: int) -> list[tuple[Report, ...]]:
    return [reports[start : start + size] for start in range(0, len(reports), size)]
