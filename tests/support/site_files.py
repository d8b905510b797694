"""Tiny office files, made here: a PDF of one page, Word and Excel files of before 2007, a Word file of after."""

import io
import struct
import zipfile

_SECTOR = 512
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_NOBODY = 0xFFFFFFFF


def pdf_file(words: str) -> bytes:
    """A PDF of one page with a line of ASCII text."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 5 8] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (table, len(out))
    )


def doc_file(words: str) -> bytes:
    """A compound file with the stream of a Word document."""
    return _compound_file("WordDocument", words)


def xls_file(words: str) -> bytes:
    """A compound file with the stream of an Excel workbook."""
    return _compound_file("Workbook", words)


def docx_file(words: str) -> bytes:
    """A ZIP container with the parts that make a Word file."""
    space = "http://schemas.openxmlformats.org"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types"><Override PartName='
        '"/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml'
        '.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="r1" Type='
        f'"{space}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{space}/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
        f"{words}</w:t></w:r></w:p></w:body></w:document>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2022, 1, 20, 0, 0, 0)), text)
    return out.getvalue()


def _compound_file(stream: str, words: str) -> bytes:
    """A compound file of one stream: head, allocation table, directory, eight sectors of content."""
    content = words.encode("utf-16-le").ljust(8 * _SECTOR, b"\0")
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        _END,
        0,
        _END,
        0,
    ) + struct.pack("<109I", 0, *[_FREE] * 108)
    chain = [_FAT, _END, *range(3, 10), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    entries = [_entry("Root Entry", 5, 1, _END, 0), _entry(stream, 2, _NOBODY, 2, len(content))]
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    return head + table + directory + content


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    printed = name.encode("utf-16-le")
    length = len(printed) + 2
    return struct.pack("<64sHBBIII36xIII", printed, length, kind, 1, _NOBODY, _NOBODY, child, start, size, 0)
