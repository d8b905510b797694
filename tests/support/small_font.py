"""A font made on the spot: every character that is asked for is a box, so that tests of pictures need no other."""

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

ASCII = "".join(map(chr, range(0x20, 0x7F)))


def make_font(path, characters, family="Test Boxes"):
    """Write a TrueType font with a box for each character, as wide as it is high for Chinese ones."""
    glyphs = {".notdef": 500, **{f"u{ord(sign):04X}": 600 if sign in ASCII else 1000 for sign in characters}}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(sign): f"u{ord(sign):04X}" for sign in characters})
    builder.setupGlyf({name: _box(width) for name, width in glyphs.items()})
    builder.setupHorizontalMetrics({name: (width, 50) for name, width in glyphs.items()})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    builder.setupPost()
    builder.save(path)
    return path


def _box(width):
    pen = TTGlyphPen(None)
    for place, point in enumerate([(50, 0), (50, 800), (width - 50, 800), (width - 50, 0)]):
        (pen.lineTo if place else pen.moveTo)(point)
    pen.closePath()
    return pen.glyph()
