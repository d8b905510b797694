"""What a file is, told from its first bytes, its name or its media type."""

import doctest

import pytest

from corpus import sniff as module
from corpus.sniff import media_role, name_role, sniff, zip_words


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "empty"),
        (b"WARC/1.0\r\n", "warc"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"%PDF-1.7\n", "document"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", "document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "document"),
        (b"{\\rtf1\\ansi", "document"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image"),
        (b"GIF89a", "image"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image"),
        (b"Rar!\x1a\x07\0", "archive"),
        (b"\x28\xb5\x2f\xfd\x04", "archive"),
        (b"filedesc://a.arc 0.0.0.0 20100101000000 text/plain 76\n", "archive"),
        (b"a.html" + b"\0" * 251 + b"ustar\x0000", "archive"),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", "mhtml"),
        (b"MIME-Version: 1.0\r\nContent-Type:\r\n multipart/related; boundary=x\r\n", "mhtml"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "html"),
        (b"\r\n\r\n<HTML><HEAD>", "html"),
        (b"<?xml version='1.0'?>\n<html xmlns='x'>", "html"),
        (b"<P align=center>", "html"),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", "html"),
        ("一、概述".encode("utf-16"), "text"),
        ("政府信息公开工作年度报告".encode("gb18030"), "text"),
        ("政府信息公开".encode(), "text"),
        (b"\x1b$B@/\x1b(B", "text"),
        (b"\0\x01\x02\x03\x04", "binary"),
    ],
)
def test_the_first_bytes_tell_the_kind(head, kind):
    assert sniff(head).kind == kind


def test_a_text_that_begins_like_a_mail_but_is_none_is_text():
    assert sniff(b"Title: report of the year 2013\r\n\r\nbody").kind == "text"


def test_a_page_with_a_stray_zero_byte_is_a_page():
    assert sniff(b"<html><body>12\0 34</body>").kind == "html"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["[Content_Types].xml", "word/document.xml"], "Word document (DOCX)"),
        (["[Content_Types].xml", "xl/workbook.xml"], "Excel workbook (XLSX)"),
        (["OFD.xml", "Doc_0/Document.xml"], "OFD document"),
        (["datapackage.json", "archive/data.warc.gz"], "WACZ web archive"),
        (["a/page.html"], "ZIP archive"),
        ([], "ZIP archive"),
    ],
)
def test_the_names_in_a_container_tell_what_it_is(names, words):
    assert zip_words(names) == words


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("page.html", "page"),
        ("PAGE.HTM", "page"),
        ("a/b.shtml", "page"),
        ("x.mht", "page"),
        ("report.txt", "page"),
        ("view.aspx", "page"),
        ("page.html.gz", "page"),
        ("cells.csv", "side"),
        ("sections.json", "side"),
        ("README.md", "side"),
        ("site.css.gz", "side"),
        ("logo.PNG", "image"),
        ("report.pdf", "document"),
        ("report.wps", "document"),
        ("index", "unknown"),
        ("data.warc.gz", "unknown"),
        ("dir.pdf/index", "unknown"),
    ],
)
def test_a_name_tells_a_role(name, role):
    assert name_role(name) == role


@pytest.mark.parametrize(
    ("media_type", "role"),
    [
        ("text/html", "page"),
        ("application/xhtml+xml", "page"),
        ("text/plain", "page"),
        ("text/css", "side"),
        ("application/javascript", "side"),
        ("video/mp4", "side"),
        ("image/png", "image"),
        ("application/pdf", "document"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document"),
        ("application/octet-stream", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_media_type_tells_a_role(media_type, role):
    assert media_role(media_type) == role


def test_the_examples_in_the_module_hold():
    assert doctest.testmod(module).failed == 0
