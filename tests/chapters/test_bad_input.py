"""Whatever a study lacks or calls its things, no chapter prints an empty number.

Studies are drawn at random from what goes wrong: one coding, one code, one person in each group,
groups without anybody, values that nobody knows, names such as "nan" or of other scripts.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.agreement import (
    agreement_by_code,
    agreement_facts,
    agreement_table,
    compare_coders,
    disagreement_table,
    disagreements,
)
from analysis.chapters.cooccurrence import (
    KINDS,
    cooccurrence,
    cooccurrence_facts,
    cooccurrence_table,
    first_kind,
    kind_words,
)
from analysis.chapters.corpus import corpus_facts, corpus_table
from analysis.chapters.crosstabs import cross, cross_facts, cross_table, crossing, document_matrix
from analysis.chapters.crosswalk import (
    crosswalk_counts,
    crosswalk_facts,
    crosswalk_table,
    placed_codings,
)
from analysis.chapters.framework import (
    coverage,
    coverage_facts,
    coverage_table,
    flows,
    framework_facts,
    framework_table,
)
from analysis.chapters.frequencies import (
    code_frequencies,
    frequency_facts,
    frequency_table,
    group_frequencies,
    group_table,
    interview_order,
    novelty_facts,
)
from analysis.chapters.hierarchy import hierarchy_table
from analysis.chapters.participants import group_facts, participant_facts, participants_table
from analysis.chapters.sampling import (
    criteria_facts,
    criteria_met,
    criteria_table,
    duration_table,
    durations,
    grid_facts,
    grid_table,
    sampling_grid,
)
from analysis.chapters.saturation import (
    accumulation_band,
    guest_settings,
    novelty_of,
    saturation_facts,
    saturation_table,
)
from analysis.figures import (
    accumulation_curve,
    cooccurrence_heatmap,
    cooccurrence_network,
    flow_figure,
    frequency_bars,
    group_heatmap,
    hierarchy_treemap,
    participants_figure,
    top_codes,
)
from analysis.settings import Criterion, Hierarchy, Numbers, Variable
from tests.chapters.test_agreement import study as coded

NO_NUMBER = re.compile(r"\b(?:NaN|nan|None|inf|NaT)\b|<NA>")
NUMBERS = Numbers()
CASE = ("participant", "participants")
NAMES = ("A", "B", "Codings", "All", "Group", "Follow-ups", "=1+1", "\u202eba\u202c", "<b>|_*")


@st.composite
def studies(draw: Any) -> dict[str, Any]:
    """Draw the tables of a study; some of everything can be missing."""
    names = draw(st.permutations(NAMES))
    roots = names[: draw(st.integers(1, 3))]
    paths = [(root,) for root in roots]
    for root in roots:
        paths += [(root, f"{root} {at}") for at in range(draw(st.integers(0, 2)))]
    ids = [" > ".join(path) for path in paths]
    codes = pd.DataFrame(
        {
            "code_id": ids,
            "parent_id": [" > ".join(path[:-1]) or None for path in paths],
            "name": [path[-1] for path in paths],
            "label": [path[-1] for path in paths],
            "path": paths,
            "level": [len(path) for path in paths],
            "position": range(1, len(paths) + 1),
            "description": None,
        }
    )
    people = [f"P{at}" for at in range(1, draw(st.integers(1, 5)) + 1)]
    levels = draw(st.permutations(NAMES))[: draw(st.integers(1, 4))]
    known = draw(st.lists(st.sampled_from([*levels, None]), min_size=5, max_size=5))
    groups = None
    if draw(st.booleans()):
        own = [level or "Not reported" for level in known[: len(people)]]
        order = list(dict.fromkeys([*levels, *(["Not reported"] if None in known else [])]))
        groups = pd.Series(pd.Categorical(own, order, ordered=True), index=people)
    documents = pd.DataFrame(
        {
            "document_id": [f"D{at}" for at in range(len(people))],
            "case_id": people,
            "is_follow_up": draw(
                st.lists(st.booleans(), min_size=len(people), max_size=len(people))
            ),
            "date": None,
            "minutes": pd.array(
                draw(
                    st.lists(
                        st.sampled_from([None, 0, 7]), min_size=len(people), max_size=len(people)
                    )
                ),
                dtype="Int64",
            ),
        }
    )
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(ids), st.integers(0, len(people) - 1)), min_size=1, max_size=6
        )
    )
    codings = pd.DataFrame(
        {
            "coding_id": [f"c{at}" for at in range(len(pairs))],
            "code_id": pd.Series([code for code, _ in pairs], dtype="str"),
            "case_id": pd.Series([people[at] for _, at in pairs], dtype="str"),
            "document_id": pd.Series([f"D{at}" for _, at in pairs], dtype="str"),
            "segment_id": [f"s{at}" for at in range(len(pairs))],
            "is_repeat": False,
        }
    )
    ends = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=6, max_size=6))
    spans = codings[["segment_id", "document_id"]].assign(
        start=[one for one, _ in ends[: len(pairs)]],
        stop=[one + more for one, more in ends[: len(pairs)]],
        unit=draw(st.sampled_from(["code point", "paragraph"])),
    )
    ages = draw(st.lists(st.sampled_from([None, 0, 40]), min_size=5, max_size=5))
    participants = pd.DataFrame({"case_id": people, "Age": pd.array(ages[: len(people)], "Int64")})
    participants["Gender"] = pd.Categorical(known[: len(people)], levels, ordered=True)
    if groups is not None:
        participants["group"] = groups.array
    return {
        "codes": codes.astype({"parent_id": "str"}),
        "codings": codings,
        "documents": documents,
        "groups": groups,
        "spans": spans,
        "participants": participants,
    }


class Products:
    """Gathers what chapters make, and finds what nobody may read."""

    def __init__(self) -> None:
        self.at = 0

    def options(self, kind: str) -> dict[str, Any]:
        self.at += 1
        return {"label": f"{kind}-x{self.at}", "caption": "X", "synthetic": False}

    def table(self, make: Any, *values: Any, **options: Any) -> None:
        table = make(*values, **options, **self.options("tbl"))
        for text in (table.html(), table.csv()):
            assert not NO_NUMBER.search(text), (make.__name__, text)
        assert len(table.rows) > 0, make.__name__

    def figure(self, make: Any, *values: Any, **options: Any) -> None:
        figure = make(*values, **options, **self.options("fig"))
        words = [item.get_text() for item in figure.drawing.texts]
        assert not NO_NUMBER.search("\n".join([figure.alt, *words])), make.__name__
        assert not re.search(r"\b1 (?:codes|codings|participants|groups|categories)\b", figure.alt)

    def facts(self, found: dict[str, Any]) -> None:
        for key, value in found.items():
            assert value is not None, key
            assert not isinstance(value, float) or math.isfinite(value), key
            assert not NO_NUMBER.search(json.dumps(value, default=str)), (key, value)


@given(studies())
@settings(deadline=None, max_examples=12)
def test_tables_and_numbers_of_codes_have_no_empty_number(study):
    made, codes, codings = Products(), study["codes"], study["codings"]
    documents, groups, people = study["documents"], study["groups"], len(study["documents"])
    frequencies = code_frequencies(codings, codes)
    by_group = group_frequencies(codings, codes, groups)
    words = {"case_word": "Participants"}
    made.table(
        frequency_table, codes, frequencies, people, numbers=NUMBERS, deepest=2, minimum=0,
        min_cases=0, **words,
    )  # fmt: skip
    made.table(hierarchy_table, codes, frequencies, ["One", "Two"], 2, **words)
    made.table(corpus_table, documents, codings, groups)
    made.facts(
        corpus_facts(
            documents, codings, codings.head(0).assign(coder_id=None),
            pd.DataFrame({"what": []}), groups,
        )
    )  # fmt: skip
    made.facts(frequency_facts(codes, frequencies, by_group, Hierarchy(), NUMBERS, people, 3))
    novelty = novelty_of(codings, interview_order(documents))
    made.facts(novelty_facts(novelty.table(), CASE))
    points = guest_settings(novelty, orders=5)
    made.table(saturation_table, points, orders=5)
    made.facts(saturation_facts(novelty, points, CASE))
    for kind in KINDS:
        pairs = cooccurrence(codings, study["spans"], kind=kind)
        made.table(cooccurrence_table, pairs, codes, kind, most=3)
        made.facts(cooccurrence_facts(pairs, codes, kind))
    document_matrix(codings, codes, documents, groups)
    if groups is not None:
        made.table(group_table, codes, by_group, deepest=2, **words)
        counts = cross(codings, codes, crossing(groups))
        made.table(cross_table, codes, counts, deepest=2, numbers=NUMBERS, **words)
        made.facts(cross_facts(counts, codes, " by group"))


@given(studies())
@settings(deadline=None, max_examples=10)
def test_tables_and_numbers_of_people_have_no_empty_number(study):
    made, people, groups = Products(), study["participants"], study["groups"]
    variables = [
        Variable(name="Age", kind="number", missing=True, summary=["mean", "median", "range"]),
        Variable(name="Gender", missing=True),
    ]
    group = None if groups is None else "group"
    made.table(participants_table, people, variables, group, numbers=NUMBERS)
    made.facts(participant_facts(people, variables, group, NUMBERS))
    if group:
        made.facts(group_facts(people, group))
    gender = people.set_index("case_id")["Gender"].cat.add_categories("–").fillna("–")
    grid = sampling_grid({"Gender": gender} | ({} if groups is None else {"Group": groups}))
    made.table(grid_table, grid, case_word="Participants")
    made.facts(grid_facts(grid, CASE))
    criteria = [Criterion(text="Adult", variable="Age", minimum=18), Criterion(text="Willing")]
    verdicts = criteria_met(people, criteria, groups)
    made.table(criteria_table, verdicts, criteria, groups, case_word="Participants")
    made.facts(criteria_facts(verdicts, criteria))
    table = durations(study["documents"], groups)
    made.table(duration_table, table, numbers=NUMBERS)


@given(studies())
@settings(deadline=None, max_examples=10)
def test_tables_and_numbers_of_frameworks_have_no_empty_number(study):
    made, codes, codings, groups = (
        Products(), study["codes"], study["codings"], study["groups"],
    )  # fmt: skip
    people = len(study["documents"])
    dimensions = pd.DataFrame({"id": ["a", "b"], "name": ["One", "Two"], "definition": None})
    root = codes["name"].iloc[0]
    categories = pd.DataFrame({"category": [root, root], "dimension": ["a", "b"]})
    frequencies = code_frequencies(codings, codes)
    empty = pd.DataFrame({"kind": pd.Series(dtype="str")})
    made.facts(framework_facts(dimensions, categories, codes, frequencies, empty, people))
    made.table(framework_table, dimensions, categories, codes, category_word="Category")
    covered = coverage(codings, codes, dimensions, categories, groups)
    made.table(
        coverage_table, covered, groups, people, thin=0.05, numbers=NUMBERS,
        case_word="Participants",
    )  # fmt: skip
    made.facts(coverage_facts(covered, groups, thin=0.05))
    items = pd.DataFrame({"item": ["i", "j"], "parent": [None, "i"], "name": ["I", "J"]})
    mapping = pd.DataFrame({"code": codes["code_id"].head(1), "item": ["j"]})
    counts = crosswalk_counts(codings, codes, items, mapping, groups)
    placed = placed_codings(codings, codes, mapping)
    made.table(
        crosswalk_table, counts, groups, placed, len(codings), people, numbers=NUMBERS,
        case_word="Participants",
    )  # fmt: skip
    made.facts(crosswalk_facts(counts, placed, len(codings), "Other", NUMBERS))
    if groups is not None:
        flows(codings, codes, dimensions, categories, groups)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["x", "y", "z"]), st.sampled_from(["d", "e"]), st.sampled_from(NAMES[:2]),
        st.integers(0, 9), st.integers(0, 4),
    ).map(lambda row: (*row[:3], row[3], row[3] + row[4])),
    max_size=10,
)  # fmt: skip


@given(ROWS, st.sampled_from(["segment", "length"]), st.sampled_from(["paragraph", "code point"]))
@settings(deadline=None, max_examples=25)
def test_agreement_has_no_empty_number(rows, units, unit):
    made = Products()
    codes = pd.DataFrame({"code_id": NAMES[:2], "parent_id": None, "label": NAMES[:2], "level": 1})
    codings, spans = coded(rows, unit)
    comparison = compare_coders(codings, codes, spans, units=units)
    results = agreement_by_code(comparison, codes, samples=20)
    made.table(agreement_table, results, comparison, NUMBERS)
    made.table(disagreement_table, disagreements(comparison, codes), most=5)
    made.facts(agreement_facts(results, comparison, NUMBERS))


@given(studies())
@settings(deadline=None, max_examples=3)
def test_figures_and_their_descriptions_have_no_empty_number(study):
    made, codes, codings, groups = (
        Products(), study["codes"], study["codings"], study["groups"],
    )  # fmt: skip
    people = len(study["documents"])
    frequencies = code_frequencies(codings, codes)
    words = {"case_word": "Participants"}
    made.figure(frequency_bars, codes, frequencies, level=1, cases=people, **words)
    made.figure(top_codes, codes, frequencies, n=3, cases=people, **words)
    made.figure(hierarchy_treemap, codes, frequencies, depth=2)
    novelty = novelty_of(codings, interview_order(study["documents"]))
    made.figure(accumulation_curve, accumulation_band(novelty, orders=3), **words)
    kind, pairs = first_kind(codings, study["spans"])
    together = kind_words(kind, 1)
    made.figure(cooccurrence_heatmap, pairs, codes, together=together)
    made.figure(cooccurrence_network, pairs, codes, frequencies, together=together)
    group = None if groups is None else "group"
    made.figure(
        participants_figure, study["participants"], number="Age", group=group, marker=None,
        sd="sample", unit=None,
    )  # fmt: skip
    if groups is not None:
        made.figure(group_heatmap, codes, group_frequencies(codings, codes, groups), level=1)
        dimensions = pd.DataFrame({"id": ["a"], "name": ["One"]})
        categories = pd.DataFrame({"category": codes["name"].head(1), "dimension": ["a"]})
        made.figure(flow_figure, flows(codings, codes, dimensions, categories, groups))


@pytest.mark.parametrize("names", [("nan", "None", "NA", "inf"), ("a", "b", "c", "d")])
def test_a_code_called_nan_counts_as_any_other(names):
    codes = pd.DataFrame(
        {"code_id": names, "parent_id": None, "name": names, "label": names, "level": 1,
         "position": range(4)}
    )  # fmt: skip
    codings = pd.DataFrame(
        {"code_id": [*names, names[0]], "case_id": [*names, "P"], "document_id": [*names, "P"]}
    )
    counts = code_frequencies(codings, codes.astype({"parent_id": "str"}))
    assert counts["own"].tolist() == [2, 1, 1, 1]
    assert counts["cases"].tolist() == [2, 1, 1, 1]
    assert novelty_of(codings, [*names, "P"]).new.tolist() == [1, 1, 1, 1, 0]
