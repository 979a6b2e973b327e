"""The page that lists what is behind each number of the manuscript: ``trace.html``.

A number of the manuscript's page leads to its section here. A section says what is counted, and
in which rows of which file and sheet it stands. There is no text of a segment and no name of a
document in it, and who has an attribute only where the study file lets the page for readers
show that attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.direction import first_direction, language
from analysis.explore.content import page_addresses, shown_attributes
from analysis.explore.page import UNMARKED, notice, opening, rows_of
from analysis.languages import find_language, on_page, speaking
from analysis.metrics import slugs
from analysis.numbers import format_number
from analysis.phrases import natural_order
from analysis.trace.numbers import Origin, Tracer
from analysis.trace.rows import found, in_parts
from analysis.trace.selection import Selection
from analysis.workspace import Workspace
from qdaio.faults import FaultList, StudyError
from qdaio.files.writing import write_text

__all__ = ["PAGE", "addresses", "trace_page", "write_trace_page"]

PAGE = "trace.html"
MARKED = re.compile(r'\bdata-trace="([^"]+)"|\btrace="([^"]+)"')
LEAD = (
    "Numbers of the manuscript, and of the page to explore the study, lead here. Each section says "
    "what is counted and in which rows of the exports it stands. What is no count, such as a mean, "
    "is computed from the rows of its section."
)
COMMAND = "The same lists, with all codes, come from the command {command}."
COMPUTED_FROM = "not a count of these rows, but computed from them"
HIDDEN = (
    "Who this is does not stand here, as the study file does not show the attribute ([explore] "
    "attributes). {command} lists it."
)
MOST = 400  # stretches of rows, or people, that a section lists; `study trace` lists all
STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --ground: #fff; --soft: #555; --line: #d0d4da;
  --accent: #1f4e79; --chosen: #fff4d6; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --ground: #16191d; --soft: #a9b0b9;
  --line: #3b424b; --accent: #8fc1f0; --chosen: #3a3013; } }
body { background: var(--ground); color: var(--ink); margin: 0; overflow-wrap: anywhere;
  font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif; }
main { margin: 0 auto; max-width: 52rem; padding: 0 1rem 50vh; }
a { color: var(--accent); }
.notice { background: #fff4d6; border-bottom: 1px solid #c9a227; color: #4a3700; font-weight: 600;
  margin: 0; padding: 0.5rem 1rem; text-align: center; }
h1 { font-size: 1.5rem; line-height: 1.25; }
section { border-top: 1px solid var(--line); padding: 0.5rem 0.6rem; scroll-margin-top: 1rem; }
section:target { background: var(--chosen); outline: 2px solid var(--accent); }
h2 { font-size: 1.05rem; margin: 0; }
section p, section ul { margin: 0.2rem 0; }
section ul { columns: 16rem; list-style: none; padding: 0; }
.rows { font-variant-numeric: tabular-nums; }
.soft, .place { color: var(--soft); font-size: 0.9rem; }
@media print { main { max-width: none; padding: 0; } section { break-inside: avoid-page; } }
"""


def write_trace_page(workspace: Workspace, embeds: Sequence[Path]) -> None:
    """Write the page among the products of a study whose notebooks have run.

    Parameters
    ----------
    workspace : Workspace
    embeds : sequence of Path
        The notebooks that are made for embedding.
    """
    wanted = [*addresses(workspace.report, embeds), *page_addresses(workspace)]
    with speaking(find_language(workspace.study.study.language)):
        page = trace_page(workspace, wanted)
    write_text(workspace.output / PAGE, page)


def addresses(report: Path, embeds: Sequence[Path]) -> list[str]:
    """Return what the manuscript counts: keys of numbers, and addresses of cells.

    Parameters
    ----------
    report : Path
        Folder with ``manuscript.qmd``.
    embeds : sequence of Path
        The notebooks that are made for embedding; those that the manuscript names count.
    """
    from analysis.manuscript.source import read_source

    source = read_source(report, FaultList())
    wanted: list[str] = []
    notebooks: list[str] = []
    for shortcode in source.shortcodes:
        if shortcode.name == "var":
            wanted.append(shortcode.argument.strip("\"'"))
        elif shortcode.name == "embed":
            notebooks.append(shortcode.argument.partition("#")[0])
    texts = ["\n".join(source.written)]
    named = {Path(name).name for name in notebooks}
    texts += [
        path.read_text(encoding="utf-8").replace('\\"', '"')
        for path in embeds
        if path.name in named
    ]
    for text in texts:
        wanted += [one or other for one, other in MARKED.findall(text)]
    plain = (name.replace("&amp;", "&") for name in wanted)
    return list(dict.fromkeys(plain))


def trace_page(workspace: Workspace, wanted: Iterable[str]) -> str:
    """Return the page with a section for each number, and for those that texts are made of.

    Parameters
    ----------
    workspace : Workspace
        Of a study whose notebooks have run.
    wanted : iterable of str
        Keys and addresses, as of :func:`addresses`; what is none is left out.
    """
    tracer = Tracer(workspace)
    writer = _Writer(tracer)
    keys = list(wanted)
    keys += [part for key in keys for part in tracer.parts(key)]
    sections = [made for key in dict.fromkeys(keys) if (made := writer.section(key))]
    study = workspace.study
    title = study.study.title
    note = notice(study.is_synthetic, study.study.language)
    note += "\n" if note else ""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return f"""<!DOCTYPE html>
{opening(study.study.language)}
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="study-build" content="{UNMARKED}">
<title>{escape(on_page("{title}: what is behind each number", title=title))}</title>
<style>{STYLE}</style>
</head>
<body>
<header>{note}</header>
<main>
<h1>{escape(on_page("What is behind each number"))}</h1>
<p><bdi>{escape(title)}</bdi></p>
<p>{on_page(LEAD)}{writer.places()} {on_page(COMMAND, command="<code>study trace</code>")}</p>
{"".join(sections)}</main>
</body>
</html>
"""


class _Writer:
    """Writes the sections, from the rows of all codings by their id."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer
        tables = tracer.tables
        every = tables.every
        self.row_of: dict[str, tuple[str, str, Any]] = dict(
            zip(
                every["coding_id"].astype("str"),
                zip(
                    every["source_file"].astype("object").fillna("").astype("str"),
                    every["source_sheet"].astype("object").fillna("").astype("str"),
                    every["source_row"].astype("Int64"),
                    strict=True,
                ),
                strict=True,
            )
        )
        aside = tables.workspace.read("set-aside")
        for at, file, sheet, row in zip(
            aside.index, aside["file"], aside["sheet"], aside["row"], strict=True
        ):
            place = ("" if pd.isna(file) else str(file), "" if pd.isna(sheet) else str(sheet), row)
            self.row_of[f"set aside {at}"] = place
        self.sheets = sorted({(file, sheet) for file, sheet, _ in self.row_of.values()})
        self.of_document = self._by(every, "document_id")
        voices = tables.voices
        self.of_case = self._by(voices, "case_id")
        self.case_of = dict(
            zip(
                tables.documents["document_id"].astype("str"),
                tables.documents["case_id"].astype("object"),
                strict=True,
            )
        )
        later = tables.documents["is_follow_up"].astype(bool)
        self.later = set(tables.documents.loc[later, "document_id"].astype("str"))
        self.labels = dict(
            zip(tables.codes["code_id"].astype("str"), tables.codes["label"], strict=True)
        )
        self.first_of_code = self._first_of_codes(every)
        study = tables.workspace.study
        people = study.participants.variables if study.participants else []
        allowed = set(shown_attributes(study)) | {"group"}
        self.hidden = {
            name
            for variable in people
            if variable.name not in allowed
            for name in (variable.name, variable.title)
        }
        present = [item for item in people if item.name in self._participants()]
        titles = slugs(item.title for item in present)
        self.language = find_language(study.study.language)
        self.hidden_keys = tuple(
            f"participants.{slug}."
            for item, slug in zip(present, titles, strict=True)
            if item.name in self.hidden
        )

    def _participants(self) -> Sequence[str]:
        workspace = self.tracer.workspace
        return list(workspace.read("participants").columns) if workspace.has("participants") else []

    @staticmethod
    def _by(rows: pd.DataFrame, name: str) -> dict[str, list[str]]:
        held: dict[str, list[str]] = {}
        pairs = zip(rows[name].astype("object"), rows["coding_id"].astype("str"), strict=True)
        for key, coding in pairs:
            if not pd.isna(key):
                held.setdefault(str(key), []).append(coding)
        return held

    def _first_of_codes(self, every: pd.DataFrame) -> dict[str, str]:
        """Return the first coding at or below each code."""
        above = self.tracer.tables.above.astype({"code_id": "str", "ancestor_id": "str"})
        first = every.assign(code_id=every["code_id"].astype("str")).drop_duplicates("code_id")
        joined = first.merge(above, on="code_id").drop_duplicates("ancestor_id")
        ids = zip(joined["ancestor_id"], joined["coding_id"].astype("str"), strict=True)
        return dict(ids)

    def places(self) -> str:
        """Say once which sheet all rows are of, where there is one."""
        if len(self.sheets) != 1:
            return ""
        return " " + rows_of(*self.sheets[0])

    @staticmethod
    def _sheet(file: str, sheet: str) -> str:
        said = f"<bdi>{escape(file)}</bdi>"
        named = f"<bdi>{escape(sheet)}</bdi>"
        return f"{said}, {on_page('sheet {sheet}', sheet=named)}" if sheet else said

    def section(self, key: str) -> str:
        """Return the section of a number; empty where there is no such number."""
        selection = Selection.read(key)
        if selection is not None and key not in self.tracer.values:
            return self._of_selection(key, selection)
        try:
            traced = self.tracer.of(key)
        except StudyError:
            return ""
        value = traced.value
        shown = value if isinstance(value, str) else format_number(value, _decimals(value))
        lines = [f"<p>{_marked(self.language.explained(traced.how))}</p>"]
        if traced.parts:
            parts = [f'<li><a href="#{escape(name)}">{escape(name)}</a></li>'
                     for name in traced.parts]  # fmt: skip
            said = escape(on_page("a text of the program, with these numbers"))
            lines = [f"<p>{said}</p>", f"<ul>{''.join(parts)}</ul>"]
        elif traced.origin is not None:
            lines += self._listed(traced.origin, key, key.startswith(self.hidden_keys))
        if len(shown) > 60:
            lines.insert(0, f"<p>{_marked(shown)}</p>")
            return _section(key, escape(key), lines)
        return _section(key, f'{_marked(shown)} <span class="soft">{escape(key)}</span>', lines)

    def _of_selection(self, key: str, selection: Selection) -> str:
        tables = self.tracer.tables
        try:
            ids = found(tables, selection)
            unit, *parts = in_parts(tables, selection)
        except (LookupError, ValueError):
            return ""
        asked = [*selection.attributes(), *selection.values("has"), *selection.values("lacks")]
        is_hidden = any(name in self.hidden for name in asked)
        parts = [*([COMPUTED_FROM] if selection.computed else []), *parts]
        said = [_marked(self.language.explained(part)) for part in parts]
        lines = [f"<p>{'; '.join(said)}</p>"] if said else []
        lines += self._listed(Origin(selection.unit, ids), key, is_hidden, selection)
        return _section(key, escape(f"{len(ids):,} {on_page(unit)}"), lines)

    def _listed(
        self, origin: Origin, key: str, is_hidden: bool, selection: Selection | None = None
    ) -> list[str]:
        """Return the paragraphs that list what is counted."""
        if is_hidden and origin.ids:
            command = f"<code>study trace '{escape(key)}'</code>"
            return [f'<p class="soft">{on_page(HIDDEN, command=command)}</p>']
        if origin.unit == "codings":
            return self._ranges(origin.ids)
        if origin.unit == "codes":
            items = [self._item(f"“{self.labels.get(one, one)}”",
                                [self.first_of_code[one]] if one in self.first_of_code else [],
                                "first coded in {rows}") for one in origin.ids]  # fmt: skip
            return _list(items)
        inside: set[str] | None = None
        if selection is not None and any(selection.values(name) for name in
                                         ("code", "own", "dimension", "item")):  # fmt: skip
            inside = set(found(self.tracer.tables, Selection("codings", selection.where)))
        if origin.unit == "documents":
            word = on_page(self.tracer.workspace.study.case_words[0])
            named = []
            for one in origin.ids:
                case = self.case_of.get(one)
                several = on_page("a document of several people")
                name = several if pd.isna(case) else f"{word} {case}"
                named.append((name + (f", {on_page('follow-up')}" * (one in self.later)), one))
            return _list([self._item(name, self._inside(self.of_document.get(one, []), inside))
                          for name, one in named])  # fmt: skip
        return _list([self._item(one, self._inside(self.of_case.get(one, []), inside))
                      for one in natural_order(origin.ids)])  # fmt: skip

    @staticmethod
    def _inside(codings: list[str], inside: set[str] | None) -> list[str]:
        return codings if inside is None else [one for one in codings if one in inside]

    def _item(self, name: str, codings: Sequence[str], before: str = "{rows}") -> str:
        rows = "; ".join(self._said(codings))
        said = on_page(before, rows=rows) if rows else escape(on_page("no coding"))
        return f"{_marked(name)}: {said}"

    def _ranges(self, codings: Sequence[str]) -> list[str]:
        return [f'<p class="rows">{said}</p>' for said in self._said(codings)]

    def _said(self, codings: Sequence[str]) -> Iterator[str]:
        """Yield, sheet by sheet, the rows of codings: "rows 2–5, 9"."""
        held: dict[tuple[str, str], list[int]] = {}
        nowhere = 0
        for one in codings:
            file, sheet, row = self.row_of[one]
            if pd.isna(row):
                nowhere += 1
            else:
                held.setdefault((file, sheet), []).append(int(row))
        for at in sorted(held):
            place = "" if len(self.sheets) == 1 else f"{self._sheet(*at)}: "
            stretches = _stretches(held[at])
            more = len(stretches) - MOST
            said = ", ".join(stretches[:MOST])
            said += f" {on_page('and {n} more', n=f'{more:,}')}" if more > 0 else ""
            word = "row {row}" if len(set(held[at])) == 1 else "rows {row}"
            yield place + on_page(word, row=said)
        if nowhere:
            yield escape(on_page("{n} without a row", n=f"{nowhere:,}"))


def _decimals(value: float) -> int:
    return 0 if float(value).is_integer() else 2


def _stretches(rows: Iterable[int]) -> list[str]:
    """Return rows as stretches, in order, each row once.

    Examples
    --------
    >>> _stretches([3, 1, 2, 7, 7])
    ['1–3', '7']
    """
    said: list[str] = []
    ordered = sorted(set(rows))
    starts = [at for at, row in enumerate(ordered) if not at or row != ordered[at - 1] + 1]
    for start, end in zip(starts, [*starts[1:], len(ordered)], strict=True):
        first, last = ordered[start], ordered[end - 1]
        said.append(str(first) if first == last else f"{first}–{last}")
    return said


def _list(items: Sequence[str]) -> list[str]:
    shown = [f"<li>{item}</li>" for item in items[:MOST]]
    if len(items) > MOST:
        more = on_page("and {n} more", n=f"{len(items) - MOST:,}")
        shown.append(f"<li>{escape(more)}</li>")
    return [f'<ul class="rows">{"".join(shown)}</ul>'] if shown else []


def _marked(text: str) -> str:
    """Escape a text and mark its direction where it runs from right to left."""
    if first_direction(text) == "R":
        return f'<bdi dir="rtl" lang="{language(text)}">{escape(text)}</bdi>'
    return f"<bdi>{escape(text)}</bdi>"


def _section(key: str, head: str, lines: Sequence[str]) -> str:
    inside = "\n".join(lines)
    return f'<section id="{escape(key)}"><h2>{head}</h2>\n{inside}</section>\n'
