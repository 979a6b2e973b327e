"""Running the steps that are out of date: pytask decides the order, threads wait for kernels."""

from __future__ import annotations

import contextlib
import hashlib
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.pipeline.fresh import Record, reasons, value_id
from analysis.pipeline.step import Step
from qdaio.faults import Fault, StudyError

__all__ = ["Outcome", "Ran", "run_steps"]


@dataclass(frozen=True)
class Ran:
    """A step that ran."""

    name: str
    why: list[str]
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """What a build did."""

    ran: list[Ran]
    fresh: list[str]


def run_steps(
    steps: Sequence[Step],
    root: Path,
    *,
    jobs: int,
    force: bool,
    started: Callable[[str, list[str]], None],
    finished: Callable[[Ran], None],
) -> Outcome:
    """Run all steps that are out of date, side by side where they do not wait for each other.

    Parameters
    ----------
    steps : sequence of Step
    root : Path
        The study's folder, which holds the record of builds.
    jobs : int
        Steps that may run at a time.
    force : bool
        Run every step.
    started, finished : callable
        Told of each step that runs; called from several threads.

    Raises
    ------
    StudyError
        When a step failed; steps that do not rest on it have run.
    """
    import pytask

    before = Record.read(root)
    ran: list[Ran] = []

    def task_of(step: Step) -> Any:
        def function(**_: object) -> None:
            why = ["asked to run everything"] if force else reasons(step, before, root)
            started(step.name, why)
            start = time.perf_counter()
            step.action()
            lost = [path.name for path in step.outputs if not path.is_file()]
            if lost:
                raise StudyError(
                    Fault(
                        kind="missing-product",
                        file=lost[0],
                        found=f"{step.name} ran, but did not make {', '.join(lost)}",
                        remedy="Correct what the notebook declares in its metadata.",
                    )
                )
            done = Ran(step.name, why, time.perf_counter() - start)
            ran.append(done)
            finished(done)

        return _task_class()(
            name=step.name,
            function=function,
            depends_on={
                "files": [pytask.PathNode.from_path(path) for path in step.inputs],
                "values": [
                    _value_class()(name=value_id(step.name, key), value=value)
                    for key, value in step.values.items()
                ],
            },
            produces={"products": [pytask.PathNode.from_path(path) for path in step.outputs]},
        )

    _poll_quickly()
    # pytask writes to its own console; what people see is written by `started`
    with contextlib.redirect_stdout(io.StringIO()) as said:
        session = pytask.build(
            tasks=[task_of(step) for step in steps],
            paths=root,
            capture="no",
            database_url="sqlite://",
            force=force,
            verbose=0,
            n_workers=max(2, jobs),
            parallel_backend="threads",
        )
    errors = [
        report.exc_info[1]
        for report in session.execution_reports
        if report.exc_info and isinstance(report.exc_info[1], Exception)
    ]
    faults = [fault for error in errors if isinstance(error, StudyError) for fault in error.faults]
    unexpected = [
        error
        for error in errors
        if not isinstance(error, (StudyError, pytask.PytaskError))
        and type(error).__module__.split(".")[0] != "_pytask"
    ]
    if faults:
        raise StudyError(dict.fromkeys(faults))
    if unexpected:
        raise unexpected[0]
    if session.exit_code != pytask.ExitCode.OK:
        raise RuntimeError(f"the build could not be planned:\n{said.getvalue()}")
    names = {done.name for done in ran}
    return Outcome(ran=ran, fresh=[step.name for step in steps if step.name not in names])


def _task_class() -> type[Any]:
    """Return a task whose own state is constant: values say what code it rests on."""
    from pytask import TaskWithoutPath

    class StepTask(TaskWithoutPath):
        def state(self) -> str:
            return "step"

    return StepTask


def _value_class() -> type[Any]:
    """Return a node that is a plain value, recorded as it is."""

    @dataclass
    class ValueNode:
        name: str
        value: str

        def __post_init__(self) -> None:
            self.attributes: dict[Any, Any] = {}

        @property
        def signature(self) -> str:
            return hashlib.sha256(self.name.encode("utf-8")).hexdigest()

        def state(self) -> str:
            return self.value

        def load(self, is_product: bool = False) -> str:
            return self.value

        def save(self, value: Any) -> None:
            raise TypeError("a value is an input and cannot be saved")

    return ValueNode


def _poll_quickly() -> None:
    """Look for finished steps often: pytask-parallel waits up to a second between looks."""
    from pytask_parallel import execute

    class Quick(execute._Sleeper):
        def sleep(self) -> None:
            time.sleep(0.02)

    vars(execute)["_Sleeper"] = Quick
