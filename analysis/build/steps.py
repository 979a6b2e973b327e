"""The steps of a build, run by doit: what is out of date, in order, side by side.

doit decides the order, what has to run and what runs at a time, and keeps the record of the
last build. It is told three things by the ways that it offers for them: that a file's state
is its content (a checker), that values and products count besides inputs (``uptodate``),
and how the record is written (a backend: JSON in one order, whole or not at all).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doit.api import run_tasks
from doit.cmd_base import TaskLoader2
from doit.dependency import FileChangedChecker, JsonDB
from doit.exceptions import UnmetDependency
from doit.globals import Globals
from doit.reporter import ZeroReporter
from doit.task import dict_to_task

from qdaio.faults import Fault, StudyError
from qdaio.files.writing import sha256, write_text

__all__ = [
    "RECORD",
    "Outcome",
    "Ran",
    "Record",
    "Step",
    "recorded_products",
    "renew_record",
    "run_steps",
]

RECORD = "data-processed/build.json"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step that runs when its inputs or values changed, or a product is not as it was made.

    Attributes
    ----------
    name : str
        Shown to people; unique in a build.
    inputs, outputs : tuple of Path
        Files. The content of inputs decides, not their date.
    values : mapping of str to str
        What is no file: hashes of the code, the parameters, the settings. The key names
        it for people, as in "the code changed".
    action : callable
        Makes all outputs, each whole or not at all.
    """

    name: str
    inputs: tuple[Path, ...]
    outputs: tuple[Path, ...]
    action: Callable[[], None]
    values: Mapping[str, str] = field(default_factory=dict)


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


class Record(JsonDB):  # type: ignore[misc]
    """The record of the last build; one that cannot be read counts as none."""

    def _load(self) -> dict[str, Any]:
        return read_record(Path(self.name))

    def dump(self) -> None:
        """Write the record, the same for the same build."""
        for entry in self._db.values():
            entry["deps:"] = sorted(entry.get("deps:", ()))
        _write_record(Path(self.name), self._db)


def read_record(path: Path) -> dict[str, Any]:
    """Read a record; empty where there is none, or none that can be read."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(entries, dict):
        return {}
    return {
        name: entry
        for name, entry in entries.items()
        if isinstance(entry, dict) and isinstance(entry.get("_values_:", {}), dict)
    }


def recorded_products(root: Path) -> dict[str, dict[str, str]]:
    """Return the products of each step of the last build, with the hashes of their content."""
    found: dict[str, dict[str, str]] = {}
    for name, entry in read_record(root / RECORD).items():
        products = entry.get("_values_:", {}).get("products", {})
        if isinstance(products, dict):
            found[name] = {str(path): str(content) for path, content in products.items()}
    return found


def renew_record(root: Path, products: Sequence[str]) -> None:
    """Take products as they are now for what their steps made: they were marked afterwards."""
    entries = read_record(root / RECORD)
    for entry in entries.values():
        made = entry.get("_values_:", {}).get("products", {})
        for name in made.keys() & set(products):
            made[name] = sha256(root / name)
    _write_record(root / RECORD, entries)


def _write_record(path: Path, entries: Mapping[str, Any]) -> None:
    text = json.dumps(entries, ensure_ascii=False, indent=1, sort_keys=True)
    write_text(path, text + "\n")


class _Content:
    """Hashes of files below a folder, each file read once as long as it stays the same."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[str, tuple[tuple[int, int], str]] = {}

    def of(self, name: str) -> str | None:
        """Return the hash of a file; None where there is none."""
        path = self.root / name
        try:
            state = path.stat()
        except OSError:
            return None
        stamp = (state.st_mtime_ns, state.st_size)
        if name not in self._known or self._known[name][0] != stamp:
            self._known[name] = (stamp, sha256(path))
        return self._known[name][1]


class _Unchanged:
    """Whether a step's values and products are as the last build left them, and why not."""

    def __init__(self, step: Step, root: Path, content: _Content) -> None:
        self._values = dict(step.values)
        self._outputs = [_name(path, root) for path in step.outputs]
        self._content = content
        self.why: list[str] = []

    def configure_task(self, task: Any) -> None:
        """Keep values and products when the step has run."""
        task.value_savers.append(self._state)

    def _state(self) -> dict[str, Any]:
        made = {name: self._content.of(name) for name in self._outputs}
        return {"values": self._values, "products": made}

    def __call__(self, task: Any, values: dict[str, Any]) -> bool:
        known, made = values.get("values"), values.get("products", {})
        self.why = []
        if known is None:
            self.why = ["it did not run before"]
            return False
        for key, value in self._values.items():
            if known.get(key) != value:
                self.why.append(f"the {key} changed")
        for name in self._outputs:
            found = self._content.of(name)
            if found is None:
                self.why.append(f"{name} is missing")
            elif found != made.get(name):
                self.why.append(f"{name} is not as the last build left it")
        gone = [f"{name} is no longer part of it" for name in sorted(set(made) - {*self._outputs})]
        self.why += gone
        return not self.why


class _Loader(TaskLoader2):  # type: ignore[misc]
    """Hands steps to doit."""

    def __init__(self, tasks: list[Any], options: dict[str, Any]) -> None:
        super().__init__()
        self._tasks = tasks
        self._options = options

    def setup(self, opt_values: dict[str, Any]) -> None:
        """Need nothing more."""

    def load_doit_config(self) -> dict[str, Any]:
        """Return the options of the run."""
        return self._options

    def load_tasks(self, cmd: Any, pos_args: list[str]) -> list[Any]:
        """Return the tasks."""
        return self._tasks


class StepsStoppedError(Exception):
    """Raised inside steps that are not begun any more."""


def run_steps(
    steps: Sequence[Step],
    root: Path,
    *,
    jobs: int,
    force: bool,
    started: Callable[[str, list[str]], None],
    finished: Callable[[Ran], None],
    stop: Callable[[], None] = lambda: None,
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
    stop : callable
        Ends what runs, when the build is interrupted.

    Raises
    ------
    StudyError
        When a step failed; steps that do not rest on it have run.
    """
    content = _Content(root)
    unchanged = {step.name: _Unchanged(step, root, content) for step in steps}
    reasons: dict[str, list[str]] = {}
    ran: list[Ran] = []
    errors: list[Exception] = []
    unexpected: list[BaseException] = []
    stopping = threading.Event()

    class ByContent(FileChangedChecker):  # type: ignore[misc]
        def exists(self, name: str) -> bool:
            return (root / name).is_file()

        def info(self, name: str) -> str:
            found = content.of(name)
            if found is None:
                raise FileNotFoundError(name)
            return found

        def check_modified(self, name: str, found: str, known: str) -> bool:
            return found != known

        def get_state(self, name: str, known: str | None) -> str | None:
            found = self.info(name)
            return None if found == known else found

    class Reporter(ZeroReporter):  # type: ignore[misc]
        def get_status(self, task: Any) -> None:
            reasons[task.name] = ["asked to run everything"] if force else _why(task)

        def add_failure(self, task: Any, fail: Any) -> None:
            if not isinstance(fail, UnmetDependency) and not errors:
                unexpected.append(RuntimeError(f"{task.name} could not run: {fail.message}"))

    def _why(task: Any) -> list[str]:
        found = Globals.dep_manager.get_status(task, None, get_log=True).reasons
        why = list(unchanged[task.name].why)
        if why != ["it did not run before"]:
            why += [f"{name} is new" for name in found.get("added_file_dep", ())]
            added = set(found.get("added_file_dep", ()))
            changed = sorted(set(found.get("changed_file_dep", ())) - added)
            why += [f"{name} changed" for name in changed]
            gone = found.get("removed_file_dep", ())
            why += [f"{name} is no longer part of it" for name in gone]
        return why

    def action_of(step: Step) -> Callable[[], None]:
        def action() -> None:
            if stopping.is_set():
                raise StepsStoppedError
            started(step.name, reasons[step.name])
            start = time.perf_counter()
            try:
                step.action()
                _check_made(step)
            except Exception as error:
                errors.append(error)
                raise
            done = Ran(step.name, reasons[step.name], time.perf_counter() - start)
            ran.append(done)
            finished(done)

        return action

    tasks = [
        dict_to_task(
            {
                "name": step.name,
                "actions": [action_of(step)],
                "file_dep": [_name(path, root) for path in step.inputs],
                "targets": [_name(path, root) for path in step.outputs],
                "uptodate": [unchanged[step.name]],
                "io": {"capture": False},
                "verbosity": 0,
            }
        )
        for step in steps
    ]
    options = {
        "dep_file": str(root / RECORD),
        "backend": "study",
        "check_file_uptodate": ByContent,
        "reporter": Reporter,
        "num_process": max(2, jobs),
        "par_type": "thread",
        "continue": True,
        "always": force,
    }
    (root / RECORD).parent.mkdir(parents=True, exist_ok=True)

    def run() -> None:
        plugins = {"BACKEND": {"study": f"{__name__}:Record"}}
        try:
            run_tasks(_Loader(tasks, options), {step.name: {} for step in steps}, plugins)
        except BaseException as error:  # handed to the thread that waits
            unexpected.append(error)

    worker = threading.Thread(target=run, name="build", daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(0.05)  # a wait without end could not be interrupted on Windows
    except BaseException:
        stopping.set()
        stop()
        worker.join(10)
        raise
    faults = [fault for error in errors if isinstance(error, StudyError) for fault in error.faults]
    unexpected += [error for error in errors if not isinstance(error, StudyError)]
    if faults:
        raise StudyError(dict.fromkeys(faults))
    if unexpected:
        raise unexpected[0]
    names = {done.name for done in ran}
    return Outcome(ran=ran, fresh=[step.name for step in steps if step.name not in names])


def _name(path: Path, root: Path) -> str:
    """Return how a file is called: from the study's folder, so that the folder can move."""
    return path.relative_to(root).as_posix()


def _check_made(step: Step) -> None:
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
