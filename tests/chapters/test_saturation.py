"""Saturation by Guest, Namey and Chen: worked examples, and what random orders add."""

from __future__ import annotations

import sqlite3

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chapters.saturation import (
    Novelty,
    accumulation_band,
    codes_at,
    guest_point,
    guest_settings,
    novelty_of,
    refinement_places,
)
from analysis.figures import accumulation_curve
from analysis.phrases import natural_order
from qdaio.faults import StudyError
from qdaio.registry import read_exports
from tests.support.studies import read_rows, write_rows

WORKED = [15, 11, 7, 4, 4, 3, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("new", "base", "run", "threshold", "point"),
    [
        (WORKED, 4, 2, 0.05, 6),  # 19 %, 11 %, 3 %: 6+2
        (WORKED, 4, 3, 0.05, 7),  # 7+3
        (WORKED, 4, 2, 0.0, None),
        (WORKED, 4, 3, 0.0, None),
        ([4, 3, 2, 1, 1, 0, 0, 0], 4, 2, 0.05, 5),  # 5+2
    ],
)
def test_worked_examples(new, base, run, threshold, point):
    assert guest_point(new, base=base, run=run, threshold=threshold) == point


def test_five_percent_of_twenty_is_one_code():
    assert guest_point([20, 0, 0, 0, 1, 0], base=4, run=2, threshold=0.05) == 4


def test_too_few_interviews_reach_nothing():
    assert guest_point([3, 2, 0, 0, 0], base=4, run=2, threshold=0.05) is None


def test_a_base_without_codes_reaches_nothing():
    assert guest_point([0, 0, 0, 0, 0, 0], base=4, run=2, threshold=0.05) is None


def frames(pairs: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["case_id", "code_id"])


def test_cases_without_codings_keep_their_place():
    novelty = novelty_of(frames([("a", "x"), ("c", "x"), ("c", "y")]), ["a", "b", "c"])
    assert novelty.table().to_dict("list") == {
        "case_id": ["a", "b", "c"],
        "codes": [1, 0, 2],
        "new": [1, 0, 1],
        "cumulative": [1, 1, 2],
    }


def test_a_coding_of_an_unknown_case_is_refused():
    with pytest.raises(ValueError, match="without a place"):
        novelty_of(frames([("z", "x")]), ["a"])


def test_codings_above_the_level_stay_themselves():
    codes = pd.DataFrame(
        {"code_id": ["A", "A > B", "C"], "parent_id": [None, "A", None], "level": [1, 2, 1]}
    )
    codings = frames([("p", "A"), ("p", "A > B"), ("p", "C")])
    assert list(codes_at(codings, codes, 2)["code_id"]) == ["A", "A > B", "C"]
    assert list(codes_at(codings, codes, 1)["code_id"]) == ["A", "A", "C"]


@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=12))
@settings(deadline=None, max_examples=50)
def test_new_codes_add_up_to_all_codes_in_every_order(rows):
    present = np.array(rows)[:, np.array(rows).any(axis=0)]
    novelty = Novelty(tuple(map(str, range(len(rows)))), present)
    band = accumulation_band(novelty, orders=20)
    assert novelty.new.sum() == present.shape[1]
    assert band["cumulative"].iloc[-1] == present.shape[1]
    if present.shape[1]:
        assert (band[["lower", "median", "upper"]].iloc[-1] == present.shape[1]).all()
    assert (band["lower"] <= band["upper"]).all()


def test_random_orders_are_the_same_each_time():
    present = np.random.default_rng(5).random((14, 30)) < 0.2
    novelty = Novelty(tuple(map(str, range(14))), present[:, present.any(axis=0)])
    pd.testing.assert_frame_equal(
        guest_settings(novelty, orders=50), guest_settings(novelty, orders=50)
    )
    assert len(guest_settings(novelty, orders=50)) == 12


def test_identical_interviews_are_saturated_in_every_order():
    novelty = Novelty(tuple("abcdefghij"), np.ones((10, 6), dtype=bool))
    table = guest_settings(novelty, orders=20)
    assert list(table["reached"]) == list(table["base"])
    assert (table["share_reached"] == 1).all()


def test_refinements_of_the_guide_are_places_in_the_order_of_interviews():
    assert refinement_places(["P2", "P1", "P7"], ["P7", "P2"]) == [1, 3]
    with pytest.raises(StudyError) as stopped:
        refinement_places(["P1", "P2"], ["P3"])
    assert stopped.value.faults[0].column == "guide.refined_after"


def test_the_curve_says_where_the_guide_was_refined():
    novelty = novelty_of(frames([("a", "x"), ("b", "y"), ("c", "z")]), ["a", "b", "c"])
    figure = accumulation_curve(
        accumulation_band(novelty, orders=5),
        case_word="Participants",
        label="fig-x",
        caption="X",
        marks=[1, 2],
        synthetic=False,
    )
    assert "the guide was refined: after 1 and 2" in figure.alt


def matrix(path, name: str, counts: dict[str, int]) -> None:
    """Write one interview as NVivo's matrix coding query does."""
    cells = [[f"{n} : {code}", count] for n, (code, count) in enumerate(counts.items(), 1)]
    write_rows(path, [["", f"A : {name}"], *cells])


def novelty_by_hand(paths) -> list[int]:
    """Read the cells and count, without the program: codes that no earlier interview had."""
    seen: set[str] = set()
    found = []
    # two files of the insect study are named after each other's interview: the cells decide
    for _, rows in sorted((str(rows[0][1]), rows[1:]) for rows in map(read_rows, paths)):
        here = {str(row[0]).split(" : ", 1)[1] for row in rows if float(row[1] or 0) > 0}
        found.append(len(here - seen))
        seen |= here
    return found


def novelty_by_program(paths) -> list[int]:
    project = read_exports(list(paths))
    document = project.segments.set_index("segment_id")["document_id"]
    codings = pd.DataFrame(
        {
            "code_id": project.codings["code_id"],
            "case_id": project.codings["segment_id"].map(document),
        }
    )
    return novelty_of(codings, natural_order(project.documents["document_id"])).new.tolist()


def test_novelty_of_matrices_is_that_of_their_cells(tmp_path):
    counts = [{"x": 2, "y": 0, "z": 1}, {"x": 1, "y": 0, "z": 0}, {"x": 0, "y": 3, "z": 1}]
    paths = [tmp_path / f"Int0{at}.xlsx" for at in (1, 2, 3)]
    for at, path in enumerate(paths):
        matrix(path, f"Int0{at + 1}", counts[at])
    assert novelty_by_program(paths) == novelty_by_hand(paths) == [2, 0, 1]


def test_the_insect_study_is_reproduced(real_exports):
    study = real_exports / "nvivo/insect-study"
    paths = sorted((study / "matrices").glob("*.xlsx"))
    new = novelty_by_program(paths)
    assert new == novelty_by_hand(paths)
    assert (len(new), sum(new)) == (15, 18)
    rows = read_rows(study / "records/refinements.xlsx")[1:]
    order = [f"{at}" for at in range(1, 16)]
    assert refinement_places(order, [f"{float(row[0]):g}" for row in rows]) == [6, 9, 13]


REAL = {
    "rqda/weise_OPCW.rqda": "select distinct source.name, coding.cid from coding join source on "
    "source.id = coding.fid where coding.status = 1 and source.status = 1",
    "taguette/SERDIF_P2_ThematicAnalysis.sqlite3": "select distinct documents.name, tag_id from "
    "highlight_tags join highlights on highlights.id = highlight_id join documents on "
    "documents.id = document_id",
}


@pytest.mark.parametrize("name", REAL)
def test_novelty_of_real_projects_is_that_of_their_databases(real_exports, name):
    project = read_exports([real_exports / name])
    order = sorted(project.documents["name"].astype("str"))
    names = project.documents.set_index("document_id")["name"].astype("str")
    document = project.codings["segment_id"].map(
        project.segments.set_index("segment_id")["document_id"]
    )
    codings = pd.DataFrame({"code_id": project.codings["code_id"], "case_id": document.map(names)})
    novelty = novelty_of(codings, order)
    link = sqlite3.connect(f"file:{real_exports / name}?mode=ro", uri=True)
    held: dict[str, set[object]] = {}
    for title, code in link.execute(REAL[name]):
        held.setdefault(str(title), set()).add(code)
    link.close()
    seen: set[object] = set()
    wanted = []
    for title in order:
        wanted.append(len(held.get(title, set()) - seen))
        seen |= held.get(title, set())
    assert novelty.new.tolist() == wanted
    settings_of = guest_settings(novelty, orders=5)
    for row in settings_of.itertuples():
        whole = sum(wanted[: row.base])
        ends = [
            start for start in range(row.base, len(wanted) - row.run + 1)
            if sum(wanted[start : start + row.run]) <= row.threshold * whole
        ]  # fmt: skip
        assert (None if pd.isna(row.reached) else row.reached) == (ends[0] if ends else None)
