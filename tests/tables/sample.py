"""A table with everything that a table can have."""

import pandas as pd

from analysis.tables import Column, Table

PERSIAN = "گفت «سلام دنیا»"


def sample(**changes):
    parts = {
        "body": pd.DataFrame(
            {
                "part": ["Needs", "Needs", "Barriers"],
                "what": ["Time & <space>", f"{PERSIAN} she said", "Cost\nof travel"],
                "n": ["1,704", "3", None],
                "share": ["57.1", "=cmd()", "-2"],
                "level": [0, 1, 0],
            }
        ),
        "columns": (
            Column("what", "Theme {{m^2}} | *a*"),
            Column("n", "n", align="right", spanner="Codings <all>"),
            Column("share", "%", align="center", spanner="Codings <all>"),
        ),
        "groups": "part",
        "indent": "level",
        "caption": "Themes & <counts>",
        "notes": ("First <note>.", "Second note."),
        "label": "tbl-sample",
        "synthetic": True,
    }
    return Table(**{**parts, **changes})
