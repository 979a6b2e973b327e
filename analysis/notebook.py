"""What notebooks import: their study, and how to show what they made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.workspace import Workspace, open_study

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Workspace", "membership", "open_study", "show"]


def show(product: Any, workspace: Workspace) -> Any:
    """Save a table or figure among the products of the study, and display it.

    Parameters
    ----------
    product : Table or Figure
    workspace : Workspace

    Returns
    -------
    Table or Figure
        The product itself: the last value of a cell is what a notebook displays.
    """
    from analysis.tables import Table

    kind = "tables" if isinstance(product, Table) else "figures"
    product.save(workspace.output / kind)
    return product


def membership(groupings: pd.DataFrame, variable: str) -> pd.Series | None:
    """Return the group of each case under one variable.

    Parameters
    ----------
    groupings : DataFrame
        ``case_id``, ``variable``, ``level``, ``position``.
    variable : str
        ``group`` for the study's own groups, else a category of the participants.

    Returns
    -------
    Series or None
        Index ``case_id``, an ordered categorical; None where the study has no groups.

    Raises
    ------
    StudyError
        When there is no such variable, though the study has others.
    """
    import pandas as pd

    from qdaio.faults import Fault, StudyError

    rows = groupings[groupings["variable"] == variable]
    if rows.empty:
        known = sorted(groupings["variable"].unique())
        if variable == "group" or not known:
            return None
        raise StudyError(
            Fault(
                kind="unknown-variable",
                column="group_by",
                found=f'"{variable}"',
                expected=", ".join(known),
                remedy="Choose one of the categories of the participants.",
            )
        )
    order = rows.sort_values("position")["level"].unique()
    groups = pd.Categorical(rows["level"], categories=list(order), ordered=True)
    return pd.Series(groups, index=rows["case_id"].to_numpy())
