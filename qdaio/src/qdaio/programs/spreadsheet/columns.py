"""What the columns of a spreadsheet typed by hand hold, as a person says it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields

from qdaio.faults import Fault, StudyError

__all__ = ["LAYOUTS", "Columns", "flag_of"]

LONG, IN_COLUMNS, ONE_EACH = LAYOUTS = ("long", "codes in columns", "one column a code")
YES = frozenset(
    [
        "1",
        "x",
        "+",
        "✓",
        "✔",
        "☑",
        "•",
        "●",
        "y",
        "yes",
        "true",
        "t",
        "j",
        "ja",
        "wahr",
        "o",
        "oui",
        "vrai",
        "s",
        "si",
        "sí",
        "sim",
        "v",
        "verdadero",
    ]
)
NO = frozenset(
    [
        "0",
        "na",
        "n/a",
        "-",
        "–",
        "—",
        "n",
        "no",
        "nein",
        "nee",
        "false",
        "f",
        "falsch",
        "non",
        "faux",
        "não",
        "nao",
        "falso",
        "☐",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what; each is named by its header.

    Attributes
    ----------
    codes : tuple of str
        Columns that name codes; with the layout ``"one column a code"`` the codes themselves.
    layout : str
        ``"long"``, a row a quotation with its codes in one column; ``"codes in columns"``,
        with a code in each of several; ``"one column a code"``, marked where it applies.
    document, participant : str, optional
        Whose words the row holds. Without a document each participant is one; without
        either the file is.
    quotation, coder : str, optional
    theme : tuple of str
        Columns of what stands above the codes of a row, the topmost first.
    separator : str, optional
        What parts the codes in one cell; without it a cell names one code.
    sheet : str, optional
        Of the codings, in a workbook; without it the first sheet that has the columns.
    codebook : str, optional
        Sheet that lists the codes with their definitions and themes.
    fill_down : bool
        Whether document, participant and theme are written in the first row of several only.

    Raises
    ------
    StudyError
        When the parts do not go together.
    """

    codes: tuple[str, ...]
    layout: str = LONG
    document: str | None = None
    participant: str | None = None
    quotation: str | None = None
    theme: tuple[str, ...] = ()
    coder: str | None = None
    separator: str | None = None
    sheet: str | None = None
    codebook: str | None = None
    fill_down: bool = False

    def __post_init__(self) -> None:
        found = None
        if not self.codes:
            found = "no column of codes"
        elif self.layout not in LAYOUTS:
            found = f'the layout "{self.layout}"'
        elif self.layout == ONE_EACH and (self.theme or self.separator):
            found = f'a theme or separator with the layout "{ONE_EACH}"'
        elif len(set(self.named)) < len(self.named):
            found = "one column named twice"
        if found:
            raise StudyError(
                Fault(
                    kind="bad-mapping",
                    column="data.columns",
                    found=found,
                    expected="codes, each other column once, and a layout out of "
                    + ", ".join(f'"{layout}"' for layout in LAYOUTS),
                    remedy="Correct [data.columns].",
                )
            )

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that is named."""
        alone = (self.document, self.participant, self.quotation, self.coder)
        return (*filter(None, alone), *self.theme, *self.codes)

    def toml(self) -> str:
        """Write it as the section of a study file.

        Examples
        --------
        >>> print(Columns(codes=("Code",), participant="Who").toml())
        [data.columns]
        participant = "Who"
        codes = ["Code"]
        layout = "long"
        """
        order = ("document", "participant", "quotation", "codes", "separator", "theme", "coder")
        rest = [item.name for item in fields(self) if item.name not in order]
        lines = ["[data.columns]"]
        for name in (*order, *rest):
            value = getattr(self, name)
            if value or name == "layout":
                plain = list(value) if isinstance(value, tuple) else value
                lines.append(f"{name} = {json.dumps(plain, ensure_ascii=False)}")
        return "\n".join(lines)


def flag_of(cell: object) -> bool | None:
    """Say whether a cell marks a code as applied; None for what says neither.

    Examples
    --------
    >>> flag_of(1), flag_of("x"), flag_of(None), flag_of("nein"), flag_of("maybe")
    (True, True, False, False, None)
    """
    if cell is None:
        return False
    if isinstance(cell, bool | int | float):
        return bool(cell) if cell in (0, 1) else None
    said = str(cell).strip().casefold()
    return True if said in YES else False if not said or said in NO else None
