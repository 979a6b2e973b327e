"""The exports as files: made by the script, in the shape that MAXQDA writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

pytest.importorskip("xlsxwriter", reason="XlsxWriter makes the synthetic exports")
NAMES = ("coded-segments.xlsx", "code-system.xlsx", "document-variables.xlsx")


def make(raw: Path, out: Path, *more: str) -> None:
    script = raw / "synthetic" / "make_data.py"
    subprocess.run([sys.executable, str(script), "--out", str(out), *more], check=True)


def rows(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_the_script_gives_the_committed_bytes(raw: Path, tmp_path: Path) -> None:
    make(raw, tmp_path)
    for name in NAMES:
        assert (tmp_path / name).read_bytes() == (raw / "exports" / name).read_bytes(), name


@pytest.mark.parametrize("seed", [1, 4711])
def test_any_seed_keeps_what_is_published(raw: Path, tmp_path: Path, seed: int) -> None:
    make(raw, tmp_path, "--seed", str(seed))
    name = "document-variables.xlsx"
    assert (tmp_path / name).read_bytes() == (raw / "exports" / name).read_bytes()
    coded = pd.read_excel(tmp_path / "coded-segments.xlsx", engine="calamine")
    shipped = pd.read_excel(raw / "exports" / "coded-segments.xlsx", engine="calamine")
    assert not coded["Segment"].equals(shipped["Segment"])
    main, other = (frame[frame["Created by"] == "Coder A"] for frame in (coded, shipped))
    assert len(main) == len(other)
    assert set(main["Code"]) == set(other["Code"])
    number = main["Document name"].str.extract(r"(\d+)")[0].astype(int)
    assert number.groupby(main["Code"]).min().max() == 30


def test_segments_have_the_columns_that_maxqda_writes(raw: Path) -> None:
    book = CalamineWorkbook.from_path(raw / "exports" / "coded-segments.xlsx")
    assert book.sheet_names == ["Coded Segments"]
    header, *body = rows(raw / "exports" / "coded-segments.xlsx")
    expected = (
        "Color,Comment,Document group,Document name,Code,Beginning,End,Weight score,Segment,Area,"
        "Coverage %,Created by,Created,Modified by,Modified"
    )
    assert header == expected.split(",")
    assert {row[0] for row in body} == {"●"}
    for row in body:
        assert all(isinstance(row[place], float) for place in (5, 6, 7, 9, 10))
        assert row[9] == len(str(row[8]))
        assert 0 < float(str(row[10])) < 100


def test_every_segment_says_that_it_is_synthetic(segments: pd.DataFrame) -> None:
    assert segments["Comment"].str.startswith("synthetic").all()


def test_no_row_repeats(segments: pd.DataFrame) -> None:
    same = ["Document name", "Code", "Created by", "Beginning", "End", "Segment"]
    assert not segments.duplicated(same).any()


def test_code_system_counts_the_codings_of_each_code_alone(
    raw: Path, segments: pd.DataFrame
) -> None:
    header, root, *body = rows(raw / "exports" / "code-system.xlsx")
    assert header[-2:] == ["Memo", "Frequency"]
    assert root[0] == "Code System"
    assert root[-1] == len(segments)
    counts: dict[str, int] = {}
    path: list[str] = []
    for row in body:
        level = next(place for place, cell in enumerate(row) if cell)
        path = [*path[: level - 1], str(row[level])]
        assert len(path) == level
        counts[" > ".join(path)] = int(str(row[-1]).split(".")[0])
    applied = {code: n for code, n in counts.items() if n}
    assert applied == segments["Code"].value_counts().to_dict()
    assert sum(counts.values()) == root[-1]
    parents = {code.rpartition(" > ")[0] for code in counts} - {""}
    assert parents == set(counts) - set(applied)


def test_every_document_has_codings_and_every_coding_a_document(
    segments: pd.DataFrame, variables: pd.DataFrame
) -> None:
    keys = ["Document group", "Document name"]
    assert set(map(tuple, segments[keys].to_numpy())) == set(map(tuple, variables[keys].to_numpy()))


def test_coding_follows_the_interview_and_ends_within_the_study(
    segments: pd.DataFrame, variables: pd.DataFrame
) -> None:
    days = pd.to_datetime(variables["Interview date"], format="%d.%m.%Y")
    held = segments["Document name"].map(dict(zip(variables["Document name"], days, strict=True)))
    created, modified = (
        pd.to_datetime(segments[name], format="%d.%m.%Y %H:%M:%S")
        for name in ("Created", "Modified")
    )
    assert (created > held).all()
    assert (modified >= created).all()
    assert modified.max() < pd.Timestamp(2023, 9, 7)
