"""Write an export in another form: tidy tables, REFI-QDA for other programs, a workbook."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from qdaio.faults import Fault, StudyError
from qdaio.model import CodedProject
from qdaio.programs.tidy.write import FileKind, write_tidy
from qdaio.registry import ReadOptions, read

__all__ = ["Converted", "convert"]

FILES = {".csv", ".parquet", ".xls", ".json", ".qde", ".zip", ".txt"}
# Each gives what its form cannot hold; imported when it is to write.
WRITERS = {
    ".qdpx": "qdaio.programs.refi.write_project:write_qdpx",
    ".qdc": "qdaio.programs.refi.write_codebook:write_qdc",
    ".xlsx": "qdaio.programs.maxqda.write:write_workbook",
}


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written, what of the project it does not hold, and the project."""

    files: tuple[Path, ...]
    losses: tuple[str, ...]
    project: CodedProject


def convert(
    *files: str | os.PathLike[str],
    to: str | os.PathLike[str],
    kind: FileKind = "csv",
    names: Sequence[str] | None = None,
    options: ReadOptions | None = None,
) -> Converted:
    r"""Read exports that belong together and write them as one project.

    Parameters
    ----------
    *files, names, options
        As for `qdaio.read`.
    to : path
        A folder for tidy tables, or a file whose name ends in ``.qdpx``, ``.qdc`` or
        ``.xlsx`` (a workbook of codes and segments that MAXQDA imports; needs the extra
        ``qdaio[xlsx]``).
    kind : {"csv", "parquet"}
        Of tidy tables.

    Raises
    ------
    StudyError
        With every fault of the exports, or because `to` is no place to write to.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> folder = Path(mkdtemp())
    >>> _ = (folder / "a.csv").write_text("document,code\nAnn,trust\n", encoding="utf-8")
    >>> done = convert(folder / "a.csv", to=folder / "study.qdpx")
    >>> [path.name for path in done.files], done.losses
    (['study.qdpx'], ())
    """
    out = Path(to)
    suffix = out.suffix.casefold()
    if suffix not in WRITERS:
        _check_folder(out)
    project = read(*files, names=names, options=options)
    if suffix in WRITERS:
        module, _, name = WRITERS[suffix].partition(":")
        write = getattr(import_module(module), name)
        return Converted((out,), tuple(write(project, out)), project)
    return Converted(tuple(write_tidy(project, out, kind)), (), project)


def _check_folder(out: Path) -> None:
    """Refuse to write among files of another kind."""
    found = None
    if out.is_file() or out.suffix.casefold() in FILES:
        found = f"the name of a file, {out.name}"
    elif out.is_dir() and any(out.iterdir()) and not (out / "export.json").is_file():
        found = f"{out.name}, a folder with other files in it"
    if found:
        raise StudyError(
            Fault(
                kind="bad-output",
                file=out.name,
                found=found,
                expected="a new folder, or a name that ends in .qdpx, .qdc or .xlsx",
                remedy="Give another name after -o; tidy tables are written into a folder.",
            )
        )
