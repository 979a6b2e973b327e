"""A table as one unchanging object, which knows how it looks in each format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.tables.html import table_html, table_page
from analysis.tables.printed import Printed
from analysis.tables.text import table_csv, table_markdown
from qdaio.files.writing import write_bytes, write_text

__all__ = ["Table"]


@dataclass(frozen=True, eq=False, repr=False)
class Table(Printed):
    """A printed table that can be shown in a notebook and saved in every format.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.tables import Column
    >>> table = Table(
    ...     body=pd.DataFrame({"group": ["A", "B"], "n": ["3", "4"]}),
    ...     columns=(Column("group", "Group"), Column("n", "n", align="right")),
    ...     caption="People",
    ...     label="tbl-people",
    ... )
    >>> print(table.markdown())
    | Group | n |
    | :--- | ---: |
    | A | 3 |
    | B | 4 |
    """

    def html(self, *, caption: bool = True) -> str:
        """Return the table as one HTML element with a style of its own.

        Parameters
        ----------
        caption : bool
            Whether the caption stands inside, as ``<caption>``.
        """
        return table_html(self, caption=caption)

    def markdown(self) -> str:
        """Return the table as a pipe table; notes and caption are not in it."""
        return table_markdown(self)

    def csv(self) -> str:
        """Return the raw values, or else the printed cells, as CSV; see `delimited`."""
        return table_csv(self)

    def docx(self, path: Path) -> None:
        """Write a Word document with the table, its caption and its notes."""
        from analysis.tables.word import table_docx

        write_bytes(path, table_docx(self))

    def save(self, folder: Path, *, language: str = "en") -> list[Path]:
        """Write NAME.csv, NAME.html and NAME.docx, each whole or not at all.

        Parameters
        ----------
        folder : Path
            Is made if it is missing.
        language : str
            Language tag of the pages.

        Returns
        -------
        list of Path
            The files.
        """
        paths = [folder / f"{self.name}.{suffix}" for suffix in ("csv", "html", "docx")]
        write_text(paths[0], self.csv())
        write_text(paths[1], table_page(self, language))
        self.docx(paths[2])
        return paths

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give a notebook the HTML, and as metadata what a manuscript needs to embed it."""
        metadata = {"study": {"label": self.label, "caption": self.caption}}
        return {"text/html": self.html(), "text/plain": repr(self)}, metadata
