"""Writes the made-up export of this folder: what MAXQDA would write of eight interviews.

    python make_example.py [FOLDER]

Every sentence was invented for this example.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import xlsxwriter

HEADER = [
    *("Color", "Comment", "Document group", "Document name", "Code"),
    *("Beginning", "End", "Weight score", "Segment", "Area", "Coverage %"),
    *("Created by", "Created"),
]
TEACHERS, PARENTS = "Teachers", "Parents"
# group, document, paragraph, code, words
CODINGS = [
    (TEACHERS, "T1", 2, "Time > Lessons", "A bean does not grow in forty-five minutes."),
    (TEACHERS, "T1", 4, "Learning > Patience", "They learnt to wait, which no book had taught."),
    (TEACHERS, "T1", 7, "Learning > Numbers", "We measured the stalks, and somebody asked why."),
    (TEACHERS, "T1", 9, "Upkeep > Summer", "In August nobody has the key to the tap."),
    (TEACHERS, "T2", 1, "Time > Lessons", "I take the hour from handicraft."),
    (TEACHERS, "T2", 3, "Upkeep > Summer", "The caretaker waters when he remembers."),
    (TEACHERS, "T2", 5, "Upkeep > Money", "I buy the seeds myself."),
    (TEACHERS, "T2", 8, "Learning > Taste", "They eat the radish because it is theirs."),
    (TEACHERS, "T3", 2, "Learning > Numbers", "One bed is a square metre, now they see it."),
    (
        TEACHERS,
        "T3",
        3,
        "Learning > Patience",
        "Every morning they run to look, and wait.",
    ),
    (TEACHERS, "T3", 6, "Together > Helpers", "A grandfather comes with his own spade."),
    (TEACHERS, "T3", 8, "Upkeep > Money", "The fence cost more than ten years of seeds."),
    (TEACHERS, "T4", 1, "Time > After school", "The garden club meets when the bus has left."),
    (TEACHERS, "T4", 4, "Together > Quiet children", "Those who never speak explain the worms."),
    (TEACHERS, "T4", 5, "Learning > Patience", "The pea came up on the day we had given up."),
    (TEACHERS, "T4", 9, "Upkeep > Summer", "After the holidays it is a meadow."),
    (PARENTS, "P1", 2, "Learning > Taste", "At home he wants chard, of all things."),
    (PARENTS, "P1", 3, "Together > Helpers", "I know the other mothers from digging."),
    (PARENTS, "P1", 6, "Time > After school", "On Thursdays I fetch her an hour later."),
    (
        PARENTS,
        "P2",
        1,
        "Together > Quiet children",
        "She told me of her bed, she never tells.",
    ),
    (PARENTS, "P2", 4, "Learning > Taste", "She sniffs at the basil before she eats."),
    (PARENTS, "P2", 5, "Upkeep > Money", "Somebody collected for the water butt."),
    (PARENTS, "P3", 2, "Together > Helpers", "We built the shed on two Saturdays."),
    (PARENTS, "P3", 4, "Upkeep > Summer", "We have the watering list for July."),
    (
        PARENTS,
        "P3",
        5,
        "Learning > Patience",
        "He digs potatoes up to see them grow.",
    ),
    (PARENTS, "P3", 8, "Together > Quiet children", "In the garden my boy has a task."),
    (PARENTS, "P4", 1, "Learning > Taste", "The soup was green, and they queued."),
    (PARENTS, "P4", 3, "Time > After school", "The club ends when my shift begins."),
    (PARENTS, "P4", 6, "Together > Helpers", "I was asked for help and not for money."),
    (PARENTS, "P4", 7, "Upkeep > Summer", "In the holidays we drive past and water."),
]


def main(folder: Path) -> None:
    """Write the workbook; the same bytes each time."""
    with xlsxwriter.Workbook(str(folder / "Coded Segments.xlsx")) as workbook:
        workbook.set_properties({"created": datetime(2026, 1, 1)})
        sheet = workbook.add_worksheet("Coded Segments")
        sheet.write_row(0, 0, HEADER)
        for row, (group, document, paragraph, code, words) in enumerate(CODINGS, start=1):
            sheet.write_row(row, 0, ["●", "", group, document, code, paragraph, paragraph, 0])
            sheet.write_row(row, 8, [words, len(words), "", "AK", "12.03.2026 10:15:00"])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
