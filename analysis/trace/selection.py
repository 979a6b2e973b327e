"""What a number counts: codings, documents, cases or codes, chosen by what they have in common.

A selection is written as an address, ``codings?code=12&group=2``: what is counted, and
conditions that all hold. Tables carry one with each number, the manuscript's page leads by it to
the list of rows, and `study trace` takes it as it stands. An address that begins with ``~`` says
that the number is not the count of these rows, but computed from them.

==============  ============================================================================
``code=12``     codings of the twelfth code of the code system, and of all codes below it
``own=12``      codings of that code alone
``group=2``     cases of the study's second group; of several, those of any
``case=11``     the case of that name
``@Gender=…``   cases with that value of an attribute, by its title
``has=Age``     cases of whom the variable is known; ``lacks=Age`` of whom it is not
``dimension=…`` codings on a dimension of the framework; ``item=…`` on one of the second
``follow-up=…`` documents that are follow-ups ("yes"), or are not ("no")
``coder=both``  codings of all coders, in documents that several coded
==============  ============================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast, get_args
from urllib.parse import unquote

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COMPUTED", "OF_CODINGS", "Selection", "Unit", "behind", "code_numbers"]

Unit = Literal["codings", "documents", "cases", "codes"]
COMPUTED = "~"
UNITS = get_args(Unit)
# what an address of a page, an attribute of HTML and a shell take for something else
UNSAFE = re.compile("[\\s%&=?#~\"'<>\\\\{}\\[\\]^`|$!*();]")
OF_CODINGS = ("code", "own", "dimension", "item", "coder")


@dataclass(frozen=True)
class Selection:
    """Rows that have something in common.

    Attributes
    ----------
    unit : {"codings", "documents", "cases", "codes"}
    where : tuple of (str, str)
        Conditions, see the module; of those with one name, any holds.
    computed : bool
        Whether the number is computed from the rows, and not their count.

    Examples
    --------
    >>> selection = Selection("cases", (("@Age", "50 and over"), ("group", "2")))
    >>> selection.address
    'cases?@Age=50%20and%20over&group=2'
    >>> Selection.read(selection.address) == selection
    True
    """

    unit: Unit
    where: tuple[tuple[str, str], ...] = ()
    computed: bool = False

    @property
    def address(self) -> str:
        """The selection in one word."""
        said = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in self.where)
        start = COMPUTED if self.computed else ""
        return f"{start}{self.unit}{'?' if said else ''}{said}"

    @classmethod
    def read(cls, address: str) -> Selection | None:
        """Return the selection of an address; None where it is none."""
        unit, _, said = address.removeprefix(COMPUTED).partition("?")
        if unit not in UNITS:
            return None
        pairs = [part.partition("=") for part in said.split("&") if part]
        where = tuple((unquote(name), unquote(value)) for name, _, value in pairs)
        return cls(cast("Unit", unit), where, address.startswith(COMPUTED))

    def values(self, name: str) -> list[str]:
        """Return the values of the conditions of one name."""
        return [value for found, value in self.where if found == name]

    def attributes(self) -> list[str]:
        """Return the titles of the attributes of people that it asks for."""
        return list(dict.fromkeys(name[1:] for name, _ in self.where if name.startswith("@")))


def _escaped(text: str) -> str:
    return UNSAFE.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), text)


def behind(unit: str, /, *conditions: tuple[str, object]) -> str:
    """Return the address of what a number counts, for a table's cell.

    Parameters
    ----------
    unit : str
        "codings", "documents", "cases" or "codes"; after ``~`` where the number is computed.
    conditions : tuple of (str, object)
        Those with an empty value are left out.

    Examples
    --------
    >>> behind("codings", ("code", 12), ("group", ""))
    'codings?code=12'
    """
    where = tuple((name, str(value)) for name, value in conditions if str(value))
    plain = cast("Unit", unit.removeprefix(COMPUTED))
    return Selection(plain, where, unit.startswith(COMPUTED)).address


def code_numbers(codes: pd.DataFrame, shown: Iterable[str]) -> list[int]:
    """Return the places of codes in the code system, counted from 1.

    Parameters
    ----------
    codes : DataFrame
        All codes, as the preparation hands them on.
    shown : iterable of str
        Their ``code_id``.
    """
    place = {str(code): at for at, code in enumerate(codes["code_id"], start=1)}
    return [place[str(code)] for code in shown]
