"""Steps run when, and only when, content changed, and say why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.build.builder import left_behind
from analysis.build.steps import RECORD, Step, recorded_products, run_steps
from qdaio.faults import Fault, StudyError


class Bench:
    """Two steps in a row, and one beside them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ran: list[str] = []
        self.why: dict[str, list[str]] = {}
        self.parameter = "1"
        (root / "a.txt").write_text("a", encoding="utf-8")
        (root / "b.txt").write_text("b", encoding="utf-8")

    def step(self, name: str, source: str, made: str, **values: str) -> Step:
        def action() -> None:
            self.ran.append(name)
            text = (self.root / source).read_text(encoding="utf-8")
            (self.root / made).write_text(text.upper(), encoding="utf-8")

        return Step(
            name=name,
            inputs=(self.root / source,),
            outputs=(self.root / made,),
            values=values,
            action=action,
        )

    def steps(self) -> list[Step]:
        return [
            self.step("first", "a.txt", "first.txt", parameters=self.parameter),
            self.step("second", "first.txt", "second.txt"),
            self.step("beside", "b.txt", "beside.txt"),
        ]

    def build(self, **options: bool) -> list[str]:
        self.ran.clear()
        self.why.clear()
        run_steps(
            self.steps(),
            self.root,
            jobs=2,
            force=options.get("force", False),
            started=self.why.__setitem__,
            finished=lambda ran: None,
        )
        return sorted(self.ran)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_the_first_build_runs_everything_and_the_second_nothing(bench):
    assert bench.build() == ["beside", "first", "second"]
    assert bench.why["first"] == ["it did not run before"]
    assert bench.build() == []


def test_only_what_rests_on_a_changed_file_runs_again(bench):
    bench.build()
    (bench.root / "a.txt").write_text("changed", encoding="utf-8")
    assert bench.build() == ["first", "second"]
    assert bench.why == {"first": ["a.txt changed"], "second": ["first.txt changed"]}


def test_a_file_that_was_only_touched_runs_nothing(bench):
    bench.build()
    (bench.root / "a.txt").write_text("a", encoding="utf-8")
    assert bench.build() == []


def test_a_step_whose_result_is_the_same_stops_the_wave(bench):
    bench.build()
    (bench.root / "a.txt").write_text("A", encoding="utf-8")
    assert bench.build() == ["first"]


def test_a_changed_parameter_runs_its_step_and_says_so(bench):
    bench.build()
    bench.parameter = "2"
    assert bench.build() == ["first"]
    assert bench.why == {"first": ["the parameters changed"]}


def test_a_product_that_was_deleted_or_edited_is_made_again(bench):
    bench.build()
    (bench.root / "beside.txt").unlink()
    assert bench.build() == ["beside"]
    assert bench.why == {"beside": ["beside.txt is missing"]}
    (bench.root / "beside.txt").write_text("edited", encoding="utf-8")
    assert bench.build() == ["beside"]
    assert bench.why == {"beside": ["beside.txt is not as the last build left it"]}


def test_everything_runs_when_asked_to(bench):
    bench.build()
    assert bench.build(force=True) == ["beside", "first", "second"]


@pytest.mark.parametrize(
    "content", ["not json", "[]", '{"first": 1, "second": {"_values_:": 2}}', ""]
)
def test_a_damaged_record_counts_as_none(bench, content):
    bench.build()
    (bench.root / RECORD).write_text(content, encoding="utf-8")
    assert bench.build() == ["beside", "first", "second"]


def test_the_record_is_the_same_for_the_same_build_and_names_no_folder(bench, tmp_path):
    bench.build()
    record = (bench.root / RECORD).read_bytes()
    assert str(bench.root).encode() not in record
    (tmp_path / "other").mkdir()
    other = Bench(tmp_path / "other")
    other.build()
    assert (other.root / RECORD).read_bytes() == record


def test_inputs_that_are_new_or_no_longer_read_are_said(bench):
    bench.build()
    steps = bench.steps()

    def run(*names: str) -> dict[str, list[str]]:
        why: dict[str, list[str]] = {}
        (bench.root / "c.txt").write_text("c", encoding="utf-8")
        changed = replace(steps[2], inputs=tuple(bench.root / name for name in names))
        run_steps(
            [*steps[:2], changed],
            bench.root,
            jobs=1,
            force=False,
            started=why.__setitem__,
            finished=_ignore,
        )
        return why

    assert run("b.txt", "c.txt") == {"beside": ["c.txt is new"]}
    assert run("c.txt") == {"beside": ["b.txt is no longer part of it"]}


def test_what_no_step_makes_any_more_is_left_behind_only_inside_the_study(tmp_path):
    root = tmp_path / "study"
    (root / "report/output").mkdir(parents=True)
    (root / "data-raw").mkdir()
    old = root / "report/output/old.csv"
    raw, prose = root / "data-raw/codings.csv", root / "report/manuscript.qmd"
    outside = tmp_path / "outside.txt"
    for path in (old, raw, prose, outside):
        path.write_text("x", encoding="utf-8")
    named = {
        "report/output/old.csv": "1",
        "data-raw/codings.csv": "1",
        "report/manuscript.qmd": "1",
        "../outside.txt": "1",
        str(outside): "1",
        "report/output/../../../outside.txt": "1",
    }
    assert left_behind([], {"notebook": named}, root) == [old.resolve()]
    assert left_behind([], {"manuscript": named}, root) == []


def test_products_are_recorded_with_their_content(bench):
    bench.build()
    products = recorded_products(bench.root)
    assert set(products) == {"beside", "first", "second"}
    assert list(products["first"]) == ["first.txt"]


def test_an_interrupted_run_stops_what_runs_and_begins_nothing_more(tmp_path):
    import _thread
    import threading

    over = threading.Event()
    begun: list[str] = []

    def long() -> None:
        _thread.interrupt_main()
        assert over.wait(20)
        raise RuntimeError("ended")

    def step(name: str, source: str | None, action) -> Step:
        inputs = (tmp_path / source,) if source else ()
        return Step(name=name, inputs=inputs, outputs=(tmp_path / name,), action=action)

    steps = [step("a", None, long), step("b", "a", lambda: begun.append("b"))]
    with pytest.raises(KeyboardInterrupt):
        run_steps(
            steps,
            tmp_path,
            jobs=1,
            force=False,
            started=_ignore,
            finished=_ignore,
            stop=over.set,
        )
    assert over.is_set()
    assert begun == []


def test_faults_of_a_step_come_out_as_they_are(tmp_path):
    def action() -> None:
        raise StudyError(Fault(kind="bad-number", remedy="Mend it."))

    step = Step(name="fails", inputs=(), outputs=(tmp_path / "x",), action=action)
    with pytest.raises(StudyError) as caught:
        run_steps([step], tmp_path, jobs=1, force=False, started=_ignore, finished=_ignore)
    assert [fault.kind for fault in caught.value.faults] == ["bad-number"]


def test_a_step_that_does_not_make_what_it_says_is_a_fault(tmp_path):
    step = Step(name="idle", inputs=(), outputs=(tmp_path / "x",), action=lambda: None)
    with pytest.raises(StudyError) as caught:
        run_steps([step], tmp_path, jobs=1, force=False, started=_ignore, finished=_ignore)
    assert caught.value.faults[0].kind == "missing-product"


def _ignore(*_: object) -> None:
    return None
