"""Which columns of the participants a notebook shows."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.settings import Deviation, Numbers, Variable
from qdaio.faults import FaultList

__all__ = ["Columns", "choose_columns"]


@dataclass(frozen=True)
class Columns:
    """Columns of the participants, by what they are for."""

    variables: list[Variable]
    group: str | None
    number: str | None
    marker: str | None

    def unit(self) -> str | None:
        """Return the unit of the number that is drawn."""
        return next((item.unit for item in self.variables if item.name == self.number), None)

    def deviation(self, numbers: Numbers) -> Deviation:
        """Return which standard deviation is drawn: the variable's own, else the study's."""
        own = next((item.sd for item in self.variables if item.name == self.number), None)
        return own or numbers.sd


def choose_columns(
    participants: pd.DataFrame, variables: list[Variable], group_by: str, number: str
) -> Columns:
    """Choose what to show from parameters, or what the study offers.

    Parameters
    ----------
    participants : DataFrame
    variables : list of Variable
        Those of the study file.
    group_by : str
        "group" for the study's groups, which it may lack, or a category.
    number : str
        A number to draw; empty for the first there is.

    Raises
    ------
    StudyError
        When a parameter names a column that there is not, or of the wrong kind.
    """
    faults = FaultList()
    categories = [
        str(name)
        for name in participants.columns
        if isinstance(participants[name].dtype, pd.CategoricalDtype)
    ]
    present = [variable for variable in variables if variable.name in participants]
    numbers = [variable.name for variable in present if variable.kind != "category"]
    if group_by not in categories and group_by != "group":
        _add(faults, "group_by", group_by, categories)
    if number and number not in numbers:
        _add(faults, "figure_variable", number, numbers)
    faults.raise_if_any()
    group = group_by if group_by in categories else None
    shown = [variable for variable in present if variable.name != group]
    pairs = [
        variable.name
        for variable in shown
        if variable.kind == "category" and len(participants[variable.name].cat.categories) <= 4
    ]
    return Columns(
        variables=shown,
        group=group,
        number=number or (numbers[0] if numbers else None),
        marker=pairs[0] if pairs else None,
    )


def _add(faults: FaultList, parameter: str, found: str, known: list[str]) -> None:
    faults.add(
        kind="unknown-variable",
        column=parameter,
        found=f'"{found}"',
        expected=", ".join(known) or "nothing: the study has no such variable",
        remedy="Choose one of these in the notebook's parameters.",
    )
