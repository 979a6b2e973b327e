"""How far coders who worked independently agree, code by code, and where they do not.

What is compared is always said: over which units, how many of them, and whether text that
nobody coded counts. Most of a text is uncoded, and coefficients over all of it are swollen by
that; so it is left out unless it is asked for. Each code is a yes or no of its own, as one
segment can carry several.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.chapters.saturation import codes_at
from analysis.coefficients import (
    Coefficient,
    Interval,
    Ratings,
    brennan_prediger,
    conger_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    unitizing_disagreement,
)
from analysis.metrics import Metric
from analysis.numbers import format_number
from analysis.phrases import counted
from analysis.settings import Numbers
from analysis.tables import Column, Table
from analysis.tally import overlapping
from analysis.trace.selection import behind

__all__ = [
    "Comparison",
    "agreement_by_code",
    "agreement_facts",
    "agreement_table",
    "compare_coders",
    "disagreement_table",
    "disagreements",
]

Units = Literal["segment", "length"]
PRESENT, ABSENT, MISSING = 1, 0, -1
NOT_DEFINED = "–"
COEFFICIENTS: dict[str, Callable[[Ratings], Coefficient]] = {
    "agreement": percent_agreement,
    "alpha": krippendorff_alpha,
    "kappa": conger_kappa,
    "ac1": gwet_ac1,
    "bp": brennan_prediger,
}
UNIT_WORDS = {
    "segment": ("stretch that a coder marked", "stretches that a coder marked"),
    "paragraph": ("paragraph", "paragraphs"),
    "code point": ("character", "characters"),
}


@dataclass(frozen=True)
class Comparison:
    """Who coded which unit with which code.

    Attributes
    ----------
    coders : tuple of str
        Those who coded at least one of the documents.
    documents : tuple of str
        Those that at least two coders coded; the others are not compared.
    units : DataFrame
        ``unit`` (its number), ``document_id``, ``start``, ``stop``, ``weight``; one row a
        stretch of text.
    cells : DataFrame
        ``unit``, ``code_id``, ``coder`` (place in `coders`); one row for each code that a
        coder gave to a unit.
    base : ndarray of int
        Shape (units, coders): 0 where the coder coded the document, else -1.
    unit : str
        What a unit is: "segment", "paragraph" or "code point".
    places : str
        What ``start`` and ``stop`` count: "paragraph", "code point" or as the export says.
    stretches : DataFrame
        ``document``, ``coder`` (places in `documents` and `coders`), ``code_id``, ``start``,
        ``stop``: what each coder marked.
    left_out : int
        Codings that are not compared, as their place or a second coder is missing.
    """

    coders: tuple[str, ...]
    documents: tuple[str, ...]
    units: pd.DataFrame
    cells: pd.DataFrame
    base: npt.NDArray[np.int32]
    unit: str
    places: str
    stretches: pd.DataFrame
    left_out: int

    @property
    def size(self) -> int:
        """How many units are compared."""
        return round(float(self.units["weight"].sum()))

    @property
    def unit_words(self) -> str:
        """The number of units with their noun."""
        return counted(self.size, UNIT_WORDS.get(self.unit, ("unit", "units")))

    def ratings(self, code_id: str) -> Ratings:
        """Return the ratings of one code: 1 where a coder gave it, 0 where not."""
        given = self.cells[self.cells["code_id"] == code_id]
        return self._ratings(given["unit"].to_numpy(), given["coder"].to_numpy())

    def _ratings(self, units: npt.NDArray[np.int64], coders: npt.NDArray[np.int64]) -> Ratings:
        weights = self.units["weight"].to_numpy(dtype=np.float64)
        touched, rows = np.unique(units, return_inverse=True)
        marked = self.base[touched].copy()
        marked[rows, coders] = PRESENT
        # all other units are plain zeros, which only differ by who coded their document
        rest = np.ones(len(self.base), dtype=bool)
        rest[touched] = False
        plain, which = np.unique(self.base[rest], axis=0, return_inverse=True)
        sums = np.bincount(which.ravel(), weights=weights[rest], minlength=len(plain))
        codes = np.concatenate([marked, plain])
        return Ratings.from_codes(codes, (0, 1), np.concatenate([weights[touched], sums]))


def compare_coders(
    codings: pd.DataFrame,
    codes: pd.DataFrame,
    spans: pd.DataFrame,
    *,
    level: int = 0,
    units: Units = "segment",
    uncoded: bool = False,
) -> Comparison:
    """Lay out what coders gave to each unit of the documents that several of them coded.

    Parameters
    ----------
    codings : DataFrame
        ``code_id``, ``document_id``, ``segment_id``, ``coder``; of all coders.
    codes : DataFrame
        ``code_id``, ``parent_id``, ``level``.
    spans : DataFrame
        As of :func:`analysis.preparation.prepare.spans_of`.
    level : int
        Codes are compared at this level, from 1; 0 compares them as they were applied.
    units : {"segment", "length"}
        "segment": each stretch that a coder marked, in which another coder has a code where
        one of their codings overlaps it. "length": each paragraph, or each character, by the
        positions that the export has.
    uncoded : bool
        Whether text that no coder marked counts too, up to the last place that is known.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        When uncoded text is to count among stretches that a coder marked.
    """
    if uncoded and units == "segment":
        raise ValueError("text that nobody marked has no stretches: take units by length")
    if level:
        codings = codes_at(codings, codes, level)
    placed = codings.merge(
        spans[["segment_id", "start", "stop", "unit"]], on="segment_id", how="left"
    ).dropna(subset=["start", "coder"])
    placed["coder"] = placed["coder"].astype("str")
    by_document = placed.groupby("document_id", observed=True)["coder"].nunique()
    shared = sorted(by_document.index[by_document >= 2].astype("str"))
    placed = placed[placed["document_id"].astype("str").isin(shared)]
    coder_names = tuple(sorted(placed["coder"].unique()))
    kinds = placed["unit"].value_counts()
    kind = str(kinds.index[0]) if len(kinds) else "code point"
    placed = placed[placed["unit"] == kind].astype({"start": "int64", "stop": "int64"})
    placed = placed.assign(
        document=pd.Categorical(placed["document_id"].astype("str"), shared).codes,
        coder=pd.Categorical(placed["coder"], coder_names).codes.astype("int64"),
    ).reset_index(drop=True)
    table, pairs = (_segments if units == "segment" else _lengths)(placed, uncoded)
    cells = pd.DataFrame(
        {
            "unit": pairs[0],
            "code_id": placed["code_id"].astype("str").to_numpy()[pairs[1]],
            "coder": placed["coder"].to_numpy()[pairs[1]],
        }
    ).drop_duplicates(ignore_index=True)
    active = np.full((len(shared), len(coder_names)), MISSING, dtype=np.int32)
    active[placed["document"].to_numpy(), placed["coder"].to_numpy()] = ABSENT
    base = active[table["document"].to_numpy(dtype=np.int64)]
    named = table.assign(
        unit=range(len(table)), document_id=[shared[at] for at in table["document"]]
    )
    return Comparison(
        coders=coder_names,
        documents=tuple(shared),
        units=named[["unit", "document_id", "start", "stop", "weight"]],
        cells=cells,
        base=base,
        unit="segment" if units == "segment" else kind,
        places=kind,
        stretches=placed[["document", "coder", "code_id", "start", "stop"]].astype(
            {"code_id": "str"}
        ),
        left_out=len(codings) - len(placed),
    )


Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def _segments(placed: pd.DataFrame, uncoded: bool) -> tuple[pd.DataFrame, Pairs]:
    """Take each distinct stretch as a unit; a coding belongs to all that it overlaps."""
    table = placed[["document", "start", "stop"]].drop_duplicates(ignore_index=True)
    table = table.sort_values(["document", "start", "stop"], ignore_index=True)
    size = len(table)
    where = np.concatenate([table["document"], placed["document"]]).astype(np.int64)
    starts = np.concatenate([table["start"], placed["start"]]).astype(np.int64)
    stops = np.concatenate([table["stop"], placed["stop"]]).astype(np.int64)
    units: list[npt.NDArray[np.int64]] = []
    rows: list[npt.NDArray[np.int64]] = []
    for left, right in overlapping(where, starts, stops):
        first, second = np.minimum(left, right), np.maximum(left, right)
        mixed = (first < size) & (second >= size)
        units.append(first[mixed])
        rows.append(second[mixed] - size)
    none = np.zeros(0, dtype=np.int64)
    pairs = (np.concatenate([none, *units]), np.concatenate([none, *rows]))
    return table.assign(weight=1.0), pairs


def _lengths(placed: pd.DataFrame, uncoded: bool) -> tuple[pd.DataFrame, Pairs]:
    """Cut each document where a coding begins or ends; a unit weighs as much as it is long."""
    tables: list[pd.DataFrame] = []
    units: list[npt.NDArray[np.int64]] = []
    rows: list[npt.NDArray[np.int64]] = []
    offset = 0
    for document, group in placed.groupby("document", sort=True):
        starts, stops = group["start"].to_numpy(), group["stop"].to_numpy()
        cuts = np.unique(np.concatenate([starts, stops, [0] if uncoded else starts[:0]]))
        low, high = np.searchsorted(cuts, starts), np.searchsorted(cuts, stops)
        counts = high - low
        steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        covered = np.repeat(low, counts) + steps
        kept = np.zeros(max(0, len(cuts) - 1), dtype=bool)
        kept[covered] = True
        if uncoded:
            kept[:] = True
        place = np.cumsum(kept) - 1
        units.append(place[covered] + offset)
        rows.append(np.repeat(group.index.to_numpy(), counts))
        edges = pd.DataFrame({"document": document, "start": cuts[:-1], "stop": cuts[1:]})[kept]
        tables.append(edges)
        offset += len(edges)
    none = np.zeros(0, dtype=np.int64)
    empty = pd.DataFrame({"document": none, "start": none, "stop": none})
    table = pd.concat([empty, *tables], ignore_index=True)
    weight = (table["stop"] - table["start"]).astype("float64")
    pairs = (np.concatenate([none, *units]), np.concatenate([none, *rows]))
    return table.assign(weight=weight), pairs


def agreement_by_code(
    comparison: Comparison, codes: pd.DataFrame, *, samples: int = 1000, seed: int = 1
) -> pd.DataFrame:
    """Compute every coefficient for each code that at least one coder gave.

    Parameters
    ----------
    comparison : Comparison
    codes : DataFrame
        ``code_id``, ``label``; gives the order.
    samples : int
        Samples of the bootstrap interval of alpha; 0 for none. Drawn anew are stretches of
        text, each with all that coders gave to it: decisions on one stretch hang together.
    seed : int

    Returns
    -------
    DataFrame
        ``code_id``, ``label``, ``units`` (compared), ``given`` (units in which a coder gave
        it), ``agreement``, ``alpha``, ``kappa``, ``ac1``, ``bp`` (missing where undefined),
        ``alpha_u`` (unitizing α, of where stretches begin and end, whatever the units),
        ``alpha_lower``, ``alpha_upper``, ``reason`` (why alpha is undefined). The last row is
        all codes together, each unit and code a rating of its own; its ``code_id`` is missing.
    """
    rows: list[dict[str, object]] = []
    ends = _ends(comparison)
    used = comparison.cells.groupby("code_id")["unit"].nunique()
    shown = codes[codes["code_id"].astype("str").isin(used.index)]
    for code_id, label in zip(shown["code_id"].astype("str"), shown["label"], strict=True):
        ratings = comparison.ratings(code_id)
        rows.append({"code_id": code_id, "label": label, "given": int(used[code_id])})
        rows[-1] |= _coefficients(ratings, _bounds(comparison, [code_id], samples, seed))
        rows[-1]["alpha_u"] = _beyond_chance(*ends.get(code_id, (0.0, 0.0)))
    pooled = [comparison.ratings(str(code_id)) for code_id in used.index]
    if pooled:
        together = Ratings.from_codes(
            np.concatenate([ratings.codes for ratings in pooled]),
            (0, 1),
            np.concatenate([ratings.weights for ratings in pooled]),
        )
        rows.append({"code_id": None, "label": "All codes", "given": int(used.sum())})
        every = [str(code_id) for code_id in used.index]
        rows[-1] |= _coefficients(together, _bounds(comparison, every, samples, seed))
        both = np.array([ends[str(code_id)] for code_id in used.index if str(code_id) in ends])
        rows[-1]["alpha_u"] = _beyond_chance(*both.sum(axis=0)) if len(both) else None
    columns = ["code_id", "label", "units", "given", *COEFFICIENTS]
    columns += ["alpha_u", "alpha_lower", "alpha_upper", "reason"]
    numbers = dict.fromkeys([*COEFFICIENTS, "alpha_u", "alpha_lower", "alpha_upper"], "Float64")
    return pd.DataFrame(rows, columns=columns).astype(numbers)


def _ends(comparison: Comparison) -> dict[str, tuple[float, float]]:
    """Return observed and expected disagreement of each code on where stretches begin and end.

    Documents that the same coders read stand behind each other on one line, each up to the
    last place that somebody marked; lines of other coders weigh by their length.
    """
    marked = comparison.stretches
    if marked.empty:
        return {}
    lengths = marked.groupby("document")["stop"].max()
    readers: dict[tuple[int, ...], list[int]] = {}
    for document, coders in marked.groupby("document")["coder"].unique().items():
        readers.setdefault(tuple(sorted(map(int, coders))), []).append(int(str(document)))
    found: dict[str, tuple[float, float]] = {}
    whole = float(lengths.sum())
    for who, documents in readers.items():
        own = lengths.loc[documents]
        length = int(own.sum())
        here = marked[marked["document"].isin(documents)]
        shift = here["document"].map(own.cumsum() - own)
        place = here["coder"].map({coder: at for at, coder in enumerate(who)})
        moved = here.assign(start=here["start"] + shift, stop=here["stop"] + shift, coder=place)
        for code_id, rows in moved.groupby("code_id"):
            _, observed, expected = unitizing_disagreement(rows, length, len(who))
            before = found.get(str(code_id), (0.0, 0.0))
            weight = length / whole
            found[str(code_id)] = (
                before[0] + weight * observed,
                before[1] + weight * expected,
            )
    return found


def _beyond_chance(observed: float, expected: float) -> float | None:
    return 1 - observed / expected if expected > 0 else None


def _coefficients(ratings: Ratings, bounds: Interval | None) -> dict[str, object]:
    found = {name: coefficient(ratings) for name, coefficient in COEFFICIENTS.items()}
    return {
        "units": found["agreement"].units,
        **{name: one.value for name, one in found.items()},
        "alpha_lower": bounds.lower if bounds else None,
        "alpha_upper": bounds.upper if bounds else None,
        "reason": found["alpha"].reason,
    }


def _bounds(
    comparison: Comparison, code_ids: Sequence[str], samples: int, seed: int
) -> Interval | None:
    """Return the 95% interval of alpha over some codes, stretches of text drawn anew.

    What a stretch adds to alpha of a yes or no are three sums: disagreeing pairs, ratings that
    say yes, and all ratings. Stretches that add the same are drawn together.
    """
    size = len(comparison.units)
    if not samples or size < 2:
        return None
    readers = (comparison.base >= ABSENT).sum(axis=1)
    cells = comparison.cells[comparison.cells["code_id"].isin(code_ids)]
    given = cells.groupby(["unit", "code_id"]).size()
    unit = given.index.get_level_values("unit").to_numpy(dtype=np.int64)
    yes, of = given.to_numpy(dtype=np.float64), readers[unit].astype(np.float64)
    both = of >= 2
    unit, yes, of = unit[both], yes[both], of[both]
    weight = comparison.units["weight"].to_numpy(dtype=np.float64) * (readers >= 2)
    sums = np.column_stack(
        [
            np.bincount(unit, weights=2 * yes * (of - yes) / (of - 1), minlength=size),
            np.bincount(unit, weights=yes, minlength=size),
            readers * len(code_ids),
        ]
    )
    kinds, often = np.unique(sums * weight[:, None], axis=0, return_counts=True)
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(samples):
        apart, ones, whole = generator.multinomial(size, often / size) @ kinds
        if ones * (whole - ones) > 0:
            found.append(1 - (whole - 1) * apart / (2 * ones * (whole - ones)))
    if 2 * len(found) < samples:
        return None
    lower, upper = np.quantile(found, [0.025, 0.975])
    return Interval(float(lower), float(upper))


def disagreements(comparison: Comparison, codes: pd.DataFrame) -> pd.DataFrame:
    """List the units to which coders gave different codes, to be talked about.

    Returns
    -------
    DataFrame
        One row per unit and coder's codes side by side: ``document_id``, ``start``, ``stop``,
        and one column a coder with the labels of the codes that not everybody gave. No text.
    """
    labels = codes.set_index(codes["code_id"].astype("str"))["label"]
    coded = (comparison.base >= ABSENT).sum(axis=1)
    cells = comparison.cells
    agreed = cells.groupby(["unit", "code_id"])["coder"].transform("nunique")
    split = cells[agreed.to_numpy() < coded[cells["unit"].to_numpy(dtype=np.int64)]]
    said = (
        split.assign(label=split["code_id"].map(labels))
        .sort_values(["unit", "label"])
        .groupby(["unit", "coder"])["label"]
        .agg("; ".join)
        .unstack("coder")
    )
    said = said.reindex(columns=range(len(comparison.coders)))
    said.columns = pd.Index(comparison.coders)
    places = comparison.units.set_index("unit")[["document_id", "start", "stop"]]
    if comparison.places == "paragraph":  # as people count: the last one is in it
        places = places.assign(stop=places["stop"] - 1)
    return places.join(said.astype("object").fillna(""), how="inner").reset_index(drop=True)


def agreement_table(
    results: pd.DataFrame,
    comparison: Comparison,
    numbers: Numbers,
    codes: pd.DataFrame | None = None,
    *,
    label: str,
    caption: str,
    synthetic: bool,
) -> Table:
    """Lay out agreement code by code, all codes together in the last row."""
    rest_on: list[str] = [behind("~codings", ("coder", "both"))] * len(results)
    if codes is not None:
        place = {str(code): at for at, code in enumerate(codes["code_id"], start=1)}
        rest_on = [
            behind("~codings", ("code", place.get(str(code), "")), ("coder", "both"))
            for code in results["code_id"]
        ]
    body = pd.DataFrame(
        {
            "code": results["label"],
            "given": [f"{int(given):,}" for given in results["given"]],
            "agreement": [_percent(value, numbers) for value in results["agreement"]],
            "alpha": [_two(value) for value in results["alpha"]],
            "interval": [
                f"{_two(low)} to {_two(high)}" if not pd.isna(low) else NOT_DEFINED
                for low, high in zip(results["alpha_lower"], results["alpha_upper"], strict=True)
            ],
            "kappa": [_two(value) for value in results["kappa"]],
            "alpha_u": [_two(value) for value in results["alpha_u"]],
            "ac1": [_two(value) for value in results["ac1"]],
        }
    )
    notes = [
        f"Compared: {comparison.unit_words} in "
        f"{counted(len(comparison.documents), ('document', 'documents'))}. Units: those in "
        "which a coder gave the code. α: Krippendorff, nominal, with the 95% interval of a "
        "bootstrap over units; κ: Conger, for two coders Cohen; AC1: Gwet.",
        "αU: Krippendorff, of where stretches begin and end, whatever the unit.",
    ]
    if left := comparison.left_out:
        notes.append(
            f"{counted(left, ('coding is', 'codings are'))} not compared: nobody else coded the "
            "document, or the export does not say where in it."
        )
    reasons = [reason for reason in dict.fromkeys(results["reason"]) if reason]
    if reasons or (body == NOT_DEFINED).any(axis=None):
        notes.append(f"{NOT_DEFINED} not defined{': ' if reasons else ''}{'; '.join(reasons)}.")
    if body.empty:
        body = _only("No code can be compared", body)
        rest_on = [""]
    return Table(
        body=body,
        columns=(
            Column("code", "Code"),
            Column("given", "Units", align="right"),
            Column("agreement", "Agreement, %", align="right"),
            Column("alpha", "α", align="right"),
            Column("interval", "95% interval", align="center"),
            Column("kappa", "κ", align="right"),
            Column("ac1", "AC1", align="right"),
            Column("alpha_u", "αU", align="right"),
        ),
        caption=caption,
        label=label,
        notes=tuple(notes),
        behind=dict.fromkeys(body.columns[1:], rest_on),
        data=results,
        synthetic=synthetic,
    )


def _only(said: str, body: pd.DataFrame) -> pd.DataFrame:
    """Return the one row of a table that has nothing else to show."""
    row = [said, *[NOT_DEFINED] * (len(body.columns) - 1)]
    return pd.DataFrame([row], columns=list(body.columns))


def disagreement_table(
    found: pd.DataFrame, *, most: int, label: str, caption: str, synthetic: bool
) -> Table:
    """Lay out the first disagreements side by side; the CSV holds all of them."""
    coders = list(found.columns[3:])
    shown = found.head(most)
    body = pd.DataFrame(
        {
            "document": shown["document_id"],
            "place": [
                f"{start}–{stop}" for start, stop in zip(shown["start"], shown["stop"], strict=True)
            ],
            **{coder: shown[coder].replace("", NOT_DEFINED) for coder in coders},
        }
    )
    left = len(found) - len(shown)
    if body.empty:
        body = _only("No unit differs", body)
    return Table(
        body=body,
        columns=(
            Column("document", "Document"),
            Column("place", "Place"),
            *(Column(coder, coder) for coder in coders),
        ),
        caption=caption,
        label=label,
        notes=(f"{left:,} more are in the CSV file.",) if left else (),
        data=found,
        synthetic=synthetic,
    )


def agreement_facts(
    results: pd.DataFrame, comparison: Comparison, numbers: Numbers
) -> dict[str, Metric]:
    """Give the agreement over all codes, and a sentence that says what it rests on.

    Returns
    -------
    dict
        ``agreement.documents``, ``agreement.units``, ``agreement.codes``,
        ``agreement.left-out`` (codings that are not compared),
        ``agreement.percent``, ``agreement.alpha`` (where defined), ``agreement.sentence``.
    """
    facts: dict[str, Metric] = {
        "agreement.documents": len(comparison.documents),
        "agreement.units": comparison.size,
        "agreement.left-out": comparison.left_out,
        "agreement.codes": max(0, len(results) - 1),
    }
    if results.empty:
        facts["agreement.sentence"] = (
            "The coders cannot be compared: no document that two of them coded says where each "
            "coding stands."
        )
        return facts
    last = results.iloc[-1]
    facts["agreement.percent"] = 100 * float(last["agreement"])
    where = (
        f"{comparison.unit_words} in "
        f"{counted(len(comparison.documents), ('document', 'documents'))}"
    )
    said = (
        f"Over {where} and {counted(len(results) - 1, ('code', 'codes'))}, coders agreed in "
        f"{_percent(last['agreement'], numbers)}% of the decisions whether a code applies"
    )
    if pd.isna(last["alpha"]):
        said += f"; Krippendorff’s α is not defined, as {last['reason']}"
    else:
        facts["agreement.alpha"] = _two(last["alpha"])
        said += f" (Krippendorff’s α = {_two(last['alpha'])}"
        if not pd.isna(last["alpha_lower"]):
            said += f", 95% interval {_two(last['alpha_lower'])} to {_two(last['alpha_upper'])}"
        said += ")"
    facts["agreement.sentence"] = said + "."
    return facts


def _two(value: object) -> str:
    return NOT_DEFINED if pd.isna(value) else format_number(float(value), 2)  # type: ignore[call-overload,arg-type]


def _percent(value: object, numbers: Numbers) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return NOT_DEFINED
    return numbers.in_percent(100 * float(value))  # type: ignore[arg-type]
