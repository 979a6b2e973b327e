"""The check over a whole report: its text, its prose and the captions in its notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from analysis.lint.findings import Finding, find_typed
from analysis.lint.masking import mask
from analysis.settings import Allowance
from qdaio.faults import Fault

__all__ = ["lint_report", "lint_text"]

CAPTION = re.compile(r"^#\|\s*(?:tbl|fig)-(?:cap|alt|subcap):(.*)$", re.MULTILINE)
SAID = {
    "typed-number": "a number that is typed",
    "typed-number-word": "a number that is typed as a word",
    "typed-name": "the name of a category that is typed",
    "typed-participant": "a participant that is typed",
}


def lint_report(
    folder: Path, allow: Sequence[Allowance], names: Sequence[str], cases: Sequence[str]
) -> list[Fault]:
    """Check all text that people wrote for the manuscript of a study.

    Parameters
    ----------
    folder : Path
    allow : sequence of Allowance
        Pieces of text that may stand, each with a reason. One that no text holds is a
        fault too: an exception that is not needed hides the next one.
    names : sequence of str
        Names and printed labels of categories.
    cases : sequence of str
        Ids of participants.

    Returns
    -------
    list of Fault
    """
    metrics = _metrics(folder)
    used: set[int] = set()
    faults: list[Fault] = []
    for name, text in _texts(folder):
        faults += lint_text(name, text, allow, names, cases, metrics, used)
    for at, item in enumerate(allow):
        if at not in used:
            faults.append(
                Fault(
                    kind="unused-allowance",
                    file="study.toml",
                    column=f"lint.allow[{at + 1}]",
                    found=f'"{item.text}"',
                    remedy="No text holds this any more: remove the exception.",
                )
            )
    return faults


def lint_text(
    name: str,
    text: str,
    allow: Sequence[Allowance],
    names: Iterable[str],
    cases: Iterable[str],
    metrics: dict[str, object],
    used: set[int],
) -> list[Fault]:
    """Check one text.

    Parameters
    ----------
    name : str
        How messages call the file.
    text : str
    allow, names, cases
        As in :func:`lint_report`.
    metrics : dict
        Numbers of the last build, to name the one that should stand there.
    used : set of int
        Gets the positions of the allowances that were needed.
    """
    free = [
        (m.start(), m.end(), at)
        for at, item in enumerate(allow)
        if item.file in (None, name)
        for m in re.finditer(re.escape(item.text), text)
    ]
    faults = []
    for finding in find_typed(mask(text), names, cases):
        end = finding.start + len(finding.text)
        covering = {at for low, high, at in free if low <= finding.start and end <= high}
        if covering:
            used |= covering
            continue
        line = text.count("\n", 0, finding.start) + 1
        faults.append(
            Fault(
                kind=finding.kind,
                file=name,
                row=line,
                found=f'"{finding.text}", {SAID[finding.kind]}',
                remedy=_remedy(finding, metrics),
            )
        )
    return faults


def _remedy(finding: Finding, metrics: dict[str, object]) -> str:
    if finding.kind == "typed-number":
        digits = finding.text.replace(",", "").rstrip("%")
        same = [key for key, value in metrics.items() if str(value) == digits]
        if same:
            return f"If you mean {same[0]}, write {{{{< var {same[0]} >}}}}."
    return (
        "Write a {{< var … >}} with a key of data-processed/metrics.json, or add the words to "
        "[lint] allow in study.toml with the reason."
    )


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    report = folder / "report"
    written = [path for path in sorted(report.glob("*.qmd")) if not path.name.startswith("_")]
    written += [*sorted(report.glob("*.md")), *sorted((report / "prose").glob("*.md"))]
    for path in written:
        if path.name != "README.md":
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((folder / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        captions = [
            found[1].strip()
            for cell in cells
            if cell["cell_type"] == "code"
            for found in CAPTION.finditer("".join(cell["source"]))
        ]
        yield f"notebooks/{path.name}", "\n".join(captions)


def _metrics(folder: Path) -> dict[str, object]:
    path = folder / "data-processed" / "metrics.json"
    if not path.is_file():
        return {}
    values: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return values
