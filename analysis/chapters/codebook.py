"""The codebook: what each code means, when it is used, and how often it was.

An example is a quotation. It is printed only where the study file allows it, and only from
segments that the coders marked as fit to quote, or as the codebook itself has it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.phrases import SYNTHETIC_NOTE, counted
from analysis.tables import Column, Table
from analysis.trace.selection import behind, code_numbers
from qdaio.model import CodedProject, ExportInfo, make_frame

__all__ = ["codebook", "codebook_table", "write_codebook"]

INDENT = "_indent"
PRINTED = (
    ("definition", "Definition"),
    ("inclusion", "Use it for"),
    ("exclusion", "Do not use it for"),
    ("example", "Example"),
)
WIDTHS = {"code": 20, "definition": 30, "codings": 8, "cases": 11}
CODES = ("code", "codes")


def codebook(
    codes: pd.DataFrame,
    frequencies: pd.DataFrame,
    definitions: pd.DataFrame,
    quotations: pd.DataFrame,
    *,
    with_examples: bool,
) -> pd.DataFrame:
    """Put together what is known of each code.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``label``, ``level``, ``position``.
    frequencies : DataFrame
        As of :func:`analysis.chapters.frequencies.code_frequencies`.
    definitions : DataFrame
        As of :func:`analysis.codes.code_definitions`.
    quotations : DataFrame
        ``code_id``, ``text``: segments that the coders marked as fit to quote.
    with_examples : bool
        Whether words of participants may be shown.

    Returns
    -------
    DataFrame
        One row a code, in their order: ``code_id``, ``label``, ``level``, ``definition``,
        ``inclusion``, ``exclusion``, ``example``, ``own``, ``codings``, ``cases``.
    """
    counts = frequencies[["code_id", "own", "codings", "cases"]]
    table = codes[["code_id", "label", "level", "position"]]
    table = table.merge(definitions, on="code_id", how="left", validate="one_to_one")
    table = table.merge(counts, on="code_id", validate="one_to_one").sort_values("position")
    first = quotations.drop_duplicates("code_id").set_index("code_id")["text"]
    quoted = table["code_id"].map(first)
    example = table["example"].astype("object").where(table["example"].notna(), quoted)
    table["example"] = example if with_examples else None
    return table.drop(columns="position").reset_index(drop=True)


def codebook_table(
    book: pd.DataFrame,
    *,
    deepest: int,
    case_word: str,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out the codebook, indented by level.

    Parameters
    ----------
    book : DataFrame
        As of :func:`codebook`.
    deepest : int
        Last level to print; the CSV holds every level.
    case_word, label, caption : str
    synthetic : bool
    """
    shown = book[book["level"] <= deepest]
    parts = [(name, title) for name, title in PRINTED if shown[name].notna().any()]
    body = pd.DataFrame({"code": shown["label"].to_numpy()})
    for name, _ in parts:
        body[name] = shown[name].fillna("").to_numpy()
    body["codings"] = shown["codings"].map("{:,}".format).to_numpy()
    body["cases"] = shown["cases"].map("{:,}".format).to_numpy()
    body[INDENT] = shown["level"].to_numpy() - 1
    columns = [
        Column("code", "Code"),
        *(Column(name, title) for name, title in parts),
        Column("codings", "Codings", align="right"),
        Column("cases", case_word, align="right"),
    ]
    if parts:
        rest = 100 - sum(WIDTHS.values()) + WIDTHS["definition"]
        columns = [
            Column(
                item.name,
                item.label,
                align=item.align,
                width=WIDTHS[item.name]
                if item.name in ("code", "codings", "cases")
                else rest / len(parts),
            )
            for item in columns
        ]
    notes = ["Codings of a code and of all below it."]
    lacking = int(shown["definition"].isna().sum())
    if lacking:
        has = "has" if lacking == 1 else "have"
        notes.append(f"{counted(lacking, CODES)} {has} no definition.")
    if len(shown) < len(book):
        notes.append("The file of this table holds the deeper levels, too.")
    return Table(
        body=body,
        columns=tuple(columns),
        indent=INDENT,
        caption=caption,
        notes=tuple(notes),
        label=label,
        behind={
            unit: [behind(unit, ("code", at)) for at in code_numbers(book, shown["code_id"])]
            for unit in ("codings", "cases")
        },
        data=book,
        synthetic=synthetic,
    )


def write_codebook(codes: pd.DataFrame, book: pd.DataFrame, path: Path, status: str) -> None:
    """Write the codebook for other programs, as REFI-QDA's ``.qdc``.

    Parameters
    ----------
    codes : DataFrame
        ``code_id``, ``parent_id``, ``name``, ``path`` (list), ``level``, ``position``.
    book : DataFrame
        As of :func:`codebook`; what is said of a code becomes its description.
    path : Path
    status : str
        Of the study's data; the file says so where they are "synthetic".
    """
    from qdaio.programs.refi.write_codebook import write_qdc

    said = book.set_index("code_id")
    texts = []
    for key in codes["code_id"]:
        known = [(name, title, said.at[key, name]) for name, title in PRINTED]
        lines = [
            text if name == "definition" else title + ": " + text
            for name, title, text in known
            if isinstance(text, str)
        ]
        texts.append("\n".join(lines) or None)
    frame = make_frame(
        "codes",
        {
            "code_id": codes["code_id"],
            "parent_id": codes["parent_id"],
            "name": codes["name"],
            "path": codes["path"].map(tuple),
            "level": codes["level"],
            "position": codes["position"],
            "description": pd.Series(texts, index=codes.index, dtype="str"),
        },
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    project = CodedProject(info=ExportInfo(format="study", software="study"), codes=frame)
    write_qdc(project, path, note=SYNTHETIC_NOTE if status == "synthetic" else None)
