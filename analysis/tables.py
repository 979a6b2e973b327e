"""Tables of a publication: one object for each table, printed as HTML, Markdown, CSV and Word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from analysis import phrases
from analysis.direction import language as language_of
from analysis.direction import mostly_latin, runs
from analysis.languages import Language, find_language
from analysis.metrics import escape_markdown
from qdaio.files.writing import write_bytes, write_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "EM_SPACE",
    "MOST_COLUMNS",
    "Align",
    "Column",
    "Printed",
    "Row",
    "Table",
    "cell_text",
    "column_shares",
    "frame_csv",
    "more_columns",
    "table_csv",
    "table_docx",
    "table_html",
    "table_markdown",
    "table_page",
]

Align = Literal["left", "right", "center"]
LABEL = re.compile(r"tbl-[a-z0-9]+(-[a-z0-9]+)*")
# indents survive in every format as characters; padding is lost between them
EM_SPACE = "\u2003"
# XML holds none of these, and no reader sees them
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# letters that a line of the page holds, at the usual size
PAGE = 95
ON_ITS_SIDE = 1.5  # the width of a page on its side, in parts of one upright
# a long text may wrap, so its column need not be as wide as its longest line
WIDEST = 40
# empty space in a cell, and what bold letters need more
PADDING = 2
BOLD = 1.15


MOST_COLUMNS = 12  # groups side by side; what is wider cannot be read on a page


def more_columns(left: int) -> list[str]:
    """Return the note on columns that are not printed, where there are some."""
    columns = ("more column is", "more columns are")
    return [f"{phrases.counted(left, columns)} in the CSV file."] if left > 0 else []


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
    computed : bool
        Whether the program says there in sentences what it found, which it does in English.
    """

    name: str
    label: str
    align: Align = "left"
    spanner: str | None = None
    width: float | None = None
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: its cells from the left, its indent and the heading it stands under."""

    cells: tuple[str, ...]
    indent: int = 0
    group: str = ""


@dataclass(frozen=True, eq=False)
class Printed:
    """What a table prints, and the raw values behind it.

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
    language : str
        Tag of the language in which fixed words are printed.
    english : frozenset of str
        Cells that are English in a table in another language.
    behind : mapping
        For columns of numbers what each row's number counts, as an address of
        :mod:`analysis.trace.selection`; empty where there is none.

    Raises
    ------
    ValueError
        When a column is missing, the label is not like ``tbl-name``, rows of a group or
        columns of a spanner do not stand together, or an indent is no number from 0.
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
    language: str = "en"
    english: frozenset[str] = frozenset()
    behind: Mapping[str, Sequence[str]] = field(default_factory=dict)
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
        if wrong := [key for key, each in self.behind.items() if len(each) != len(self.body)]:
            raise ValueError(f"{self.label}: not every row of {wrong[0]} says what it counts")
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
        size = f"{len(self.rows)} rows, {len(self.columns)} columns"
        return f"<{type(self).__name__} {self.label}: {size}>"

    @property
    def name(self) -> str:
        """Name of the files, without a suffix."""
        return self.label.removeprefix("tbl-")

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes as printed, with the one that says that the data are synthetic."""
        if not self.synthetic:
            return self.notes
        return (*self.notes, find_language(self.language).page["synthetic"])

    def said_in(self, language: Language, but: Collection[str] = ()) -> Self:
        """Return the same table with its fixed words in a language.

        Parameters
        ----------
        language : Language
        but : collection of str
            Names of the study, which stay as they are.
        """
        printed = [name for name in (self.groups, *(c.name for c in self.columns)) if name]
        # names of codes stand in the first column, and may be numbers
        counted = {c.name for c in self.columns[1:] if c.align != "left"}
        computed = [c.name for c in self.columns if c.computed and not language.is_english]

        def said(name: str, value: object) -> str:
            text = language.cells.said(cell_text(value), but)
            return language.number(text) if name in counted else text

        body = self.body.assign(
            **{
                name: [said(name, value) for value in self.body[name]]
                for name in dict.fromkeys(printed)
            }
        )
        return replace(
            self,
            body=body,
            columns=tuple(
                replace(
                    column,
                    label=language.said(column.label, but),
                    spanner=column.spanner and language.said(column.spanner, but),
                )
                for column in self.columns
            ),
            caption=language.said(self.caption),
            notes=tuple(language.said(note, but) for note in self.notes),
            language=language.tag,
            english=frozenset(
                cell_text(value)
                for name in computed
                for value, new in zip(self.body[name], body[name], strict=True)
                if cell_text(value) == new
            ),
        )


def cell_text(value: object) -> str:
    r"""Return what a cell prints: missing values as nothing, line ends as ``\n``.

    Characters that XML cannot hold are left out; tabs become spaces.
    """
    if value is None or value != value or type(value).__name__ in ("NAType", "NaTType"):
        return ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return FORBIDDEN.sub("", text)


def _stand_together(values: list[str | None], what: str) -> None:
    """Raise ValueError when equal values are parted by others."""
    seen: set[str | None] = set()
    last = None
    for value in values:
        if value and value != last and value in seen:
            raise ValueError(f'{what} "{value}" do not stand together')
        seen.add(value)
        last = value


def column_shares(table: Printed) -> list[float]:
    """Return the width of each column in percent of the table; together 100.

    Columns with a width of their own keep it. The others are as wide as their longest
    word at least, where the page has room for that, and share the rest by their longest
    line.
    """
    given = [column.width for column in table.columns]
    wanted = [_letters_wanted(table, index) for index in range(len(given))]
    free = max(0.0, 100 - sum(width or 0 for width in given)) * PAGE / 100
    least = sum(word for (word, _), width in zip(wanted, given, strict=True) if width is None)
    extra = sum(line - word for (word, line), width in zip(wanted, given, strict=True)
                if width is None)  # fmt: skip
    if least > free:  # the table stands on a page on its side
        free *= ON_ITS_SIDE
    rest = max(0.0, free - least)
    shares = [
        word + (rest * (line - word) / extra if extra else rest * word / least)
        if width is None
        else width * PAGE / 100
        for (word, line), width in zip(wanted, given, strict=True)
    ]
    total = sum(shares)
    return [100 * share / total for share in shares]


def _letters_wanted(table: Printed, index: int) -> tuple[float, float]:
    """Return the letters of the longest word and of the longest line of a column."""
    indents = [2 * row.indent if index == 0 else 0 for row in table.rows]
    cells = [
        (indent, line)
        for row, indent in zip(table.rows, indents, strict=True)
        for line in row.cells[index].split("\n")
    ]
    heading = cell_text(table.columns[index].label).split()
    words = [BOLD * _letters(word) for word in heading]
    words += [indent + _letters(word) for indent, line in cells for word in line.split()]
    lines = [float(indent + _letters(line)) for indent, line in cells]
    word = PADDING + min(max(words, default=1), WIDEST)
    line = PADDING + min(max(lines, default=1), WIDEST)
    return word, max(word, line)


def _letters(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)


STYLE = """
div.study-table { overflow-x: auto; }
div.study-table table { border-collapse: collapse; margin: 0 auto; font-size: 0.9em;
  line-height: 1.35; border: 0; border-top: 2px solid; border-bottom: 2px solid; }
div.study-table caption { caption-side: top; text-align: left; padding: 0.4em 0;
  font-weight: 600; color: inherit; }
div.study-table tbody tr:nth-child(n), div.study-table tfoot tr:nth-child(n) {
  background: none; border: 0; }
div.study-table th, div.study-table td { padding: 0.25em 0.6em; border: 0; text-align: left;
  vertical-align: top; font-weight: normal; white-space: normal; max-width: none; }
div.study-table thead th { font-weight: 600; vertical-align: bottom; border-bottom: 1px solid; }
div.study-table tbody th[scope=rowgroup] { font-weight: 600; padding-top: 0.6em; }
div.study-table tfoot td { font-size: 0.9em; }
div.study-table tfoot tr:first-child td { border-top: 1px solid; }
"""


def table_page(table: Printed) -> str:
    """Return the table as an HTML page that stands alone."""
    turned = ' dir="rtl"' if find_language(table.language).is_right_to_left else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(table.language)}"{turned}>\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(table.caption)}</title>\n"
        "<style>body { font-family: system-ui, sans-serif; margin: 2em; }</style>\n"
        f"</head>\n<body>\n<main>\n{table_html(table)}\n</main>\n</body>\n</html>\n"
    )


def table_html(table: Printed, *, caption: bool = True, traced: bool = False) -> str:
    """Return the table as one ``<div>`` that needs nothing from the web.

    Its style touches nothing outside. Alignments are also written into the cells, each group
    of rows is a ``<tbody>`` under a heading, and notes stand in ``<tfoot>``: so it reads well
    aloud and survives conversion by Pandoc.

    Parameters
    ----------
    table : Printed
    caption : bool
        Whether the caption stands inside, as ``<caption>``.
    traced : bool
        Whether numbers carry what they count, for a page that leads to it.
    """
    page = _Page(find_language(table.language).is_right_to_left, table.english)
    turned = ' dir="rtl"' if page.turned else ""
    parts = [f'<div class="study-table" tabindex="0"><style>{STYLE}</style><table{turned}>']
    if caption:
        parts.append(f"<caption {page.start}>{page.marked(table.caption)}</caption>")
    parts += [page.widths(table.columns), page.head(table.columns), *page.bodies(table, traced)]
    if table.all_notes:
        parts.append(page.notes(table))
    return "\n".join(part for part in parts if part) + "\n</table>\n</div>"


@dataclass(frozen=True, slots=True)
class _Page:
    """Writes the parts of a table as HTML, in a text that runs from the left or from the right."""

    turned: bool
    english: frozenset[str] = frozenset()

    @property
    def start(self) -> str:
        """The side on which lines begin, as a style."""
        return _aligned("right" if self.turned else "left")

    def side(self, align: Align) -> Align:
        """Return where the text of a column stands; numbers end at the right in any text."""
        return "right" if self.turned and align == "left" else align

    def widths(self, columns: tuple[Column, ...]) -> str:
        """Write the widths, where one is given."""
        if not any(column.width for column in columns):
            return ""
        marks = [
            f'<col style="width:{column.width:g}%;">' if column.width else "<col>"
            for column in columns
        ]
        return f"<colgroup>{''.join(marks)}</colgroup>"

    def head(self, columns: tuple[Column, ...]) -> str:
        """Write the headings; one without another above it reaches over both rows."""
        upper: list[str] = []
        lower: list[str] = []
        has_spanners = any(column.spanner for column in columns)
        for spanner, group in groupby(columns, key=lambda column: column.spanner):
            members = list(group)
            if spanner:
                upper.append(self.heading("colgroup", spanner, "center", columns=len(members)))
                lower += [self.heading("col", column.label, column.align) for column in members]
            else:
                upper += [
                    self.heading("col", column.label, column.align, rows=2 if has_spanners else 1)
                    for column in members
                ]
        rows = [upper, lower] if has_spanners else [upper]
        return f"<thead>\n{''.join(_row(cells) for cells in rows)}</thead>"

    def heading(
        self, scope: str, text: str, align: Align, *, rows: int = 1, columns: int = 1
    ) -> str:
        spans = f' rowspan="{rows}"' if rows > 1 else ""
        spans += f' colspan="{columns}"' if columns > 1 else ""
        return f'<th{spans} scope="{scope}" {_aligned(self.side(align))}>{self.marked(text)}</th>'

    def bodies(self, table: Printed, traced: bool) -> list[str]:
        """Write each group of rows as a body of its own, and each row with a heading cell."""
        bodies = []
        behind = table.behind if traced else {}
        numbered = enumerate(table.rows)
        for group, rows in groupby(numbered, key=lambda pair: pair[1].group):
            lines = [
                _row(
                    self.cells(row, table.columns, {key: each[at] for key, each in behind.items()})
                )
                for at, row in rows
            ]
            if group:
                width = len(table.columns)
                span = f' colspan="{width}"' if width > 1 else ""
                heading = f'<th{span} scope="rowgroup" {self.start}>{self.marked(group)}</th>'
                lines.insert(0, _row([heading]))
            bodies.append(f"<tbody>\n{''.join(lines)}</tbody>")
        return bodies or ["<tbody></tbody>"]

    def cells(self, row: Row, columns: tuple[Column, ...], behind: Mapping[str, str]) -> list[str]:
        first, *others = zip(row.cells, columns, strict=True)
        text, column = first
        edge = "right" if self.turned else "left"
        hanging = (
            f"; padding-{edge}: {0.6 + row.indent}em; text-indent: -{row.indent}em"
            if row.indent
            else ""
        )
        label = self.marked(EM_SPACE * row.indent + text)
        style = _aligned(self.side(column.align), hanging)
        cells = [f'<th scope="row" {style}>{label}</th>']
        for cell, other in others:
            address = behind.get(other.name, "")
            mark = f' data-trace="{escape(address)}"' if address and cell else ""
            cells.append(f"<td{mark} {_aligned(self.side(other.align))}>{self.marked(cell)}</td>")
        return cells

    def notes(self, table: Printed) -> str:
        width = len(table.columns)
        span = f' colspan="{width}"' if width > 1 else ""
        lines = [
            _row([f"<td{span} {self.start}>{self.marked(note)}</td>"]) for note in table.all_notes
        ]
        return f"<tfoot>\n{''.join(lines)}</tfoot>"

    def marked(self, text: str) -> str:
        """Escape a text, mark its line breaks, and what runs in another direction."""
        lines = cell_text(text).strip("\n\r ").split("\n")
        made = "<br>".join(map(self.line, lines))
        return f'<span lang="en">{made}</span>' if text and text in self.english else made

    def line(self, line: str) -> str:
        if self.turned and mostly_latin(line):
            text = line.lstrip(EM_SPACE)
            before = line[: len(line) - len(text)]
            return f'{before}<span dir="ltr">{escape(text, quote=False)}</span>'
        return "".join(
            f'<span dir="rtl" lang="{language_of(run.text)}">{escape(run.text, quote=False)}</span>'
            if run.is_rtl
            else escape(run.text, quote=False)
            for run in runs(line)
        )


def _aligned(align: Align, more: str = "") -> str:
    return f'style="text-align: {align}{more}"'


def _row(cells: list[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>\n"


BOM = "\ufeff"
DANGEROUS = r"^([=+\-@\t\r\n＝＋－＠])"
RULES = {"left": ":---", "right": "---:", "center": ":---:"}


def table_markdown(table: Printed) -> str:
    """Return the table as a pipe table, for Markdown that knows no other tables.

    Such a table has one row of headings and no row groups: a heading above several
    columns is written before each of theirs, a heading above rows as a row in bold.
    """
    headings = [
        f"{column.spanner}: {column.label}" if column.spanner else column.label
        for column in table.columns
    ]
    lines = [_pipe_line(_pipe_cell(heading) for heading in headings)]
    lines.append(_pipe_line(RULES[column.align] for column in table.columns))
    last = ""
    blanks = [""] * (len(table.columns) - 1)
    for row in table.rows:
        if row.group and row.group != last:
            lines.append(_pipe_line([f"**{_pipe_cell(row.group)}**", *blanks]))
        last = row.group
        first, *others = (_pipe_cell(cell) for cell in row.cells)
        lines.append(_pipe_line([EM_SPACE * row.indent + first, *others]))
    return "\n".join(lines)


def _pipe_line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _pipe_cell(text: str) -> str:
    return "<br>".join(escape_markdown(line) for line in cell_text(text).strip().split("\n"))


def table_csv(table: Printed) -> str:
    """Return the data behind a table as CSV, or its printed cells where it has none."""
    data = table.data if table.data is not None else _printed_cells(table)
    return frame_csv(data, synthetic=table.synthetic)


def frame_csv(data: pd.DataFrame, *, synthetic: bool) -> str:
    """Return a frame as CSV that a spreadsheet opens without harm.

    Lines end as RFC 4180 has it; the text is UTF-8 with a byte order mark, without which
    Excel on Windows shows anything but English wrongly. A text that a spreadsheet would run
    as a formula gets a leading apostrophe (OWASP, *CSV injection*); numbers are left alone.

    Parameters
    ----------
    data : DataFrame
        Floats are written with at most 10 significant digits, so that machines agree.
    synthetic : bool
        Adds a last column that says so.
    """
    import pandas as pd

    safe = pd.DataFrame(index=range(len(data)))
    texts = pd.Series([str(name) for name in data.columns], dtype="str")
    headers = texts.str.replace(DANGEROUS, r"'\1", regex=True)
    columns = [_guarded(data.iloc[:, index]) for index in range(data.shape[1])]
    names = list(headers)
    if synthetic:
        name, value = phrases.SYNTHETIC_COLUMN
        names.append(name)
        columns.append(pd.Series(value, index=safe.index))
    safe = pd.concat([safe, *columns], axis=1)
    safe.columns = pd.Index(names)
    return BOM + safe.to_csv(index=False, float_format="%.10g", lineterminator="\r\n")


def _guarded(values: pd.Series) -> pd.Series:
    from pandas.api import types

    values = values.reset_index(drop=True)
    if types.is_numeric_dtype(values) or types.is_datetime64_any_dtype(values):
        return values
    # lists of one column hold numbers and texts side by side: only texts are guarded
    plain = values.astype("object").where(values.notna(), None)
    is_text = plain.map(lambda value: not isinstance(value, (int, float)) and value is not None)
    guarded = plain[is_text].astype("str").str.replace(DANGEROUS, r"'\1", regex=True)
    return plain.where(~is_text, guarded)


def _printed_cells(table: Printed) -> pd.DataFrame:
    import pandas as pd

    headings = [
        f"{column.spanner}: {column.label}" if column.spanner else column.label
        for column in table.columns
    ]
    rows = [row.cells for row in table.rows]
    frame = pd.DataFrame(rows, columns=range(len(headings)), dtype="str")
    frame.columns = pd.Index(headings)
    if table.groups:
        groups = pd.Series([row.group for row in table.rows], dtype="str")
        frame.insert(0, table.groups, groups, allow_duplicates=True)
    return frame


def table_docx(table: Printed) -> bytes:
    """Return a table with its caption and notes as the bytes of a Word document.

    It is made as those of the manuscript are: headings repeat on each page, no row breaks
    across pages, groups stand in bold above their rows, and text runs in its own direction.
    A page with more than seven columns lies on its side.

    Parameters
    ----------
    table : Printed

    Returns
    -------
    bytes
        The same table gives the same bytes.
    """
    from analysis.manuscript.html_tables import parse_tables
    from analysis.manuscript.pandoc import directed
    from analysis.manuscript.word import table_file

    element = parse_tables([], {0: table_html(table, caption=False)}).of_embeds[0]
    foot = element["c"][5]
    notes = [
        block["c"]
        for row in foot[1]
        for cell in row[1]
        for block in cell[4]
        if block["t"] in ("Plain", "Para")
    ]
    foot[1] = []
    return table_file(
        element,
        directed(cell_text(table.caption)),
        notes,
        column_shares(table),
        keywords=phrases.SYNTHETIC_MARK if table.synthetic else "",
        lang=table.language,
    )


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
        write_bytes(path, table_docx(self))

    def save(self, folder: Path) -> list[Path]:
        """Write NAME.csv, NAME.html and NAME.docx, each whole or not at all.

        Parameters
        ----------
        folder : Path
            Is made if it is missing.

        Returns
        -------
        list of Path
            The files.
        """
        paths = [folder / f"{self.name}.{suffix}" for suffix in ("csv", "html", "docx")]
        write_text(paths[0], self.csv())
        write_text(paths[1], table_page(self))
        self.docx(paths[2])
        return paths

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give a notebook the HTML, and as metadata what a manuscript needs to embed it."""
        metadata = {"study": {"label": self.label, "caption": self.caption}}
        html = table_html(self, traced=True)
        return {"text/html": html, "text/plain": repr(self)}, metadata
