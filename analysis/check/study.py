"""`study check`: everything that a build would refuse, in one go and each cause once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from analysis.build.cells import code_faults
from analysis.build.manifest import out_of_step
from analysis.build.notebooks import all_notebooks, check_notebooks, study_notebooks
from analysis.build.parameters import choose_parameters, study_words, variant_parameters
from analysis.check.rehearsal import missing, rehearse
from analysis.check.typed import lint_report
from analysis.languages import find_language
from analysis.metrics import Metric
from analysis.phrases import counted
from analysis.preparation import prepare
from analysis.settings import StudyFile
from analysis.studyfile import STUDY_FILE, line_of_key, line_of_text, load_study
from qdaio.faults import Fault, FaultList, StudyError

__all__ = ["check_study", "find_faults"]

TO_WRITE = ".to-write}"
PASSAGES = ("passage", "passages")


def check_study(folder: Path) -> list[str]:
    """Check the study file, all inputs, the notebooks and the manuscript.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of str
        What is not wrong, but good to know.

    Raises
    ------
    StudyError
        With everything that a build would refuse.
    """
    faults, notes = find_faults(folder)
    if faults:
        raise StudyError(faults)
    return notes


def find_faults(folder: Path) -> tuple[list[Fault], list[str]]:
    """Return everything that a build of a study would refuse, and what is good to know.

    Raises
    ------
    StudyError
        When the study file itself cannot be read, as nothing else can be looked at then.
    """
    folder = folder.resolve()
    study = load_study(folder)
    faults = FaultList()
    known = all_notebooks(folder, faults)
    check_notebooks(known, faults)
    text = (folder / STUDY_FILE).read_text(encoding="utf-8-sig")
    words = study_words(study)
    parameters = choose_parameters(known, study.parameters, {}, text, faults, words=words)
    variant_parameters(known, study, parameters, text, faults)
    specs, notes = study_notebooks(known, study)
    for spec in specs:
        folders = (folder / "notebooks", folder)
        faults.extend(code_faults(spec.file, spec.sources, spec.places, folders))
    _check_files(folder, study, faults)
    is_whole = not len(faults)
    names: list[str] = []
    cases: list[str] = []
    metrics: dict[str, Metric] = {}
    try:
        prepared = prepare(folder, study)
    except StudyError as error:
        faults.extend(error.faults)
    else:
        notes += prepared.warnings
        shown = prepared.codes[prepared.codes["level"] < len(study.hierarchy.levels or [1, 2])]
        names = [*shown["name"], *shown["label"]]
        cases = list(prepared.people.documents["case_id"].dropna().unique())
        if is_whole:
            done = rehearse(folder, study, prepared, specs, parameters)
            metrics = done.metrics
            faults.extend(done.faults)
            notes += done.notes
    faults.extend(lint_report(folder, study.lint.allow, names, cases, metrics))
    notes += [*find_language(study.study.language).notes, *_to_write(folder), *out_of_step(folder)]
    return told_once(_with_line(fault, text) for fault in faults), list(dict.fromkeys(notes))


def _to_write(folder: Path) -> list[str]:
    """Say which passages of the texts still wait to be written."""
    report = folder / "report"
    notes = []
    for path in [report / "manuscript.qmd", *sorted(report.glob("*.md"))]:
        if not path.is_file():
            continue
        lines = path.read_bytes().decode("utf-8", errors="replace").splitlines()
        found = [(row, line.count(TO_WRITE)) for row, line in enumerate(lines, 1)]
        rows = [str(row) for row, times in found if times]
        if rows:
            many = sum(times for _, times in found)
            where = f"row{'s'[: len(rows) > 1]} {', '.join(rows[:8])}"
            where += f" and {len(rows) - 8} more" if len(rows) > 8 else ""
            notes.append(
                f"{path.relative_to(folder).as_posix()}: {counted(many, PASSAGES)} still to be "
                f"written, in {where}."
            )
    return notes


def _check_files(folder: Path, study: StudyFile, faults: FaultList) -> None:
    """Find files that are missing, and texts that are no text."""
    report = folder / "report"
    needed = ["manuscript.qmd", "_quarto.yml"]
    for name in needed:
        if not (report / name).is_file():
            faults.add(**_plain(missing(f"report/{name}", "Put the file back.")))
    for name in study.input_files():
        if not (folder / name).exists():
            faults.add(
                **_plain(missing(name, "Put the file back, or correct its path in study.toml."))
            )
    if study.published and not (folder / study.published.folder).is_dir():
        faults.add(
            **_plain(missing(study.published.folder, "Put the folder back, or take it out."))
        )
    texts = [*report.glob("*.md"), *report.glob("*.qmd"), *(report / "prose").glob("*.md")]
    for path in sorted(texts):
        content = path.read_bytes()
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            faults.add(
                kind="wrong-encoding",
                file=path.relative_to(folder).as_posix(),
                row=content.count(b"\n", 0, error.start) + 1,
                expected="UTF-8",
                remedy="Save the file as UTF-8.",
            )


def _plain(fault: Fault) -> dict[str, str]:
    return {key: str(value) for key, value in fault.as_dict().items() if value is not None}


def _with_line(fault: Fault, text: str) -> Fault:
    """Add the line of the key of the study file that is at fault, where none is said."""
    if fault.file != STUDY_FILE or fault.row is not None or not fault.column:
        return fault
    key, _, name = fault.column.partition(" (")
    row = line_of_text(f'"{name.removesuffix(")")}"', text) if name else None
    return replace(fault, row=row or line_of_key(tuple(key.split(".")), text))


def told_once(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults so that one cause is told once, with the rows in which it shows.

    Faults that differ in nothing but their row have one cause. A file that is missing is
    told where its name stands only.
    """
    places: dict[Fault, list[int]] = {}
    for fault in faults:
        rows = places.setdefault(replace(fault, row=None), [])
        if fault.row is not None and fault.row not in rows:
            rows.append(fault.row)
    told = [_with_rows(fault, sorted(rows)) for fault, rows in places.items()]
    gone = {fault.file for fault in told if fault.kind == "missing-file"}
    seen: set[str | None] = set()
    kept: list[Fault] = []
    for fault in told:
        if fault.file in gone and fault.kind in ("missing-file", "unreadable-file"):
            if fault.file in seen:
                continue
            seen.add(fault.file)
        kept.append(fault)
    return kept


def _with_rows(fault: Fault, rows: list[int]) -> Fault:
    if not rows:
        return fault
    first, *others = rows
    if not others:
        return replace(fault, row=first)
    listed = ", ".join(map(str, others[:5]))
    more = f" and {len(others) - 5} more" if len(others) > 5 else ""
    found = f"{fault.found}, also" if fault.found else "the same"
    return replace(fault, row=first, found=f"{found} in row{'s'[: len(others) > 1]} {listed}{more}")
