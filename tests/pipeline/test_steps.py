"""Steps run when, and only when, content changed, and say why."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.pipeline.fresh import Record, all_fresh, reasons
from analysis.pipeline.run import run_steps
from analysis.pipeline.step import Step
from qdaio.faults import Fault, StudyError


class Bench:
    """Two steps in a row, and one beside them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ran: list[str] = []
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
        run_steps(
            self.steps(),
            self.root,
            jobs=2,
            force=options.get("force", False),
            started=lambda name, why: None,
            finished=lambda ran: None,
        )
        return sorted(self.ran)

    def why(self, name: str) -> list[str]:
        record = Record.read(self.root)
        (step,) = [step for step in self.steps() if step.name == name]
        return reasons(step, record, self.root)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_the_first_build_runs_everything_and_the_second_nothing(bench):
    assert bench.build() == ["beside", "first", "second"]
    assert all_fresh(bench.steps(), bench.root)
    assert bench.build() == []


def test_only_what_rests_on_a_changed_file_runs_again(bench):
    bench.build()
    (bench.root / "a.txt").write_text("changed", encoding="utf-8")
    assert bench.why("first") == ["a.txt changed"]
    assert bench.build() == ["first", "second"]


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
    assert bench.why("first") == ["the parameters changed"]
    assert bench.build() == ["first"]


def test_a_product_that_was_deleted_or_edited_is_made_again(bench):
    bench.build()
    (bench.root / "beside.txt").unlink()
    assert bench.why("beside") == ["beside.txt is missing"]
    assert bench.build() == ["beside"]
    (bench.root / "beside.txt").write_text("edited", encoding="utf-8")
    assert bench.why("beside") == ["beside.txt is not as the last build left it"]
    assert bench.build() == ["beside"]


def test_everything_runs_when_asked_to(bench):
    bench.build()
    assert bench.build(force=True) == ["beside", "first", "second"]


def test_a_damaged_record_counts_as_none(bench):
    bench.build()
    (bench.root / "pytask.lock").write_text("not = [toml", encoding="utf-8")
    assert not all_fresh(bench.steps(), bench.root)


def test_the_record_names_no_folder_of_this_machine(bench):
    bench.build()
    assert str(bench.root) not in (bench.root / "pytask.lock").read_text(encoding="utf-8")


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
