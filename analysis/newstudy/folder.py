"""`study new`: a folder that builds at once, from exports."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from analysis.newstudy.frameworks import place_framework
from analysis.newstudy.proposal import AttributeTable, Guess, Proposal, be, listed, propose
from analysis.newstudy.skeleton import PRISTINE, skeleton_files
from analysis.newstudy.studyfile import FrameworkFiles, study_file
from analysis.preparation import prepare
from analysis.preparation.codesystem import codes_of_study
from analysis.settings import Hierarchy, StudyFile
from analysis.studyfile import STUDY_FILE, parse_study
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.files.writing import sha256, write_bytes, write_text

if TYPE_CHECKING:
    from qdaio.model import CodedProject

__all__ = ["Begun", "Mapping", "begin_study", "is_clear"]

EXPORTS, PARTICIPANTS = "data-raw/exports", "data-raw/participants"
SOURCES = "data-raw/SOURCES.csv"
RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10))}
RESERVED |= {f"lpt{n}" for n in range(1, 10)}
UNSAFE = '<>:"|?*\\'


class Mapping(Protocol):
    """What the columns of a spreadsheet seem to hold, as :func:`qdaio.propose` says it."""

    @property
    def columns(self) -> Any:
        """The mapping itself."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for each part."""

    @property
    def clarity(self) -> str:
        """Whether headers say all of it."""


def is_clear(mapping: Mapping) -> bool:
    """Say whether the headers of a spreadsheet tell all of it."""
    return mapping.clarity == "clear"


ATTEMPTS = 20  # an optional part at fault is left out, one at a time


@dataclass(frozen=True, slots=True)
class Begun:
    """A study that was begun.

    Attributes
    ----------
    folder : Path
    files : tuple of str
        What was made, as paths in the folder.
    guesses : tuple of Guess
        What was taken without being stated.
    warnings : tuple of str
        What reading the exports had to say.
    """

    folder: Path
    files: tuple[str, ...]
    guesses: tuple[Guess, ...]
    warnings: tuple[str, ...]


def begin_study(
    folder: Path,
    exports: Sequence[Path],
    *,
    participants: Path | None = None,
    framework: Path | None = None,
    title: str | None = None,
    synthetic: bool = False,
    confirm: Callable[[Proposal], Proposal] | None = None,
    accept: Callable[[Mapping], bool] = is_clear,
) -> Begun:
    """Make the folder of a new study.

    Parameters
    ----------
    folder : Path
        Must not hold any of the files that are made.
    exports : sequence of Path
        Coded exports that belong together, or folders of them.
    participants : Path, optional
        A table with one row per participant.
    framework : Path, optional
        A table of a framework's dimensions: at least a column ``name``.
    title : str, optional
        By default made from the name of the folder.
    synthetic : bool
        Whether the data are made up, so that every product says so.
    confirm : callable, optional
        Shown the proposal; returns the one to take.
    accept : callable
        Shown what the columns of a spreadsheet typed by hand seem to hold; says whether that
        is right. By default it is taken where the evidence is clear.

    Returns
    -------
    Begun

    Raises
    ------
    StudyError
        When something is in the way, a file cannot be read, or what was read cannot be a
        study. Nothing is left behind.
    """
    folder = folder.absolute()
    exports = list({path.resolve(): path for path in exports}.values())  # each once
    _check_given([*exports, *(path for path in (participants, framework) if path)])
    above = _made_folders(folder.parent)
    try:
        return replace(
            _begun(folder, exports, participants, framework, title, synthetic, confirm, accept),
            folder=folder,
        )
    except BaseException:
        for made in above:  # what was begun is taken away again
            if not any(made.iterdir()):
                made.rmdir()
        raise


def _made_folders(folder: Path) -> list[Path]:
    """Make a folder with those above it; return the new ones, the deepest first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _begun(
    folder: Path,
    exports: Sequence[Path],
    participants: Path | None,
    framework: Path | None,
    title: str | None,
    synthetic: bool,
    confirm: Callable[[Proposal], Proposal] | None,
    accept: Callable[[Mapping], bool],
) -> Begun:
    with tempfile.TemporaryDirectory(prefix=".study-new-", dir=folder.parent) as name:
        draft = Path(name) / "study"
        draft.mkdir()
        begun = _draft(
            draft,
            exports,
            participants,
            framework,
            title or _title(folder),
            synthetic,
            confirm,
            accept,
        )
        _move(draft, folder)
    return begun


def _check_given(paths: Sequence[Path]) -> None:
    faults = FaultList()
    for path in paths:
        if not path.exists():
            faults.add(
                kind="missing-file",
                file=path.name,
                remedy="There is no such file: correct its name, or the folder it lies in.",
            )
    if not paths:
        faults.add(
            kind="missing-file",
            expected="at least one coded export",
            remedy="Name it with --from FILE, as often as there are files.",
        )
    faults.raise_if_any()


def _title(folder: Path) -> str:
    words = folder.name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] or "Untitled study"


def _draft(
    draft: Path,
    exports: Sequence[Path],
    participants: Path | None,
    framework: Path | None,
    title: str,
    synthetic: bool,
    confirm: Callable[[Proposal], Proposal] | None,
    accept: Callable[[Mapping], bool],
) -> Begun:
    files = skeleton_files()
    for name, content in files.items():
        write_bytes(draft / name, content)
        write_bytes(draft / PRISTINE / name, content)
    placed = _copied(draft, exports, EXPORTS)
    project, columns, guesses = _read(draft, list(placed), accept)
    sources = dict(placed)
    table = None
    if participants is not None:
        (name,) = names = _copied(draft, [participants], PARTICIPANTS)
        sources |= names
        table = _attributes(draft / name, name)
    proposal = propose(project, table)
    if confirm is not None:
        proposal = confirm(proposal)
    placed_framework = None
    if framework is not None:
        hierarchy = Hierarchy(within=proposal.within, omit=list(proposal.omit))
        codes = codes_of_study(project, hierarchy, FaultList())
        roots = list(codes.loc[codes["level"] == 1, "name"])
        placed_framework, found = place_framework(draft, framework, roots)
        sources[placed_framework.dimensions] = framework.name
        guesses += found
    text, study, proposal = _settled(
        draft, proposal, title, list(placed), placed_framework, columns, synthetic=synthetic
    )
    write_text(draft / STUDY_FILE, text)
    write_text(draft / SOURCES, _sources(draft, sources))
    write_text(draft / "README.md", _readme(draft, title))
    prepared = prepare(draft, study)
    made = sorted(path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file())
    return Begun(
        folder=draft,
        files=tuple(name for name in made if not name.startswith(PRISTINE)),
        guesses=(*proposal.guesses, *guesses),
        warnings=prepared.warnings,
    )


def _read(
    draft: Path, names: list[str], accept: Callable[[Mapping], bool]
) -> tuple[CodedProject, str, list[Guess]]:
    """Read the exports; of a spreadsheet typed by hand say what its columns hold."""
    from qdaio.programs.spreadsheet.proposal import propose as propose_columns
    from qdaio.registry import ReadOptions, read_exports

    paths = [draft / name for name in names]
    try:
        return read_exports(paths, names=names), "", []
    except StudyError as error:
        unknown = [fault for fault in error.faults if fault.kind == "unknown-format"]
        if not unknown or len(unknown) < len(error.faults):
            raise
        if strays := _strays(draft, names, unknown):
            project, columns, guesses = _read(draft, names, accept)
            return project, columns, [strays, *guesses]
        mappings = [propose_columns(draft / fault.file) if fault.file else None
                    for fault in unknown]  # fmt: skip
        found = [mapping for mapping in mappings if mapping]
        mapping = next(filter(is_clear, found), found[0] if found else None)
        if mapping is None:
            raise
        if not accept(mapping):
            faults = [
                _unsure(fault, own) if own else fault
                for fault, own in zip(unknown, mappings, strict=True)
            ]
            raise StudyError(faults) from error
    options = ReadOptions(columns=mapping.columns)
    guess = Guess("[data.columns]", "the columns of the spreadsheet are recognised", _why(mapping))
    try:
        project = read_exports(paths, names=names, options=options)
    except StudyError as error:
        raise StudyError(
            [_other_columns(fault, mapping) if fault.kind == "unknown-format" else fault
             for fault in error.faults]
        ) from error  # fmt: skip
    return project, mapping.columns.toml(), [guess]


def _other_columns(fault: Fault, mapping: Mapping) -> Fault:
    """Say what to do with a spreadsheet beside one whose columns are recognised."""
    remedy = (
        f"Another spreadsheet is read by its headers ({_why(mapping)}), and this one has others. "
        "Leave it out of what you give with --from, or give its columns the same headers."
    )
    return replace(fault, remedy=remedy)


def _strays(draft: Path, names: Sequence[str], unknown: Sequence[Fault]) -> Guess | None:
    """Take out of the folders that were given what can be no export, such as transcripts."""
    strays = [fault.file for fault in unknown if fault.file and fault.file not in names
              and _is_no_export(draft / fault.file, fault.found or "")]  # fmt: skip
    files = [path for path in (draft / EXPORTS).rglob("*") if path.is_file()]
    if not strays or len(strays) == len(files):
        return None
    for name in strays:
        (draft / name).unlink()
    kinds = sorted({fault.found or "" for fault in unknown if fault.file in strays})
    return Guess(
        "[data] exports",
        f"{listed([Path(name).name for name in strays])} {be(strays)} left out of the study",
        "; ".join(kinds),
    )


def _is_no_export(path: Path, found: str) -> bool:
    """Whether a file that no reader knows holds neither a table nor a project."""
    from qdaio.files.source import open_source

    return open_source(path).kind in ("docx", "binary") or found == "text without columns"


def _unsure(fault: Fault, mapping: Mapping) -> Fault:
    """Say how to go on with a spreadsheet whose headers do not tell all of it."""
    remedy = (
        f"It seems to hold the following, but not all of it is sure ({_why(mapping)}):\n\n"
        f"{mapping.columns.toml()}\n\nRun the command without --yes, and say whether that is "
        "right; or call the columns participant, quotation and code, and run it again."
    )
    return replace(fault, remedy=remedy)


def _why(mapping: Mapping) -> str:
    return "; ".join(mapping.reasons)


def _settled(
    draft: Path,
    proposal: Proposal,
    title: str,
    exports: Sequence[str],
    framework: FrameworkFiles | None,
    columns: str,
    *,
    synthetic: bool,
) -> tuple[str, StudyFile, Proposal]:
    """Return a study file under which the data are in order; what is not, is left out."""
    for _ in range(ATTEMPTS):
        text = study_file(
            proposal,
            title=title,
            exports=exports,
            framework=framework,
            columns=columns,
            synthetic=synthetic,
        )
        study = parse_study(text)
        try:
            prepare(draft, study)
        except StudyError as error:
            smaller = _without(proposal, error.faults)
            if smaller is None:
                raise
            proposal = smaller
        else:
            return text, study, proposal
    raise RuntimeError("a study file could not be settled")


def _without(proposal: Proposal, faults: Sequence[Fault]) -> Proposal | None:
    """Leave out the part of a proposal that is at fault; None where no part can be."""
    people = proposal.people
    if people is None or all(fault.kind == "no-codings" for fault in faults):
        return None
    columns = {fault.column for fault in faults if fault.column}
    bad = [variable for variable in people.variables if variable.name in columns]
    if bad:
        kept = tuple(variable for variable in people.variables if variable not in bad)
        smaller = replace(people, variables=kept)
        stand = "stands" if len(bad) == 1 else "stand"
        what = f"{', '.join(variable.name for variable in bad)} {stand} in no table yet"
    elif people.group in columns:
        smaller = replace(people, group=None, group_order=())
        what = f"{people.group} does not part the participants into groups yet"
    elif people.follow_up and people.follow_up[0] in columns:
        smaller = replace(people, follow_up=None)
        what = f"{people.follow_up[0]} is not used yet"
    elif people.date in columns or people.duration in columns:
        smaller = replace(people, date=None, duration=None)
        what = "dates and durations are not used yet"
    elif people.file:
        smaller = replace(people, file=None, file_id=None, variables=(), group=None)
        if people.file_document:
            return replace(proposal, people=None)
        smaller = replace(smaller, group_order=())
        what = f"{people.file} is not used yet"
    else:
        reason = _reason(faults)
        guess = Guess("[participants]", "each document is counted as a case of its own", reason)
        return replace(proposal, people=None, guesses=(*proposal.guesses, guess))
    guess = Guess("[participants]", what, _reason(faults))
    return replace(proposal, people=smaller, guesses=(*proposal.guesses, guess))


def _reason(faults: Sequence[Fault]) -> str:
    first = faults[0]
    more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
    found = f": {first.found}" if first.found else ""
    return f"{first.kind.replace('-', ' ')}{found}{more}"


def _copied(draft: Path, paths: Sequence[Path], where: str) -> dict[str, str]:
    """Copy files or folders of them; return their new paths with the names they had."""
    taken: dict[str, str] = {}
    for path in paths:
        name = free_name(path.name or path.resolve().name, where, taken)
        target = draft / where / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            if path.is_dir():
                shutil.copytree(path, target, symlinks=False)
            else:
                shutil.copyfile(path, target)
        except OSError as error:
            raise StudyError(
                Fault(
                    kind="unreadable-file",
                    file=path.name,
                    found=error.strerror or "an error",
                    remedy="Close it where it is open, and see that you may read it.",
                )
            ) from error
        taken[f"{where}/{name}"] = path.name
    return taken


def free_name(name: str, where: str, taken: dict[str, str]) -> str:
    """Return a file name that every system takes and no other file here has."""
    safe = "".join("-" if char in UNSAFE or ord(char) < 32 else char for char in name)
    safe = safe.rstrip(". ") or "export"
    if safe.split(".")[0].casefold() in RESERVED:
        safe = f"export-{safe}"
    known = {path.casefold() for path in taken}
    stem, suffix = Path(safe).stem, Path(safe).suffix
    count = 2
    while f"{where}/{safe}".casefold() in known:
        safe, count = f"{stem}-{count}{suffix}", count + 1
    return safe


def _attributes(path: Path, name: str) -> AttributeTable:
    from qdaio.files.source import open_source
    from qdaio.headers import read_attribute_table

    rows, _ = read_attribute_table(open_source(path, name))
    return AttributeTable(name, rows)


def _sources(draft: Path, sources: dict[str, str]) -> str:
    """List the files that were copied, the names they had, and their content as a hash."""
    rows: list[tuple[str, str, int, str]] = []
    for name, original in sources.items():
        path = draft / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                place = file.relative_to(draft).as_posix()
                rows.append((place, original, file.stat().st_size, sha256(file)))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["file", "was called", "bytes", "sha256"])
    writer.writerows(rows)
    return stream.getvalue()


def _readme(draft: Path, title: str) -> str:
    # a title is a person's text: no line of it may become a heading or a link of its own
    plain = " ".join(title.split())
    return (draft / "README.md").read_text(encoding="utf-8").replace("TITLE OF THE STUDY", plain)


def _move(draft: Path, folder: Path) -> None:
    """Put the draft in place: a new folder in one step, or its files into an existing one."""
    if not folder.exists():
        draft.replace(folder)
        return
    files = [path for path in sorted(draft.rglob("*")) if path.is_file()]
    names = [path.relative_to(draft) for path in files]
    if not folder.is_dir() or (there := [n for n in names if (folder / n).exists()]):
        raise StudyError(
            Fault(
                kind="already-there",
                file=folder.name,
                found="a file" if not folder.is_dir() else ", ".join(map(str, there[:3])),
                expected="a folder without a study",
                remedy="Choose another folder, or move these files away: nothing is overwritten. "
                "A study that `study new` made is brought up to date by `study new --update`.",
            )
        )
    made: list[Path] = []
    folders: list[Path] = []
    try:
        for path, name in zip(files, names, strict=True):
            target = folder / name
            folders += _made_folders(target.parent)
            made.append(target)
            shutil.copyfile(path, target)
    except BaseException:  # an interruption, too, leaves nothing behind
        for target in made:
            target.unlink(missing_ok=True)
        for one in sorted(folders, key=lambda path: -len(path.parts)):
            one.rmdir()
        raise
