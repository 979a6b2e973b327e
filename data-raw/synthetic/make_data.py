"""Write the synthetic exports: ``python data-raw/synthetic/make_data.py``.

The same seed and the same lists give the same bytes. Needs XlsxWriter.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from reconstruction.chance import Chance
from reconstruction.facts import Interview, read_facts
from reconstruction.second import INTERVIEWS, code_again
from reconstruction.spread import spread_codes
from reconstruction.transcript import Coding, code_interview
from reconstruction.workbooks import write_code_system, write_segments, write_variables

HERE = Path(__file__).resolve().parent
SEED = 2023
GROUPS = ("Patients", "Caregivers", "Healthcare providers", "Policymakers")


def make_data(out: Path, seed: int = SEED) -> None:
    """Write the three exports into a folder.

    Parameters
    ----------
    out : Path
        Made where it is missing.
    seed : int
    """
    facts = read_facts(HERE)
    chance = Chance(seed)
    spread = spread_codes(facts, chance)
    codings: list[Coding] = []
    interviews = tuple(sorted(facts.interviews, key=_document_order))
    for interview in interviews:
        quotations = [
            quotation
            for quotation in facts.quotations
            if quotation.participant == interview.participant.number and not interview.is_follow_up
        ]
        coded = code_interview(interview, spread[interview.name], quotations, chance)
        if interview.name in INTERVIEWS:
            coded += code_again(coded, chance)
        codings += sorted(coded, key=lambda coding: (coding.beginning, coding.coder))
    out.mkdir(parents=True, exist_ok=True)
    write_segments(out / "coded-segments.xlsx", codings, facts.codes)
    write_code_system(out / "code-system.xlsx", codings, facts.codes)
    write_variables(out / "document-variables.xlsx", interviews)


def _document_order(interview: Interview) -> tuple[int, int, bool]:
    person = interview.participant
    return GROUPS.index(person.group), person.number, interview.is_follow_up


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="Write the synthetic exports of the study.")
    parser.add_argument("--out", type=Path, default=HERE.parent / "exports")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    make_data(arguments.out, arguments.seed)


if __name__ == "__main__":
    main()
