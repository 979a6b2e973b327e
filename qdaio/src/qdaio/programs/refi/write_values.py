"""Users, variables, cases and document groups."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from qdaio.labels import unique
from qdaio.model import CodedProject
from qdaio.programs.refi.guids import guid_of
from qdaio.programs.refi.markup import Markup

__all__ = ["Values", "sets_markup", "users_markup"]

WHOLE = re.compile(r"-?(0|[1-9]\d*)")
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _is_date(value: str) -> bool:
    try:
        return bool(DAY.fullmatch(value) and datetime.date.fromisoformat(value))
    except ValueError:
        return False


# the first type that all values of a variable have; each keeps its spelling
TYPES: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("Integer", WHOLE.fullmatch),
    ("Float", DECIMAL.fullmatch),
    ("Date", _is_date),
)


def users_markup(coders: pd.DataFrame, markup: Markup) -> Iterator[str]:
    """Write ``<Users>``; the identifier of a coder is the ``id`` of a user."""
    if coders.empty:
        return
    yield "<Users>\n"
    for identifier, name in zip(coders["coder_id"], coders["name"], strict=True):
        values = {"guid": guid_of("user", identifier), "name": name, "id": identifier}
        yield f"<User{markup.attributes(values)}/>\n"
    yield "</Users>\n"


def sets_markup(documents: pd.DataFrame, markup: Markup) -> Iterator[str]:
    """Write each document group as a set of its documents."""
    grouped = documents[documents["group"].notna()]
    if grouped.empty:
        return
    yield "<Sets>\n"
    for group, members in grouped.groupby("group", sort=False)["document_id"]:
        values = {"guid": guid_of("group", str(group)), "name": str(group)}
        yield f"<Set{markup.attributes(values)}>"
        for identifier in members:
            yield f'<MemberSource targetGUID="{guid_of("document", identifier)}"/>'
        yield "</Set>\n"
    yield "</Sets>\n"


class Values:
    """The attributes of documents and cases as values of variables.

    Parameters
    ----------
    project : CodedProject
    markup : Markup
    """

    def __init__(self, project: CodedProject, markup: Markup) -> None:
        self._project, self._markup = project, markup
        frame = project.attributes
        self._types: dict[str, str] = {}
        for name, values in frame.groupby("name", sort=False)["value"]:
            self._types[str(name)] = _type_of(values.dropna())
        self._values: dict[tuple[str, str], list[str]] = defaultdict(list)
        rows = zip(frame["entity"], frame["entity_id"], frame["name"], frame["value"], strict=True)
        for entity, identifier, name, value in rows:
            stated = value if isinstance(value, str) else None
            self._values[str(entity), identifier].append(self._value(name, stated))

    def of(self, entity: str, identifier: str) -> str:
        """Return the values of a document or a case."""
        return "".join(self._values.get((entity, identifier), ()))

    def variables(self) -> Iterator[str]:
        """Write ``<Variables>``."""
        if not self._types:
            return
        yield "<Variables>\n"
        for name, kind in self._types.items():
            values = {"guid": guid_of("variable", name), "name": name, "typeOfVariable": kind}
            yield f"<Variable{self._markup.attributes(values)}/>\n"
        yield "</Variables>\n"

    def cases(self) -> Iterator[str]:
        """Write ``<Cases>`` with their values and documents."""
        project = self._project
        if project.cases.empty:
            return
        pairs = project.case_documents.groupby("case_id", sort=False)["document_id"]
        documents: dict[str, Iterable[str]] = {str(case): ids for case, ids in pairs}
        yield "<Cases>\n"
        for identifier, name in zip(project.cases["case_id"], project.cases["name"], strict=True):
            values = {"guid": guid_of("case", identifier), "name": name}
            yield f"<Case{self._markup.attributes(values)}>{self.of('case', identifier)}"
            for document in documents.get(identifier, ()):
                yield f'<SourceRef targetGUID="{guid_of("document", document)}"/>'
            yield "</Case>\n"
        yield "</Cases>\n"

    def losses(self) -> list[str]:
        """Say what of cases and attributes REFI-QDA has no place for."""
        project, said = self._project, []
        known = {("document", it) for it in project.documents["document_id"]}
        known |= {("case", it) for it in project.cases["case_id"]}
        lost = sum(len(values) for key, values in self._values.items() if key not in known)
        if lost:
            said.append(f"{lost} attributes of documents or cases that are not there are left out.")
        told = pd.Series(unique(project.cases["name"].tolist()), dtype="str")
        if renamed := int((project.cases["case_id"] != told).sum()):
            said.append(f"{renamed} cases are known by their names instead of their identifiers.")
        return said

    def _value(self, name: str, value: str | None) -> str:
        element = self._markup.element(f"{self._types[name]}Value", value)
        reference = f'<VariableRef targetGUID="{guid_of("variable", name)}"/>'
        return f"<VariableValue>{reference}{element}</VariableValue>"


def _type_of(values: pd.Series) -> str:
    if len(values):
        for name, fits in TYPES:
            if all(fits(value) for value in values):
                return name
    return "Text"
