"""Time the table audit against the same audit done row by row, on the same random table.

Run it as ``python benchmarks/bench_audit_table.py [--rows 10000] [--seed 0]``. Both read the
file and judge every value; the verdicts must be the same.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from analysis.audit import audit_table

# the plain audit and the random tables live with the tests that use them
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.audit import plain_audit, random_tables

GOAL_SECONDS = 0.5
GOAL_RATIO = 20.0


def timed(call: Callable[[], object]) -> tuple[float, object]:
    """Return the seconds that a call takes, and its result."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def main() -> int:
    """Print both times, their ratio and whether the verdicts are the same."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=9, help="runs of the fast audit")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        planted = random_tables.write_table(path, chosen.rows, chosen.seed)
        runs = [timed(lambda: audit_table(path)) for _ in range(chosen.repeat)]
        slow, expected = timed(lambda: plain_audit.audit(path))
    audit = runs[0][1]
    verdicts = dict(zip(audit.claims["id"], audit.claims["verdict"], strict=True))
    seconds = [run[0] for run in runs]
    middle = statistics.median(seconds)
    print(f"rows {chosen.rows:,}, seed {chosen.seed}: {len(verdicts):,} claims, {audit.counts}")
    print(f"planted misprints: {len(planted):,}")
    print(
        f"table audit:  {middle:8.3f} s, median of {len(seconds)} "
        f"(first {seconds[0]:.3f}, least {min(seconds):.3f}, most {max(seconds):.3f}); "
        f"goal {GOAL_SECONDS} s"
    )
    print(f"row by row:   {slow:8.3f} s")
    print(f"ratio:        {slow / middle:8.1f}; goal {GOAL_RATIO:.0f}")
    differing = {
        claim
        for claim in set(verdicts) | set(expected)
        if verdicts.get(claim) != expected.get(claim)
    }
    print(f"verdicts that differ: {len(differing)}")
    for claim in sorted(differing)[:10]:
        print(f"  {claim}: {verdicts.get(claim)}, row by row {expected.get(claim)}")
    return int(bool(differing) or min(seconds) > GOAL_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
