"""When a highlight got its tags, and who gave them, from Taguette's record of commands."""

from __future__ import annotations

import json
from array import array

import numpy as np
import pandas as pd

from qdaio.database import Database
from qdaio.faults import StudyError

__all__ = ["tagging_history"]

COLUMNS = {"payload": "text", "user_login": "text", "date": "text"}
PAIR = ["highlight", "tag"]


def tagging_history(database: Database, links: pd.DataFrame) -> pd.DataFrame:
    """Find the command that gave each highlight its tag.

    Where tags were merged later, that is the command that made the highlight. Commands that
    cannot be read are left out, for they only add dates.

    Parameters
    ----------
    database : Database
    links : DataFrame
        ``highlight`` and ``tag``, numbers as Int64, n rows.

    Returns
    -------
    DataFrame
        ``user`` and ``date`` as str, n rows. No users where all commands have the same: an
        exported project calls everybody "admin".
    """
    try:
        commands = database.read_frame("commands", COLUMNS)
    except StudyError:
        commands = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    steps = _steps(commands["payload"])
    by_pair = steps.drop_duplicates(PAIR).set_index(PAIR)["command"]
    by_highlight = steps.drop_duplicates("highlight").set_index("highlight")["command"]
    wanted = links[PAIR].fillna(-1).astype("int64")
    exact = by_pair.reindex(pd.MultiIndex.from_frame(wanted)).to_numpy()
    made = by_highlight.reindex(wanted["highlight"]).to_numpy()
    command = pd.Series(np.where(np.isnan(exact), made, exact)).fillna(-1).astype("int64")
    found = pd.DataFrame(
        {
            name: commands[column].reindex(command).reset_index(drop=True)
            for name, column in (("user", "user_login"), ("date", "date"))
        }
    )
    if found["user"].nunique() < 2:
        found["user"] = pd.Series(pd.NA, index=found.index, dtype="str")
    return found


def _steps(payloads: pd.Series) -> pd.DataFrame:
    """Return each tag that a command set on a highlight, and the place of the command."""
    highlights, tags, commands = array("q"), array("q"), array("q")
    for place, payload in enumerate(payloads.tolist()):
        if not isinstance(payload, str) or "highlight_add" not in payload:
            continue
        try:
            command = json.loads(payload)
            highlight, listed = command["highlight_id"], command["tags"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if type(highlight) is not int or not 0 <= highlight < 2**62 or type(listed) is not list:
            continue
        for tag in [tag for tag in listed if type(tag) is int and abs(tag) < 2**62] or [-1]:
            highlights.append(highlight)
            tags.append(tag)
            commands.append(place)
    return pd.DataFrame(
        {"highlight": highlights, "tag": tags, "command": commands}, dtype="int64"
    ).astype({"command": "float64"})
