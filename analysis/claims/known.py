"""The facts of a study, made ready to look labels and participants up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.claims.facts import Facts
from analysis.claims.wording import loose, nearest, plain

__all__ = ["Known", "Names"]


class Names:
    """Labels to look up by what they say."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self._plain = {plain(label): label for label in reversed(self.labels)}
        self._loose = {loose(label): label for label in reversed(self.labels)}

    def find(self, label: str) -> str | None:
        """Return the label that is the same, or the same but for spaces and hyphens."""
        return self._plain.get(plain(label)) or self._loose.get(loose(label))

    def near(self, label: str) -> str | None:
        """Return the label that is most like it, if any is."""
        return nearest(label, self.labels)


@dataclass(frozen=True)
class Known:
    """A study's facts with their indexes; made once and used for many audits.

    Attributes
    ----------
    facts : Facts
    names : dict of str to Names
        By the word that a ledger uses: ``labels.1``, ``groups``, ``dimensions``.
    every : Names
        The labels of all levels.
    quoted, coded : set of (str, str)
        As in the facts, with plain labels.
    guidance : dict of str to str
        By dimension, its title in the framework's own contents.
    """

    facts: Facts
    names: dict[str, Names]
    every: Names
    quoted: set[tuple[str, str]]
    coded: set[tuple[str, str]]
    guidance: dict[str, str]

    @classmethod
    def of(cls, facts: Facts) -> Known:
        """Index the facts of a study."""
        names = {f"labels.{level}": Names(labels) for level, labels in facts.labels.items()}
        names["groups"] = Names(facts.groups)
        names["dimensions"] = Names(facts.dimensions)
        own = facts.guidance.reindex(columns=["title", "dimension"]).dropna()
        return cls(
            facts=facts,
            names=names,
            every=Names([label for labels in facts.labels.values() for label in labels]),
            quoted={(plain(label), case) for label, case in facts.quoted},
            coded={(plain(label), case) for label, case in facts.coded},
            guidance=dict(zip(own["dimension"].astype(str), own["title"].astype(str), strict=True)),
        )
