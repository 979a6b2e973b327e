"""When new codes stopped coming: counts by interview, and twelve settings of one rule.

After Guest, Namey & Chen 2020 (10.1371/journal.pone.0232076): information is distinct codes.
The first interviews are the base; the interviews after it are taken in runs; the share of new
codes in a run, per distinct codes of the base, is the new information. The result depends on
the order of the interviews, so it stands beside a band over orders drawn at random. It is
about codes, never about meanings (Hennink et al. 2017, 10.1177/1049732316665344).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.codes import at_level
from analysis.metrics import Metric
from analysis.numbers import format_number
from analysis.phrases import counted
from analysis.tables import Column, Table
from analysis.trace.selection import behind
from qdaio.faults import FaultList
from qdaio.labels import did_you_mean, nearest

__all__ = [
    "BASES",
    "RUNS",
    "THRESHOLDS",
    "Novelty",
    "accumulation_band",
    "codes_at",
    "guest_point",
    "guest_settings",
    "novelty_of",
    "refinement_places",
    "saturation_facts",
    "saturation_table",
]

BASES, RUNS, THRESHOLDS = (4, 5, 6), (2, 3), (0.05, 0.0)
ORDERS, SEED = 1000, 1
CELLS = 20_000_000  # ranks that are held at once
NONE = "–"


@dataclass(frozen=True, slots=True)
class Novelty:
    """Which case raised which code, cases in the order in which they were interviewed.

    Attributes
    ----------
    cases : tuple of str
        Also those in which nothing was coded.
    present : ndarray of bool
        Shape (cases, codes).
    """

    cases: tuple[str, ...]
    present: npt.NDArray[np.bool_]

    @property
    def new(self) -> npt.NDArray[np.int64]:
        """Count for each case the codes that no earlier case raised."""
        if not self.present.shape[1]:
            return np.zeros(len(self.cases), dtype=np.int64)
        return np.bincount(self.present.argmax(axis=0), minlength=len(self.cases))

    def table(self) -> pd.DataFrame:
        """Return one row per case: ``case_id``, ``codes``, ``new``, ``cumulative``."""
        new = self.new
        return pd.DataFrame(
            {
                "case_id": list(self.cases),
                "codes": self.present.sum(axis=1),
                "new": new,
                "cumulative": new.cumsum(),
            }
        )


def codes_at(codings: pd.DataFrame, codes: pd.DataFrame, level: int) -> pd.DataFrame:
    """Lift codings to the codes of a level; those made above it stay where they are.

    Parameters
    ----------
    codings : DataFrame
        ``code_id`` and others.
    codes : DataFrame
        ``code_id``, ``parent_id``, ``level``.
    level : int
        From 1, the root.
    """
    lifted = codings["code_id"].astype("str").map(at_level(codes, level))
    return codings.assign(code_id=lifted.fillna(codings["code_id"].astype("str")))


def novelty_of(codings: pd.DataFrame, order: Sequence[str]) -> Novelty:
    """Lay out which case raised which code.

    Parameters
    ----------
    codings : DataFrame
        ``code_id``, ``case_id``; one row per coding.
    order : sequence of str
        All cases, in the order in which they were interviewed.

    Raises
    ------
    ValueError
        When a coding belongs to a case that `order` does not name, or it names one twice.
    """
    cases = pd.Index(list(order))
    if not cases.is_unique:
        raise ValueError("a case stands twice in the order")
    rows = cases.get_indexer(pd.Index(codings["case_id"].astype("str")))
    if (rows < 0).any():
        raise ValueError(f"{int((rows < 0).sum())} codings belong to a case without a place")
    columns, names = pd.factorize(codings["code_id"].astype("str"), sort=True)
    present = np.zeros((len(cases), len(names)), dtype=bool)
    present[rows, columns] = True
    return Novelty(tuple(cases), present)


def guest_point(new: npt.ArrayLike, *, base: int, run: int, threshold: float) -> int | None:
    """Find the last interview before the first run with little that is new.

    Parameters
    ----------
    new : array-like of int
        New codes of each interview, in order.
    base : int
        Interviews of the base.
    run : int
        Interviews of a run; runs begin right after the base and slide by one.
    threshold : float
        Largest share of new codes, of the distinct codes of the base, that counts as little.

    Returns
    -------
    int or None
        ``s`` of the published form ``s+r``; None where no run is under the threshold, or the
        base has no code.

    Examples
    --------
    >>> guest_point([15, 11, 7, 4, 4, 3, 1, 0, 1, 0], base=4, run=2, threshold=0.05)
    6
    """
    counts = np.asarray(new, dtype=np.int64)
    found = int(counts[:base].sum())
    if len(counts) < base + run or not found:
        return None
    sums = np.convolve(counts[base:], np.ones(run, dtype=np.int64), mode="valid")
    # whole numbers are compared, so that 5 % of 20 is not missed by a rounding of the machine
    little = np.flatnonzero(sums * 10_000 <= round(threshold * 10_000) * found)
    return base + int(little[0]) if len(little) else None


def guest_settings(novelty: Novelty, *, orders: int = ORDERS, seed: int = SEED) -> pd.DataFrame:
    """Apply the rule with all twelve settings, in the order as it was and in random orders.

    Parameters
    ----------
    novelty : Novelty
    orders : int
        How many random orders.
    seed : int

    Returns
    -------
    DataFrame
        One row per setting: ``base``, ``run``, ``threshold`` (0 to 1), ``base_codes`` (distinct
        codes of the base), ``reached`` (Int64, missing where not reached), ``share_reached``
        (of the random orders), ``median`` (Float64, of the orders that reached it).
    """
    drawn = _new_in_random_orders(novelty, orders, seed)
    new = novelty.new
    rows = []
    for threshold in THRESHOLDS:
        for run in RUNS:
            for base in BASES:
                point = guest_point(new, base=base, run=run, threshold=threshold)
                points = [
                    found
                    for row in drawn
                    if (found := guest_point(row, base=base, run=run, threshold=threshold))
                    is not None
                ]
                rows.append(
                    {
                        "base": base,
                        "run": run,
                        "threshold": threshold,
                        "base_codes": int(new[:base].sum()),
                        "reached": point,
                        "share_reached": len(points) / len(drawn) if len(drawn) else None,
                        "median": float(np.median(points)) if points else None,
                    }
                )
    table = pd.DataFrame(rows)
    return table.astype({"reached": "Int64", "share_reached": "Float64", "median": "Float64"})


def accumulation_band(
    novelty: Novelty, *, orders: int = ORDERS, seed: int = SEED, share: float = 0.95
) -> pd.DataFrame:
    """Count distinct codes after each interview, as it was and over random orders.

    Returns
    -------
    DataFrame
        One row per place from 1: ``place``, ``cumulative`` (in the order as it was),
        ``lower``, ``median``, ``upper`` (of the random orders; `share` of them lie between).
    """
    drawn = _new_in_random_orders(novelty, orders, seed).cumsum(axis=1)
    edge = (1 - share) / 2
    actual = novelty.new.cumsum()
    bounds = (
        np.quantile(drawn, [edge, 0.5, 1 - edge], axis=0)
        if len(drawn)
        else np.repeat(actual[None, :], 3, axis=0)
    )
    return pd.DataFrame(
        {
            "place": np.arange(1, len(actual) + 1),
            "cumulative": actual,
            "lower": bounds[0],
            "median": bounds[1],
            "upper": bounds[2],
        }
    )


def refinement_places(order: Sequence[str], refined: Sequence[str]) -> list[int]:
    """Return after which places the guide was refined.

    Parameters
    ----------
    order : sequence of str
        Cases in the order in which they were interviewed.
    refined : sequence of str
        Cases after whom the study file says that the guide changed.

    Returns
    -------
    list of int
        Places from 1, in order.

    Raises
    ------
    StudyError
        When the study has no such case.
    """
    place = {case: at for at, case in enumerate(order, start=1)}
    faults = FaultList()
    for case in refined:
        if case not in place:
            near = nearest(case, list(place))
            faults.add(
                kind="unknown-participant",
                file="study.toml",
                column="guide.refined_after",
                found=f'"{case}"',
                expected="an interviewed case of the study",
                remedy=did_you_mean(near, otherwise="Correct or remove it."),
            )
    faults.raise_if_any()
    return sorted(place[case] for case in refined)


def saturation_table(
    points: pd.DataFrame, *, orders: int = ORDERS, label: str, caption: str, synthetic: bool
) -> Table:
    """Lay out the twelve settings: where each was reached, and in how many random orders.

    Parameters
    ----------
    points : DataFrame
        As of :func:`guest_settings`.
    orders : int
        How many random orders were drawn.
    label, caption : str
    synthetic : bool
    """
    body = pd.DataFrame(
        {
            "threshold": [
                "no new codes" if threshold == 0 else f"at most {100 * threshold:g}% new codes"
                for threshold in points["threshold"]
            ],
            "base": [f"{base:,} ({counted(codes, ('code', 'codes'))})" for base, codes in
                     zip(points["base"], points["base_codes"], strict=True)],
            "run": points["run"],
            "reached": [
                "not reached" if pd.isna(point) else f"{point}+{run}"
                for point, run in zip(points["reached"], points["run"], strict=True)
            ],
            "share": [
                NONE if pd.isna(share) else f"{format_number(100 * share)}"
                for share in points["share_reached"]
            ],
            "median": [
                NONE if pd.isna(median) else format_number(median, 0 if median % 1 == 0 else 1)
                for median in points["median"]
            ],
        }
    )  # fmt: skip
    return Table(
        body=body,
        columns=(
            Column("base", "Base, interviews"),
            Column("run", "Run", align="right"),
            Column("reached", "Reached", align="center"),
            Column("share", "reached, %", align="right", spanner="Random orders"),
            Column("median", "median", align="right", spanner="Random orders"),
        ),
        groups="threshold",
        caption=caption,
        label=label,
        behind={
            name: [behind("~codings")] * len(points) for name in ("reached", "share", "median")
        },
        notes=(
            "6+2: the sixth interview was the last before the first two that brought so little. "
            f"Random orders: {counted(orders, ('order', 'orders'))} of the same interviews.",
        ),
        data=points,
        synthetic=synthetic,
    )


def saturation_facts(
    novelty: Novelty, points: pd.DataFrame, case_words: tuple[str, str]
) -> dict[str, Metric]:
    """Say in how many settings the rule was reached, and where the usual one stands.

    Parameters
    ----------
    novelty : Novelty
    points : DataFrame
        As of :func:`guest_settings`.
    case_words : tuple of str
        What a case is called, in the singular and in the plural.

    Returns
    -------
    dict
        ``saturation.settings``, ``saturation.reached``, ``saturation.codes``,
        ``saturation.sentence``.
    """
    reached = points.dropna(subset="reached")
    codes = int(novelty.present.shape[1])
    whole = f"{counted(codes, ('code', 'codes'))} in {counted(len(novelty.cases), case_words)}"
    if len(novelty.cases) < BASES[0] + RUNS[0]:
        said = f"There are too few {case_words[1]} to judge when new codes stopped coming: {whole}."
    elif reached.empty:
        said = f"New codes went on coming to the end, under all {len(points)} settings: {whole}."
    else:
        usual = points[(points["base"] == 4) & (points["run"] == 2) & (points["threshold"] > 0)]
        point = usual["reached"].iloc[0]
        first = (
            "with a base of four and runs of two, new codes fell to at most 5% of the base "
            f"after {counted(int(point), case_words)} ({point}+2)"
            if not pd.isna(point)
            else "with a base of four and runs of two, new codes did not fall to 5% of the base"
        )
        how_many = f"{len(reached)} of the {len(points)}"
        if len(reached) in (0, len(points)):
            how_many = f"all {len(points)}" if len(reached) else f"none of the {len(points)}"
        said = f"Of {whole}, {first}; under {how_many} settings of the rule the point was reached."
    return {
        "saturation.settings": len(points),
        "saturation.reached": len(reached),
        "saturation.codes": codes,
        "saturation.sentence": said,
    }


def _new_in_random_orders(novelty: Novelty, orders: int, seed: int) -> npt.NDArray[np.int64]:
    """Return new codes by place, shape (orders, cases), for orders drawn at random."""
    cases, codes = novelty.present.shape
    if not cases or not codes:
        return np.zeros((0, cases), dtype=np.int64)
    generator = np.random.default_rng(seed)
    orders = max(1, min(orders, CELLS // max(1, cases)))
    found = np.zeros((orders, cases), dtype=np.int64)
    for at in range(orders):
        order = generator.permutation(cases)
        first = novelty.present[order].argmax(axis=0)
        found[at] = np.bincount(first, minlength=cases)
    return found
