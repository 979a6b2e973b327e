"""The analyses on a million codings, each beside its rival in one run on the same data.

- code by group, with distinct participants: beside DuckDB and Polars, which count the same cells;
- codes on overlapping spans: beside a self-join in pandas at a size that the join still manages,
  then alone at full size;
- Krippendorff's α for 100 codes over a million units: beside the `krippendorff` package;
- the slope from 10,000 to 10,000,000 codings, and the highest use of memory.

    python benchmarks/bench_chapters.py [--codings 1000000] [--largest 10000000] [--runs 3]

Rivals that are not installed are left out, with a word: `pip install duckdb polars krippendorff`.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.chapters.cooccurrence import cooccurrence
from analysis.chapters.frequencies import group_frequencies
from analysis.coefficients import Ratings, krippendorff_alpha

DOCUMENTS, CODES, GROUPS = 2_000, 5_000, 4
LENGTH = 20_000  # letters of a document


def study(codings: int, seed: int = 1) -> dict[str, pd.DataFrame | pd.Series]:
    """Return codings with their spans, a code system of two levels, and who is in which group."""
    rng = np.random.default_rng(seed)
    leaf = rng.integers(0, CODES, codings)
    document = rng.integers(0, DOCUMENTS, codings)
    roots = [f"r{n:03d}" for n in range(CODES // 50)]
    names = np.array([f"{roots[n // 50]} > c{n:04d}" for n in range(CODES)])
    codes = pd.DataFrame(
        {
            "code_id": [*roots, *names],
            "parent_id": [None] * len(roots) + [name.split(" > ")[0] for name in names],
            "level": [1] * len(roots) + [2] * CODES,
        }
    )
    cases = np.array([f"p{n:04d}" for n in range(DOCUMENTS)])
    start = rng.integers(0, LENGTH, codings)
    ids = pd.Series(np.arange(codings)).astype("str").radd("s")
    frame = pd.DataFrame(
        {
            "code_id": pd.Categorical.from_codes(leaf, names),
            "case_id": pd.Categorical.from_codes(document, cases),
            "document_id": pd.Categorical.from_codes(document, cases),
            "segment_id": ids,
        }
    )
    spans = pd.DataFrame(
        {
            "segment_id": ids,
            "document_id": frame["document_id"].astype("str"),
            "start": start,
            "stop": start + rng.integers(20, 200, codings),
            "unit": "code point",
        }
    )
    levels = [f"g{n}" for n in range(GROUPS)]
    groups = pd.Series(
        pd.Categorical.from_codes(np.arange(DOCUMENTS) % GROUPS, levels, ordered=True), index=cases
    )
    return {"codings": frame, "spans": spans, "codes": codes, "groups": groups}


def best(action: Callable[[], object], runs: int) -> tuple[float, object]:
    """Return the shortest of several runs, as the machine may be busy, and what came of it."""
    times, made = [], None
    for _ in range(runs):
        begin = time.perf_counter()
        made = action()
        times.append(time.perf_counter() - begin)
    return min(times), made


def median_ratio(ours: Callable[[], object], theirs: Callable[[], object], runs: int) -> float:
    """Return our time per theirs, run by turns, so that a busy machine slows both."""
    ratios = []
    for _ in range(runs):
        begin = time.perf_counter()
        ours()
        middle = time.perf_counter()
        theirs()
        ratios.append((middle - begin) / (time.perf_counter() - middle))
    return statistics.median(ratios)


def has(name: str) -> bool:
    """Say whether a rival is installed; where it is not, print so."""
    found = importlib.util.find_spec(name) is not None
    if not found:
        print(f"  {name} is not installed: left out")
    return found


def lineage_frame(codes: pd.DataFrame) -> pd.DataFrame:
    """Return each code with itself and its parent, as the rivals join it."""
    own = pd.DataFrame({"code_id": codes["code_id"], "ancestor_id": codes["code_id"]})
    above = codes.dropna(subset="parent_id")[["code_id", "parent_id"]]
    return pd.concat([own, above.set_axis(["code_id", "ancestor_id"], axis=1)], ignore_index=True)


def bench_groups(made: dict, runs: int) -> None:
    """Code by group with distinct participants."""
    codings, codes, groups = made["codings"], made["codes"], made["groups"]

    def ours() -> pd.DataFrame:
        return group_frequencies(codings, codes, groups)

    seconds, table = best(ours, runs)
    print(f"code x group, {len(codings):,} codings: {seconds:.2f} s")
    wanted = table[table["codings"] > 0].sort_values(["code_id", "group"])
    plain = codings[["code_id", "case_id"]]
    above = lineage_frame(codes)
    of_case = pd.DataFrame({"case_id": groups.index, "group": groups.astype("str").to_numpy()})
    checks = {}
    if has("duckdb"):
        import duckdb

        link = duckdb.connect()
        link.register("codings", plain.astype("str"))
        link.register("above", above)
        link.register("people", of_case)
        query = (
            'select ancestor_id, "group", count(*) as codings, '
            "count(distinct codings.case_id) as cases from codings join above using (code_id) "
            "join people using (case_id) group by 1, 2 order by 1, 2"
        )
        # the frame is handed over once: what is timed is the count
        link.execute("create table c as select * from codings")
        query = query.replace("codings join", "c join").replace("codings.case_id", "c.case_id")
        checks["duckdb"] = lambda: link.execute(query).df()
    if has("polars"):
        import polars as pl

        rows = pl.DataFrame(
            {
                "code_id": pl.Series(plain["code_id"].astype("str").to_list()).cast(pl.Categorical),
                "case_id": pl.Series(plain["case_id"].astype("str").to_list()).cast(pl.Categorical),
            }
        )
        wide = pl.DataFrame(
            {name: pl.Series(above[name].to_list()).cast(pl.Categorical) for name in above}
        )
        people = pl.DataFrame(
            {name: pl.Series(of_case[name].to_list()).cast(pl.Categorical) for name in of_case}
        )

        def by_polars() -> pd.DataFrame:
            counted = (
                rows.lazy()
                .join(wide.lazy(), on="code_id")
                .join(people.lazy(), on="case_id")
                .group_by("ancestor_id", "group")
                .agg(pl.len().alias("codings"), pl.col("case_id").n_unique().alias("cases"))
                .collect()
            )
            columns = {name: counted[name].cast(pl.String).to_list() for name in
                       ("ancestor_id", "group")}  # fmt: skip
            numbers = {name: counted[name].to_list() for name in ("codings", "cases")}
            return pd.DataFrame(columns | numbers)

        checks["polars"] = by_polars
    times = {}
    for name, action in checks.items():
        times[name], found = best(action, runs)
        found = found.sort_values(["ancestor_id", "group"])
        same = (
            found["codings"].to_numpy().tolist() == wanted["codings"].tolist()
            and found["cases"].to_numpy().tolist() == wanted["cases"].tolist()
        )
        print(f"  {name}: {times[name]:.2f} s, {'the same counts' if same else 'OTHER COUNTS'}")
    if times:
        fastest = min(times, key=lambda name: times[name])
        ratio = median_ratio(ours, checks[fastest], runs)
        print(f"  {ratio:.2f} times {fastest} (allowed: 1.5)")


def self_join(codings: pd.DataFrame, spans: pd.DataFrame) -> int:
    """Count overlapping pairs of two codes by joining each document with itself."""
    rows = spans.assign(code=codings["code_id"].cat.codes.to_numpy(), at=range(len(spans)))
    both = rows.merge(rows, on="document_id", suffixes=("", "_2"))
    kept = both[
        (both["at"] < both["at_2"])
        & (both["start"] < both["stop_2"])
        & (both["start_2"] < both["stop"])
        & (both["code"] != both["code_2"])
    ]
    return len(kept)


def bench_overlap(made: dict, runs: int) -> None:
    """Codes on overlapping spans."""
    codings, spans = made["codings"], made["spans"]
    few = min(200_000, len(codings))
    part = codings.head(few).reset_index(drop=True)
    place = spans.head(few).reset_index(drop=True)
    naive, pairs = best(lambda: self_join(part, place), 1)
    quick, table = best(lambda: cooccurrence(part, place), runs)
    same = "the same pairs" if int(table["pairs"].sum()) == pairs else "OTHER PAIRS"
    print(f"overlap, {few:,} codings: {quick:.2f} s; self-join {naive:.2f} s; {same}")
    seconds, table = best(lambda: cooccurrence(codings, spans), 1)
    print(f"overlap, {len(codings):,} codings: {seconds:.2f} s, {table['pairs'].sum():,} pairs")


def bench_alpha(units: int, runs: int) -> None:
    """Krippendorff's alpha, code by code."""
    rng = np.random.default_rng(1)
    truth = rng.random((100, units)) < 0.05
    second = truth ^ (rng.random((100, units)) < 0.01)
    ours = 0.0
    values = []
    begin = time.perf_counter()
    for one, other in zip(truth, second, strict=True):
        codes = np.column_stack([one, other]).astype(np.int32)
        values.append(krippendorff_alpha(Ratings.from_codes(codes, (0, 1))).value)
    ours = time.perf_counter() - begin
    print(f"alpha, 100 codes x {units:,} units x 2 coders: {ours:.2f} s")
    if has("krippendorff"):
        import krippendorff

        begin = time.perf_counter()
        theirs = [
            krippendorff.alpha(
                reliability_data=np.stack([one, other]).astype(np.int64),
                level_of_measurement="nominal",
            )
            for one, other in zip(truth[:10], second[:10], strict=True)
        ]
        seconds = 10 * (time.perf_counter() - begin)
        same = np.allclose(theirs, values[:10])
        print(
            f"  krippendorff: {seconds:.2f} s (ten codes, times ten), "
            f"{'the same values' if same else 'OTHER VALUES'}"
        )


def peak() -> float:
    """Return the most memory that the process held so far, in gigabytes."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1e9 if platform.system() == "Darwin" else 1e6)


def main() -> None:
    """Run all and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--codings", type=int, default=1_000_000)
    parser.add_argument("--largest", type=int, default=10_000_000)
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    made = study(given.codings)
    bench_groups(made, given.runs)
    bench_overlap(made, given.runs)
    print(f"  memory so far: {peak():.1f} GB")
    del made
    bench_alpha(given.units, given.runs)
    size = 10_000
    while size <= given.largest:
        part = study(size)
        seconds, _ = best(
            lambda part=part: group_frequencies(part["codings"], part["codes"], part["groups"]), 1
        )
        print(f"slope, {size:,} codings: {seconds:.2f} s; memory {peak():.1f} GB")
        size *= 10


if __name__ == "__main__":
    main()
