"""Pictures that the manuscript names as files of its own."""

from __future__ import annotations

import re
from pathlib import Path

from qdaio.faults import FaultList

from .source import Source
from .tree import Element, elements

__all__ = ["take_pictures"]

# What HTML, Word, PDF and JATS can all show.
_FORMATS = (".png", ".jpg", ".jpeg")


def take_pictures(
    blocks: list[Element], report: Path, made: dict[str, bytes], source: Source, faults: FaultList
) -> dict[str, bytes]:
    """Read each picture and give it one name, and its description, for all formats.

    Parameters
    ----------
    blocks : list of dict
        The document; pictures are changed in place.
    report : Path
        Folder from which pictures are named, and outside which none is read.
    made : dict
        Pictures that notebooks made, by their name.
    source : Source
        For places.
    faults : FaultList
        Pictures that are missing, lie outside or elsewhere on the web, or have a format that
        some product cannot show, are added.

    Returns
    -------
    dict
        Content of every picture of the document by its name.
    """
    media: dict[str, bytes] = {}
    for element in elements(blocks):
        if element["t"] != "Image":
            continue
        pairs = element["c"][0][2]
        # Quarto's name for it, and Pandoc's.
        pairs[:] = [["alt" if key == "fig-alt" else key, value] for key, value in pairs]
        address = element["c"][2][0]
        if address in made:
            media[address] = made[address]
            continue
        path = (report / address).resolve()
        inside = path.is_relative_to(report.resolve())
        if ":" in address or not inside or not path.is_file() or path.suffix not in _FORMATS:
            place = source.find(re.escape(address))
            faults.add(
                kind="picture",
                file=place.file,
                row=place.row,
                found=address,
                expected=f"a file below {report.name}/, one of {', '.join(_FORMATS)}",
                remedy="Put the picture there, or embed the figure from a notebook.",
            )
            continue
        name = "-".join(path.relative_to(report.resolve()).parts)
        media[name] = path.read_bytes()
        element["c"][2][0] = name
    return media
