"""Finds what was typed into a manuscript although the study computes it.

Numbers, number words, names of categories and participants, in the text, its prose and the
captions in its notebooks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.settings import Allowance
from qdaio.faults import Fault

__all__ = ["Finding", "find_typed", "lint_report", "lint_text", "mask"]

PARTS = (
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"\{\{<.*?>\}\}"),
    # a citation in brackets, with its locator: [@who2021, pp. 180-215]
    re.compile(r"\[[^\[\]]*?(?<![\w@])-?@[\w][^\[\]]*\]"),
    re.compile(r"(?<![\w@])-?@[\w][\w:.#$%&\-+?<>~/]*"),
    re.compile(r"\{[#.:=][^{}\n]*\}|\{[\w-]+=[^{}\n]*\}"),
    re.compile(r"(?<=\])\([^()\s]*\)"),
    re.compile(r"<https?://[^>\s]+>|https?://\S+"),
    re.compile(r"^[ \t]*\d+[.)](?=\s)", re.MULTILINE),
)


def mask(text: str) -> str:
    """Blank out what is no running text; positions and lines stay as they are.

    Parameters
    ----------
    text : str
        Markdown as Quarto reads it.

    Returns
    -------
    str
        As long as `text`; shortcodes, citations, cross-references, attributes, comments,
        addresses and the numbers of lists are blanks.
    """
    for part in PARTS:
        text = part.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return text


UNITS = "zero one two three four five six seven eight nine"
TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty seventy eighty ninety"
)
LARGE = "hundred hundreds thousand thousands million millions dozen dozens half halves twice thrice"
WORDS = re.compile(rf"\b({'|'.join(f'{UNITS} {TEENS} {LARGE}'.split())})\b", re.IGNORECASE)
NUMBER = re.compile(r"[^\W_]*\d[\w]*(?:[.,٫٬]\d+)*%?|[¼-¾⅐-⅞⁰-₉]+")


@dataclass(frozen=True)
class Finding:
    """Something typed: what kind, the text itself, and where it begins."""

    kind: str
    text: str
    start: int


def find_typed(masked: str, names: Iterable[str], cases: Iterable[str]) -> list[Finding]:
    """Find typed values in text that was masked.

    Parameters
    ----------
    masked : str
        As of :func:`mask`.
    names : iterable of str
        Names of categories. A name of several words is found in any case; one of a
        single word only with its capital, as it may be an ordinary word, and not at the
        head of a heading, such as "Ethics"; one of a single letter is not looked for.
    cases : iterable of str
        Ids of participants.

    Returns
    -------
    list of Finding
        In the order of the text; where two overlap, the longer one.
    """
    found = [Finding("typed-name", m[0], m.start()) for m in _names(masked, names)]
    found += [Finding("typed-participant", m[0], m.start()) for m in _cases(masked, cases)]
    found += [Finding("typed-number", m[0], m.start()) for m in NUMBER.finditer(masked)]
    found += [Finding("typed-number-word", m[0], m.start()) for m in WORDS.finditer(masked)]
    found += [Finding("broken-shortcode", m[0], m.start()) for m in BROKEN.finditer(masked)]
    found.sort(key=lambda finding: (finding.start, -len(finding.text)))
    kept: list[Finding] = []
    for finding in found:
        if not kept or finding.start >= kept[-1].start + len(kept[-1].text):
            kept.append(finding)
    return kept


def _names(masked: str, names: Iterable[str]) -> Iterator[re.Match[str]]:
    for name in dict.fromkeys(names):
        words = name.split()
        if not words:
            continue
        pattern = r"\s+".join(re.escape(word) for word in words)
        flags = re.IGNORECASE if len(words) > 1 else 0
        for found in re.finditer(rf"(?<!\w){pattern}(?!\w)", masked, flags):
            if len(words) > 1 or (len(name) > 1 and not _begins(masked, found.start())):
                yield found


def _begins(text: str, at: int) -> bool:
    """Whether a word begins a heading, where every word has a capital."""
    return text[:at].rstrip(" \t").endswith("#")


def _cases(masked: str, cases: Iterable[str]) -> Iterator[re.Match[str]]:
    labels = [re.escape(case) for case in dict.fromkeys(cases) if case.strip()]
    if labels:
        joined = "|".join(sorted(labels, key=len, reverse=True))
        lead = r"(?:participants?|interviewees?|respondents?)\s+(?:no\.?\s*|number\s+)?"
        yield from re.finditer(rf"\b{lead}(?:{joined})\b", masked, re.IGNORECASE)
        plain = [label for label in labels if not label.isdigit()]
        if plain:
            yield from re.finditer(rf"(?<!\w)(?:{'|'.join(plain)})(?!\w)", masked)


CAPTION = re.compile(r"^#\|\s*(?:tbl|fig)-(?:cap|alt|subcap):(.*)$", re.MULTILINE)
SAID = {
    "typed-number": "a number that is typed",
    "typed-number-word": "a number that is typed as a word",
    "typed-name": "the name of a category that is typed",
    "typed-participant": "a participant that is typed",
    "broken-shortcode": "which is printed as it stands",
}
# what was meant for a shortcode, and has not all of its brackets
BROKEN = re.compile(r"\{+[ \t]*[<%]?[ \t]*(?:var|embed|include)[ \t]+[\w./#-]+[ \t]*[>%]?[ \t]*\}+")


def lint_report(
    folder: Path,
    allow: Sequence[Allowance],
    names: Sequence[str],
    cases: Sequence[str],
    metrics: Mapping[str, object] | None = None,
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
    metrics : mapping, optional
        Numbers that the study has, to name the one that should stand there; by default
        those of the last build.

    Returns
    -------
    list of Fault
    """
    metrics = metrics or _metrics(folder)
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
    metrics: Mapping[str, object],
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
                remedy=_remedy(finding, metrics, _sentence(text, finding.start)),
            )
        )
    return faults


def _sentence(text: str, at: int) -> str:
    """Return the sentence around a position."""
    start = max(text.rfind(". ", 0, at), text.rfind("\n\n", 0, at)) + 1
    ends = [end for end in (text.find(". ", at), text.find("\n\n", at)) if end >= 0]
    return text[start : min(ends, default=len(text))]


def _remedy(finding: Finding, metrics: Mapping[str, object], sentence: str) -> str:
    if finding.kind == "typed-number":
        digits = finding.text.replace(",", "").rstrip("%")
        same = [key for key, value in metrics.items() if _is_number(value, digits)]
        if same:
            key = _nearest(same, sentence)
            return f"If you mean {key}, write {{{{< var {key} >}}}}."
    if finding.kind == "broken-shortcode":
        return "Write it with all its brackets, such as {{< var codings.total >}}."
    return (
        "Write a {{< var … >}} with a key of data-processed/metrics.json, or add the words to "
        "[lint] allow in study.toml with the reason."
    )


def _is_number(value: object, digits: str) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return f"{value:g}" == digits or (isinstance(value, float) and f"{value:.1f}" == digits)


def _nearest(keys: list[str], sentence: str) -> str:
    """Return the key that fits a sentence: one whose words it has, the most general first."""
    said = {word[:5] for word in re.findall(r"[a-z]{3,}", sentence.casefold())}

    def rank(key: str) -> tuple[int, bool, int, str]:
        words = {word[:5] for word in re.findall(r"[a-z]{3,}", key)}
        return -len(words & said), key.startswith("audit."), key.count("."), key

    return min(keys, key=rank)


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    report = folder / "report"
    written = [path for path in sorted(report.glob("*.qmd")) if not path.name.startswith("_")]
    written += [*sorted(report.glob("*.md")), *sorted((report / "prose").glob("*.md"))]
    for path in written:
        if path.name != "README.md":
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            yield path.relative_to(folder).as_posix(), text
    for path in sorted((folder / "notebooks").glob("*.ipynb")):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # told where notebooks are read
        # a line for each cell, so that the row of a fault is the cell
        captions = [
            " ".join(found[1].strip() for found in CAPTION.finditer("".join(cell["source"])))
            if cell["cell_type"] == "code"
            else ""
            for cell in cells
        ]
        yield f"notebooks/{path.name}", "\n".join(captions)


def _metrics(folder: Path) -> dict[str, object]:
    path = folder / "data-processed" / "metrics.json"
    if not path.is_file():
        return {}
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
