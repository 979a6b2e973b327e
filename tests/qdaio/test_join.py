"""Parts of a project become one, and nothing is counted twice or lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qdaio.codes import code_frame, code_id, tree_order
from qdaio.faults import StudyError
from qdaio.join import combine
from qdaio.model import CodedProject, ExportInfo, make_frame
from qdaio.registry import read_exports
from tests.qdaio.tables import SEGMENTS, segment_rows
from tests.support.written_tables import write_csv


def part(file: str, documents: list[str], codes: list[str], **changes) -> CodedProject:
    """A part with one coding for each document and code."""
    number = range(1, len(documents) + 1)
    names = list(dict.fromkeys(codes))
    project = CodedProject(
        info=ExportInfo(format="any", software="Any"),
        documents=make_frame(
            "documents",
            {"document_id": list(dict.fromkeys(documents)), "name": list(dict.fromkeys(documents))},
        ),
        codes=make_frame(
            "codes",
            {
                "code_id": names,
                "name": names,
                "path": [(name,) for name in names],
                "level": [1] * len(names),
            },
        ),
        segments=make_frame(
            "segments",
            {
                "segment_id": [f"s{n}" for n in number],
                "document_id": documents,
                "start": list(number),
                "offset_status": ["unchecked"] * len(documents),
            },
        ),
        codings=make_frame(
            "codings",
            {
                "coding_id": [f"c{n}" for n in number],
                "segment_id": [f"s{n}" for n in number],
                "code_id": codes,
                "source_file": [file] * len(documents),
                "source_row": [n + 1 for n in number],
            },
        ),
        rows_read=len(documents),
    )
    return project.with_(**changes)


def test_codings_of_several_files_are_all_counted():
    joined = combine([part("a", ["D1", "D1"], ["A", "B"]), part("b", ["D2"], ["A"])])
    assert len(joined.codings) == joined.rows_read == 3
    assert joined.codings["source_file"].tolist() == ["a", "a", "b"]
    assert joined.codings["coding_id"].is_unique
    assert len(joined.codes) == 2


def test_codings_that_a_second_file_repeats_are_kept_flagged_and_told():
    joined = combine([part("a", ["D1", "D1"], ["A", "B"]), part("b", ["D1"], ["A"])])
    assert joined.codings["is_repeat"].tolist() == [False, False, True]
    (warning,) = joined.warnings
    assert "1 codings of b" in warning


def test_the_first_value_that_is_there_wins():
    first = part("a", ["D1"], ["A"])
    second = part("b", ["D1"], ["A"])
    second = second.with_(documents=second.documents.assign(kind="pdf", name="other"))
    joined = combine([first, second])
    assert joined.documents[["name", "kind"]].values.tolist() == [["D1", "pdf"]]


def test_an_unknown_code_is_a_fault_for_each_code_not_for_each_row(tmp_path):
    system = part("codes", [], []).with_(codes=part("x", ["D"], ["Trust"]).codes)
    codings = part("a", ["D1", "D2", "D3"], ["Trust", "trusd", "trusd"])
    with pytest.raises(StudyError) as caught:
        combine([codings, system])
    (fault,) = caught.value.faults
    assert (fault.kind, fault.row, fault.file) == ("unknown-code", 3, "a")
    assert "in 2 rows" in fault.found
    assert 'Did you mean "Trust"' in fault.remedy


def test_two_documents_of_one_name_are_not_mixed_up(tmp_path):
    rows = segment_rows(
        [{"group": group, "document": "Interview", "code": "A"} for group in ("G1", "G2")]
    )
    with_groups = write_csv(tmp_path / "a.csv", [SEGMENTS["en"], *rows])
    variables = write_csv(tmp_path / "b.csv", [["Document name", "Age"], ["Interview", "30"]])
    project = read_exports([with_groups, variables])
    # which of the two is meant, nothing tells: the third stands for itself
    assert project.documents["document_id"].tolist() == [
        "G1 / Interview",
        "G2 / Interview",
        "Interview",
    ]
    assert any("b.csv" in warning and '"Interview"' in warning for warning in project.warnings)


def test_a_part_that_contradicts_itself_is_a_fault():
    broken = part("a", ["D1"], ["A"]).with_(rows_read=5)
    with pytest.raises(StudyError, match="5 codings read"):
        combine([broken])


@pytest.mark.parametrize(
    "paths",
    [
        ["A > x > p > 1", "B > y > q > 2", "A > z > r > 3"],
        ["A > x > 1", "B > y > 2", "A > z > 3"],
        ["B > y", "A", "B", "A > x", "C > z > w", "A > x > v"],
    ],
)
def test_codes_of_an_export_without_a_code_system_are_in_tree_order(tmp_path, paths):
    rows = [
        SEGMENTS["en"],
        *segment_rows([{"document": "Interview 1", "code": path} for path in paths]),
    ]
    codes = read_exports([write_csv(tmp_path / "segments.csv", rows)]).codes
    assert codes["position"].tolist() == list(range(1, len(codes) + 1))
    stack: list[tuple[str, ...]] = []
    for path in codes["path"]:
        while stack and path[: len(stack[-1])] != stack[-1]:
            stack.pop()
        assert path[:-1] == (stack[-1] if stack else ())
        stack.append(path)
    firsts = list(dict.fromkeys(path.split(" > ")[0] for path in paths))
    assert codes.loc[codes["level"] == 1, "name"].tolist() == firsts


@settings(deadline=None)
@given(st.data())
def test_tree_order_keeps_rows_puts_parents_first_and_is_its_own_order(data):
    size = data.draw(st.integers(0, 12))
    parents = [data.draw(st.none() | st.integers(0, number)) for number in range(size)]
    order = data.draw(st.permutations(range(size)))
    positions = data.draw(st.lists(st.none() | st.integers(1, 9), min_size=size, max_size=size))
    paths: dict[int, tuple[str, ...]] = {}
    for number, parent in enumerate(parents):
        above = () if parent in (None, number) else paths[parent]
        paths[number] = (*above, f"c{number}")
    frame = make_frame(
        "codes",
        [
            {
                "code_id": code_id(paths[number]),
                "parent_id": code_id(paths[number][:-1]) if len(paths[number]) > 1 else None,
                "name": paths[number][-1],
                "path": paths[number],
                "level": len(paths[number]),
                "is_codable": True,
                "position": positions[number],
            }
            for number in order
        ],
    )
    ordered = tree_order(frame)
    assert sorted(ordered["code_id"]) == sorted(frame["code_id"])
    seen: set[tuple[str, ...]] = {()}
    last: tuple[str, ...] = ()
    for path in ordered["path"]:
        assert path[:-1] in seen
        assert path[:-1] == last[: len(path) - 1]
        seen.add(path)
        last = path
    assert tree_order(ordered).equals(ordered)


def test_codes_under_one_code_keep_the_positions_that_the_export_states():
    frame = code_frame([("A",), ("A", "late"), ("A", "early"), ("B",)], {"position": [2, 9, 3, 1]})
    assert tree_order(frame)["name"].tolist() == ["B", "A", "early", "late"]
