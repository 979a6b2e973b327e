"""Typst source into PDF, with fonts that installed packages carry and no clock."""

from __future__ import annotations

from pathlib import Path

from qdaio.faults import Fault, StudyError

__all__ = ["compiled", "font_folder"]

# It has the Arabic letters, and their joined forms, which Typst's own fonts lack.
_FONT = "DejaVuSans.ttf"


def font_folder() -> Path:
    """Return the folder with DejaVu Sans that comes with matplotlib.

    Raises
    ------
    StudyError
        If the font is not there: right-to-left text would be printed as empty boxes.
    """
    # Importing matplotlib for the folder alone would cost more than typesetting does.
    from importlib.util import find_spec

    spec = find_spec("matplotlib")
    if spec is not None and spec.origin:
        folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
        if (folder / _FONT).is_file():
            return folder
    raise StudyError(
        Fault(
            kind="missing-font",
            found="no DejaVu Sans",
            expected=f"{_FONT} among matplotlib's own fonts",
            remedy="Install matplotlib from PyPI again (pip install --force-reinstall matplotlib).",
        )
    )


def compiled(source: bytes, folder: Path) -> bytes:
    """Return the PDF of a Typst document.

    Parameters
    ----------
    source : bytes
        The document.
    folder : Path
        Where its pictures lie; nothing outside is read.

    Returns
    -------
    bytes
        The same document gives the same bytes: only packaged fonts, and no moment of making.
        It is accessible after PDF/UA-1 where the document allows it, which every manuscript
        does whose pictures are described.

    Raises
    ------
    StudyError
        If Typst refuses it, for instance a picture that is none.
    """
    import typst

    document = folder / "manuscript.typ"
    document.write_bytes(source)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(font_folder())]
    )

    def compile_as(*, accessible: bool) -> bytes:
        made: bytes = typst.compile(
            str(document),
            root=str(folder),
            font_paths=fonts,
            ignore_system_fonts=True,
            timestamp=0,
            pdf_standards="ua-1" if accessible else [],
        )
        return made

    try:
        return compile_as(accessible=True)
    except typst.TypstError:
        try:
            return compile_as(accessible=False)
        except typst.TypstError as error:
            raise StudyError(
                Fault(
                    kind="not-typeset",
                    found=str(error.message),
                    expected="a document that Typst can set",
                    remedy="Look at the pictures first, then build with --to html to find it.",
                )
            ) from error
