"""Cases and the values of variables, of cases and of documents."""

from __future__ import annotations

import pandas as pd

from qdaio.labels import unique
from qdaio.model import make_frame
from qdaio.programs.refi.documents import Documents
from qdaio.programs.refi.guids import normalised
from qdaio.programs.refi.part import Part

__all__ = ["read_cases"]

SET = "Set: "


def read_cases(part: Part, documents: Documents) -> dict[str, pd.DataFrame]:
    """Build the frames ``cases``, ``case_documents`` and ``attributes``.

    A case without a name that refers to documents is but the carrier of their variables
    (MAXQDA), so its values become attributes of those documents.
    """
    out = part.out
    ids = documents.frame["document_id"].tolist()
    sources: dict[int, list[int]] = {}
    unknown = 0
    for case, guid in out.case_sources:
        row = documents.rows.get(normalised(guid))
        unknown += row is None
        if row is not None and row not in sources.setdefault(case, []):
            sources[case].append(row)
    carriers = {row for row, (_, name, _) in enumerate(out.cases) if not name and row in sources}
    people = [row for row in range(len(out.cases)) if row not in carriers]
    names = [out.cases[row][1] or normalised(out.cases[row][0] or "") or "?" for row in people]
    labels = dict(zip(people, unique(names), strict=True))
    values: list[tuple[str, str, str, str | None, int | None]] = []
    variables = {normalised(guid): name for guid, name in out.variables.items()}

    def add(entity: str, identifier: str, variable: str, value: str | None, line: int) -> None:
        guid = normalised(variable)
        values.append((entity, identifier, variables.get(guid, guid), value, line))

    for source, variable, value, line in out.source_values:
        add("document", ids[source], variable, value, line)
    for case, variable, value, line in out.case_values:
        if case in carriers:
            for row in sources[case]:
                add("document", ids[row], variable, value, line)
        else:
            add("case", labels[case], variable, value, line)
    for row, name in documents.sets:
        values.append(("document", ids[row], SET + name, "yes", None))
    _warn(part, unknown)
    pairs = [(labels[case], ids[row]) for case in people for row in sources.get(case, ())]
    attributes = pd.DataFrame(
        values, columns=["entity", "entity_id", "name", "value", "source_row"]
    )
    return {
        "cases": make_frame("cases", {"case_id": list(labels.values()), "name": names}),
        "case_documents": make_frame(
            "case_documents", pd.DataFrame(pairs, columns=["case_id", "document_id"])
        ),
        "attributes": make_frame("attributes", attributes),
    }


def _warn(part: Part, unknown: int) -> None:
    out = part.out
    if unknown:
        part.warnings.append(f"Cases refer to {unknown} documents that the file does not hold.")
    if out.case_selections:
        part.warnings.append(
            f"Cases refer to {out.case_selections} segments; only whole documents are joined with "
            "cases here."
        )
    for number, count in out.set_codes.items():
        part.aside("code set", f'"{out.sets[number]}" joins {count} codes and codes nothing')
