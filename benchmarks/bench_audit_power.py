"""Count accusations in honest tables, and planted errors that are found.

Run it as ``python benchmarks/bench_audit_power.py [--tables 1000] [--seed 0]``. Honest tables
are drawn under each convention and printed as Excel, SPSS and R print them, with missing data;
none of their values may be accused. Then one error is planted among ten true values.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.audit import ACCUSING, audit_table
from tests.audit.honest import CONVENTIONS, honest_table, planted_table

GOAL = 0.95


def main() -> int:
    """Print accusations by convention, and the share of planted errors that are found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        for convention in CONVENTIONS:
            chance = random.Random(f"{chosen.seed} {convention}")
            texts = [honest_table(chance, convention) for _ in range(chosen.tables)]
            claims = accused = noted = 0
            for text in texts:
                path.write_text(text, encoding="utf-8")
                verdicts = audit_table(path).claims["verdict"]
                claims += len(verdicts)
                accused += int(verdicts.isin([verdict.value for verdict in ACCUSING]).sum())
                noted += int((verdicts == "rounding only").sum())
            failed += accused
            print(
                f"{' '.join(convention):28} {chosen.tables:,} tables, {claims:,} values: "
                f"{accused} accused, {noted} rounding only"
            )
        for kind in ("mean", "sd"):
            chance = random.Random(f"{chosen.seed} {kind}")
            found = called = 0
            for _ in range(chosen.tables):
                text, claim = planted_table(chance, kind)
                path.write_text(text, encoding="utf-8")
                verdicts = audit_table(path).claims.set_index("id")["verdict"]
                found += verdicts[claim] == "impossible"
                called += verdicts[claim] in ("impossible", "rounding only")
            share = found / chosen.tables
            failed += share < GOAL
            print(
                f"planted {kind}: {found:,} of {chosen.tables:,} found impossible ({share:.1%}), "
                f"{called:,} not let pass; goal {GOAL:.0%}"
            )
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
