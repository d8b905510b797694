"""A font for Chinese names: looked for among those of the system, and taken only if it has every character needed."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from matplotlib import font_manager, ft2font

from outputs.errors import CoverageError

FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "HarmonyOS Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "STHeiti",
    "DengXian",
    "Noto Serif CJK SC",
    "SimSun",
)
"""Families with simplified Chinese that systems come with, the ones that read best on a screen first."""

# How their files are called, in the same order: opening every font of a system takes seconds.
_FILE_NAMES = (
    "notosanscjk-regular",
    "notosanscjksc-regular",
    "notosanssc",
    "sourcehansans",
    "pingfang",
    "msyh",
    "hiragino sans gb",
    "harmonyos",
    "wqy-microhei",
    "wqy-zenhei",
    "simhei",
    "stheiti",
    "deng",
    "notoserifcjk-regular",
    "simsun",
)
_SIMPLIFIED = (" SC", " CN", " GB")
_SHOWN = 12

_INSTALL = (
    "Install one (Debian and Ubuntu: the package fonts-noto-cjk; Fedora: google-noto-sans-cjk-fonts; macOS and "
    "Windows come with one: update the system, or add Noto Sans SC), name one with --font FILE, or write a .svg "
    "file, which leaves the font to the viewer."
)


def font_for(texts: Iterable[str], file: Path | None = None) -> Any:
    """Return the font properties for texts: of the file if one is named, else of the first font that has all of them.

    Raises CoverageError (`no_font`, `font_unreadable`).
    """
    needed = {ord(sign) for text in texts for sign in text if not sign.isspace()}
    if file is not None:
        lacking, index = _lacking(file, needed)
        if lacking:
            raise CoverageError("no_font", f"the font lacks {_signs(lacking)}", str(file), _INSTALL)
        return _properties(file, index)
    best: tuple[int, str, set[int]] | None = None
    for path in _candidates():
        try:
            lacking, index = _lacking(path, needed)
        except CoverageError:
            continue  # a damaged font of the system is not this run's matter
        if not lacking:
            return _properties(path, index)
        if best is None or len(lacking) < best[0]:
            best = (len(lacking), path.name, lacking)
    if best is None:
        raise CoverageError("no_font", "no font is there", "the fonts of this system", _INSTALL)
    what = f"no font has all characters of the names (the best, {best[1]}, lacks {_signs(best[2])})"
    raise CoverageError("no_font", what, "the fonts of this system", _INSTALL)


def _candidates() -> Iterator[Path]:
    """Font files of the system, likely ones first; the same order on every run."""
    paths = sorted({Path(path) for path in font_manager.findSystemFonts()})

    def rank(path: Path) -> tuple[int, str]:
        name = path.name.lower()
        places = (place for place, known in enumerate(_FILE_NAMES) if name.startswith(known))
        return next(places, len(_FILE_NAMES)), str(path)

    yield from sorted(paths, key=rank)


def _lacking(path: Path, needed: set[int]) -> tuple[set[int], int]:
    """Characters that the best face of a font file lacks, and which face that is."""
    try:
        first = ft2font.FT2Font(str(path))
        names = [first.family_name]
        faces = [first]
        for index in range(1, getattr(first, "num_faces", 1)):
            face = ft2font.FT2Font(str(path), face_index=index)
            names.append(face.family_name)
            faces.append(face)
    except (OSError, RuntimeError) as error:
        raise CoverageError(
            "font_unreadable",
            f"the font cannot be read ({' '.join(str(error).split())})",
            str(path),
            "Name a TrueType or OpenType file (.ttf, .otf, .ttc).",
        ) from error
    # a collection holds the Chinese, Japanese and Korean shapes of the same characters
    index = next((place for place, name in enumerate(names) if name.endswith(_SIMPLIFIED)), 0)
    return needed - set(faces[index].get_charmap()), index


def _properties(path: Path, index: int) -> Any:
    """Properties for one face of a file; older versions of matplotlib know the first face only."""
    kind = getattr(font_manager, "FontPath", None)
    return font_manager.FontProperties(fname=kind(str(path), index) if kind else str(path))


def _signs(codes: set[int]) -> str:
    signs = "".join(map(chr, sorted(codes)[:_SHOWN]))
    rest = len(codes) - _SHOWN
    return f"{signs} and {rest} more" if rest > 0 else signs
