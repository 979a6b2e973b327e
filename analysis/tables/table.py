"""A table as one unchanging object, which knows how it looks in each format."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from analysis import phrases
from analysis.tables.text import cell_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Align", "Column", "Row", "Table"]

Align = Literal["left", "right", "center"]
LABEL = re.compile(r"tbl-[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Column:
    """One printed column.

    Parameters
    ----------
    name : str
        Column of the body.
    label : str
        What its heading prints.
    align : {"left", "right", "center"}
    spanner : str, optional
        A heading above this one, shared with neighbours that have the same.
    width : float, optional
        Share of the table's width in percent; without it, widths follow the content.
    """

    name: str
    label: str
    align: Align = "left"
    spanner: str | None = None
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: its cells from the left, its indent and the heading it stands under."""

    cells: tuple[str, ...]
    indent: int = 0
    group: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """A printed table, its caption and notes, and the raw values behind it.

    Parameters
    ----------
    body : DataFrame
        Printed cells as text; missing ones are empty. Columns that are not named in
        `columns`, `groups` or `indent` are not printed.
    columns : tuple of Column
        What is printed, from the left.
    caption, label : str
        The label is the name of the files, after ``tbl-``.
    notes : tuple of str
        Printed under the table, one a line.
    groups : str, optional
        Column of the body whose value is a heading above the rows that share it.
    indent : str, optional
        Column of the body with the level, from 0, by which the first cell is indented.
    data : DataFrame, optional
        Tidy raw values for the CSV; without them it holds the printed cells.
    synthetic : bool
        Adds a note, and a last column to the CSV.

    Raises
    ------
    ValueError
        When a column is missing, the label is not like ``tbl-name``, rows of a group or
        columns of a spanner do not stand together, or an indent is no number from 0.

    Examples
    --------
    >>> import pandas as pd
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

    body: pd.DataFrame
    columns: tuple[Column, ...]
    _: KW_ONLY
    caption: str
    label: str
    notes: tuple[str, ...] = ()
    groups: str | None = None
    indent: str | None = None
    data: pd.DataFrame | None = None
    synthetic: bool = False
    rows: tuple[Row, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not LABEL.fullmatch(self.label):
            raise ValueError(f'label "{self.label}" is not like tbl-name')
        named = [column.name for column in self.columns]
        named += [name for name in (self.groups, self.indent) if name]
        if missing := [name for name in named if name not in self.body.columns]:
            raise ValueError(f"{self.label}: the body has no column {', '.join(missing)}")
        if not self.columns:
            raise ValueError(f"{self.label}: a table needs a column")
        _stand_together([column.spanner for column in self.columns], f"{self.label}: columns of")
        object.__setattr__(self, "rows", self._made_rows())
        # frames are copied when one of the two sides changes, so later changes stay outside
        object.__setattr__(self, "body", self.body.copy(deep=False))
        if self.data is not None:
            object.__setattr__(self, "data", self.data.copy(deep=False))
        _stand_together([row.group for row in self.rows], f"{self.label}: rows of")

    def _made_rows(self) -> tuple[Row, ...]:
        cells = [[cell_text(value) for value in self.body[column.name]] for column in self.columns]
        count = len(self.body)
        indents = [0] * count
        if self.indent:
            levels = self.body[self.indent]
            if levels.isna().any() or (levels.astype("float64") < 0).any():
                raise ValueError(f"{self.label}: indents must be numbers from 0")
            indents = [int(level) for level in levels]
        groups = [""] * count
        if self.groups:
            groups = [cell_text(value) for value in self.body[self.groups]]
        return tuple(
            Row(row, indent, group)
            for row, indent, group in zip(zip(*cells, strict=True), indents, groups, strict=True)
        )

    def __repr__(self) -> str:
        return f"<Table {self.label}: {len(self.rows)} rows, {len(self.columns)} columns>"

    @property
    def name(self) -> str:
        """Name of the files, without a suffix."""
        return self.label.removeprefix("tbl-")

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes as printed, with the one that says that the data are synthetic."""
        return (*self.notes, phrases.SYNTHETIC_NOTE) if self.synthetic else self.notes

    def html(self, *, caption: bool = True) -> str:
        """Return the table as one HTML element with a style of its own.

        Parameters
        ----------
        caption : bool
            Whether the caption stands inside, as ``<caption>``.
        """
        from analysis.tables.html import table_html

        return table_html(self, caption=caption)

    def markdown(self) -> str:
        """Return the table as a pipe table; notes and caption are not in it."""
        from analysis.tables.markdown import table_markdown

        return table_markdown(self)

    def csv(self) -> str:
        """Return the raw values, or else the printed cells, as CSV; see `delimited`."""
        from analysis.tables.delimited import table_csv

        return table_csv(self)

    def docx(self, path: Path) -> None:
        """Write a Word document with the table, its caption and its notes."""
        from analysis.tables.word import table_docx
        from qdaio.files.writing import write_bytes

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
        from analysis.tables.html import table_page
        from qdaio.files.writing import write_text

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


def _stand_together(values: list[str | None], what: str) -> None:
    """Raise ValueError when equal values are parted by others."""
    seen: set[str | None] = set()
    last = None
    for value in values:
        if value and value != last and value in seen:
            raise ValueError(f'{what} "{value}" do not stand together')
        seen.add(value)
        last = value
