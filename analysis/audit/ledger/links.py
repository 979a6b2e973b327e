"""How the claims of a ledger refer to each other: parts and wholes, repeats, lists, people.

``part_of`` holds ``patients by gender``, ``lists`` holds ``main-categories in Table 4``; several
are parted by semicolons. A row is meant by its id.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from qdaio.faults import FaultList
from qdaio.labels import closest, did_you_mean

__all__ = ["Claim", "Day", "Links", "Relations", "check_links", "find_circles", "read_relations"]

# first and last day that a date may mean: one day, a month, or a year
Day = tuple[date, date]
Thing = TypeVar("Thing", bound=Hashable)
# the kinds that a claim may be linked to, by the column; else any kind
TARGETS = {"part_of": ("count",), "within": ("count", "percentage"), "lists": ("count",)}
BESIDE = {"percentage": ("count",), "SD": ("mean",), "SE": ("mean",), "count": ("label", "date")}
BESIDE_OF_RULE = {"months": ("date",), "column": ("mean",)}
# rules that need links to say anything, and how many
NEEDED = {"months": {"beside": 2}, "column": {"whole": 1, "beside": 1}}


@dataclass(slots=True, eq=False)
class Claim:
    """One value that a publication prints.

    Attributes
    ----------
    id : str
        The row's, with the column behind it where the row has no kind of its own.
    at, row : int
        Position in the ledger, and row of its file, from 1.
    column : str
        The ledger's column that holds it; ``printed`` for what is no single number.
    kind, printed, section, place : str
        `printed` is text, so that trailing zeros stay.
    rebuilt : tuple of str
        One or two keys of the metrics, or one of ``labels.N``, ``groups``, ``dimensions``,
        ``quotation:LABEL``; empty where nothing rebuilds it.
    participant, role, rule, note : str
    digits, decimals : int
        Of a number, without its point; `digits` is None where there is none.
    relation : str
        ``=``, or the bound that stands before the number, as in ``<0.1``.
    ends : tuple of Fraction or None
        Of a range.
    days : Day or None
        Of a date.
    is_alone : bool
        Whether it is all that its row says.
    is_read : bool
        False where the value could not be read.
    """

    id: str
    at: int
    row: int
    column: str
    kind: str
    printed: str
    section: str = ""
    place: str = ""
    rebuilt: tuple[str, ...] = ()
    participant: str = ""
    role: str = ""
    rule: str = ""
    note: str = ""
    digits: int | None = None
    decimals: int = 0
    relation: str = "="
    ends: tuple[Fraction, Fraction] | None = None
    days: Day | None = None
    is_alone: bool = False
    is_read: bool = True

    @property
    def value(self) -> Fraction | None:
        """The number, exactly; None where the claim is none, or could not be read."""
        return None if self.digits is None else Fraction(self.digits, 10**self.decimals)

    @property
    def where(self) -> str:
        """The section and the place, as a sentence names them: ``Table 2, Gender, …``."""
        return ", ".join(part for part in (self.section, self.place) if part)


class Links:
    """Which parts make which whole, grouped into splits.

    Parameters
    ----------
    whole, part : sequence of int
        Positions of rows, one pair a link.
    by : sequence of str
        What the whole is split by; links of one whole and one `by` make a split.

    Attributes
    ----------
    whole : ndarray of int
        The whole of each split.
    by : list of str
        What each split is by.
    """

    def __init__(self, whole: Sequence[int], part: Sequence[int], by: Sequence[str]) -> None:
        splits: dict[tuple[int, str], dict[int, None]] = {}
        for one, other, name in zip(whole, part, by, strict=True):
            splits.setdefault((one, name), {})[other] = None
        self._parts = [list(parts) for parts in splits.values()]
        self.whole = np.array([one for one, _ in splits], dtype=np.int64)
        self.by = [name for _, name in splits]
        sizes = [len(parts) for parts in self._parts]
        self._part = np.array([part for parts in self._parts for part in parts], dtype=np.int64)
        self._split = np.repeat(np.arange(len(sizes)), sizes)

    def __len__(self) -> int:
        return len(self._parts)

    def parts_of(self, split: int) -> list[int]:
        """Return the positions of the parts of one split, in order."""
        return self._parts[split]

    def total(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of the parts' values in each split."""
        return np.bincount(self._split, weights=values[self._part], minlength=len(self))

    def every(self, known: np.ndarray) -> np.ndarray:
        """Return for each split whether something holds of its whole and of all its parts."""
        missing = np.bincount(self._split, weights=~known[self._part], minlength=len(self))
        return np.asarray((missing == 0) & known[self.whole])


@dataclass(frozen=True, slots=True)
class Relations:
    """How rows refer to each other, by position.

    Attributes
    ----------
    parts : Links
    same : list of tuple of int
        Pairs.
    lists : dict of int to dict of str to list of int
        By the row of a count, the lists that it counts, by name.
    beside : dict of int to list of int
    within : Links
        What a row is within, where members may stand in several rows; the rows of a named
        split cover their whole.
    """

    parts: Links
    same: list[tuple[int, int]]
    lists: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    beside: dict[int, list[int]] = field(default_factory=dict)
    within: Links = field(default_factory=lambda: Links([], [], []))

    @property
    def linked(self) -> set[int]:
        """The positions of all rows that refer to another, or are referred to."""
        found = {row for pair in self.same for row in pair}
        for links in (self.parts, self.within):
            for split in range(len(links)):
                found |= {int(links.whole[split]), *links.parts_of(split)}
        for count, lists in self.lists.items():
            found |= {count, *(row for rows in lists.values() for row in rows)}
        return found | {row for one, others in self.beside.items() for row in (one, *others)}


def read_relations(
    ids: Sequence[str],
    texts: Mapping[str, Sequence[str | None]],
    rows: Sequence[int],
    name: str,
    faults: FaultList,
) -> Relations:
    """Read the columns ``part_of``, ``within``, ``same_as``, ``lists`` and ``beside``.

    Parameters
    ----------
    ids : sequence of str
    texts : mapping of str to sequence of str or None
        The ledger's columns.
    rows : sequence of int
        Rows of the file, for messages.
    name : str
        How messages call the file.
    faults : FaultList
        Gets ids that do not exist, and rows that are parts of themselves.
    """
    at = {found: position for position, found in reversed(list(enumerate(ids)))}

    def look_up(wanted: str, position: int, column: str) -> int | None:
        if wanted in at:
            return at[wanted]
        near = closest(wanted, list(at), count=2)
        faults.add(
            kind="unknown-claim",
            file=name,
            row=rows[position],
            column=column,
            found=f'"{wanted}"',
            expected="the id of another row",
            remedy=did_you_mean(near, otherwise="Correct the id, or leave the cell empty."),
        )
        return None

    def read_splits(column: str) -> tuple[list[int], list[int], list[str]]:
        wholes, parts, splits = [], [], []
        for position, reference in _references(texts[column]):
            whole, split = (reference, "") if reference in at else _cut(reference, " by ")
            if (found := look_up(whole, position, column)) is not None:
                wholes.append(found)
                parts.append(position)
                splits.append(split)
        return wholes, parts, splits

    wholes, parts, splits = read_splits("part_of")
    within = read_splits("within")
    same: dict[tuple[int, int], None] = {}
    for position, reference in _references(texts["same_as"]):
        found = look_up(reference, position, "same_as")
        if found == position:
            faults.add(
                kind="refers-to-itself",
                file=name,
                row=rows[position],
                column="same_as",
                found=f'"{reference}", the row itself',
                remedy="Name the other row that states the same quantity.",
            )
        elif found is not None:
            same[min(position, found), max(position, found)] = None
    lists: dict[int, dict[str, list[int]]] = {}
    for position, reference in _references(texts["lists"]):
        count, listed = (reference, "") if reference in at else _cut(reference, " in ")
        if (found := look_up(count, position, "lists")) is not None:
            shown = listed or texts["section"][position] or ""
            lists.setdefault(found, {}).setdefault(shown, []).append(position)
    beside: dict[int, list[int]] = {}
    for position, reference in _references(texts["beside"]):
        if (found := look_up(reference, position, "beside")) is not None:
            beside.setdefault(position, []).append(found)
    for position, text in enumerate(texts["whole"]):
        has_kind = texts["kind"][position] is not None
        is_word = text is not None and not any(letter.isdigit() for letter in text)
        if text and text not in at and (is_word or (has_kind and not _is_number(text))):
            look_up(text, position, "whole")
    _circle_faults(wholes, parts, texts["whole"], at, ids, rows, name, faults)
    return Relations(Links(wholes, parts, splits), list(same), lists, beside, Links(*within))


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(" ", "").isdigit()


def _references(texts: Sequence[str | None]) -> Iterator[tuple[int, str]]:
    """Give the references of each row, with its position."""
    for position, text in enumerate(texts):
        if text is None:
            continue
        for item in text.split(";"):
            if item.strip():
                yield position, item.strip()


def _cut(reference: str, word: str) -> tuple[str, str]:
    whole, found, split = reference.partition(word)
    return (whole.strip(), split.strip()) if found else (reference, "")


def _circle_faults(
    wholes: Sequence[int],
    parts: Sequence[int],
    whole_ids: Sequence[str | None],
    at: Mapping[str, int],
    ids: Sequence[str],
    rows: Sequence[int],
    name: str,
    faults: FaultList,
) -> None:
    above: dict[int, list[int]] = {}
    for whole, part in zip(wholes, parts, strict=True):
        above.setdefault(part, []).append(whole)
    under: dict[int, list[int]] = {
        position: [at[text]]
        for position, text in enumerate(whole_ids)
        if text is not None and text in at
    }
    for column, links in (("part_of", above), ("whole", under)):
        for circle in find_circles(links):
            names = [ids[member] for member in circle]
            faults.add(
                kind="circular-part",
                file=name,
                row=rows[circle[0]],
                column=column,
                found=" → ".join([*names, names[0]]),
                expected="parts that lead to a whole",
                remedy="Remove one of these links: nothing is a part of itself.",
            )


def find_circles(wholes: Mapping[Thing, Sequence[Thing]]) -> list[tuple[Thing, ...]]:
    """Find things that are, in the end, parts of themselves.

    Parameters
    ----------
    wholes : mapping
        For each thing, what it is a part of.

    Returns
    -------
    list of tuple
        Each circle once, starting with its member that comes first in `wholes`.

    Examples
    --------
    >>> find_circles({"a": ["b"], "b": ["c"], "c": ["b"]})
    [('b', 'c')]
    """
    # only a whole that is a part itself can stand in a circle
    inner = {whole for above in wholes.values() for whole in above if whole in wholes}
    wholes = {thing: [w for w in wholes[thing] if w in inner] for thing in wholes if thing in inner}
    order = {thing: at for at, thing in enumerate(wholes)}
    circles: dict[tuple[Thing, ...], None] = {}
    done: set[Thing] = set()
    for start in wholes:
        path: list[Thing] = []
        place: dict[Thing, int] = {}
        stack: list[tuple[Thing, bool]] = [(start, True)]
        while stack:
            thing, is_entered = stack.pop()
            if not is_entered:
                done.add(path.pop())
                del place[thing]
            elif thing in place:
                circle = path[place[thing] :]
                first = min(range(len(circle)), key=lambda at: order[circle[at]])
                circles[(*circle[first:], *circle[:first])] = None
            elif thing not in done:
                place[thing] = len(path)
                path.append(thing)
                stack.append((thing, False))
                stack += [(whole, True) for whole in wholes.get(thing, ())]
    return list(circles)


def check_links(
    claims: Sequence[Claim],
    relations: Relations,
    wholes: np.ndarray,
    rows: Sequence[int],
    name: str,
    faults: FaultList,
) -> None:
    """Find links of rows with a kind that lead to a claim of another kind, or are missing."""
    kinds = {claim.at: claim for claim in claims if claim.is_alone}
    found: dict[tuple[int, str], list[int]] = {}
    for split in range(len(relations.parts)):
        for part in relations.parts.parts_of(split):
            found.setdefault((part, "part_of"), []).append(int(relations.parts.whole[split]))
    for split in range(len(relations.within)):
        for part in relations.within.parts_of(split):
            found.setdefault((part, "within"), []).append(int(relations.within.whole[split]))
    for one, other in relations.same:
        found.setdefault((other, "same_as"), []).append(one)
    for count, lists in relations.lists.items():
        for members in lists.values():
            for member in members:
                found.setdefault((member, "lists"), []).append(count)
    for row, others in relations.beside.items():
        found.setdefault((row, "beside"), []).extend(others)
    for row in np.flatnonzero(wholes >= 0).tolist():
        found.setdefault((row, "whole"), []).append(int(wholes[row]))
    for (row, column), others in found.items():
        for other in others:
            if row in kinds and other in kinds:
                _check_kind(kinds[row], kinds[other], column, name, faults)
    for claim in kinds.values():
        for rule in claim.rule.split():
            for column, least in NEEDED.get(rule, {}).items():
                here = found.get((claim.at, column), [])
                if len(here) != least:
                    faults.add(
                        kind="missing-link",
                        file=name,
                        row=rows[claim.at],
                        column=column,
                        found=f"{len(here)} ids" if here else "an empty cell",
                        expected=f"{least} id{'s' * (least > 1)}, for the rule {rule}",
                        remedy="Name the claims that it is held against.",
                    )


def _check_kind(claim: Claim, other: Claim, column: str, name: str, faults: FaultList) -> None:
    wanted: tuple[str, ...] | None = TARGETS.get(column)
    if column == "whole":
        wanted = ("range",) if claim.kind == "range" else ("count",)
    elif column == "beside":
        rule = next((rule for rule in claim.rule.split() if rule in BESIDE_OF_RULE), "")
        wanted = BESIDE_OF_RULE[rule] if rule else BESIDE.get(claim.kind)
    elif column == "same_as":
        wanted = (claim.kind,)
    if wanted and other.kind not in wanted:
        place: dict[str, Any] = {"file": name, "row": claim.row, "column": column}
        faults.add(
            kind="wrong-kind-of-claim",
            found=f'"{other.id}", whose kind is {other.kind}',
            expected=f"a claim whose kind is {' or '.join(wanted)}",
            remedy="Correct the id or the kind.",
            **place,
        )
