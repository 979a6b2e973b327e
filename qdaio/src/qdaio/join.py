"""Parts of one project that several files hold, joined by identifier.

Tables have no identifiers: a code is its path and a document its group and name, and not
every table shows all of either. Codes are held against the code system where the export has
one. A list of highlights or a report beside the project that it was made from would count
everything twice: what both state alike is counted once, from the database, which knows more.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from qdaio.codes import tree_order
from qdaio.counts import reconcile
from qdaio.faults import Fault, FaultList, StudyError
from qdaio.labels import did_you_mean, nearest
from qdaio.model import CodedProject, ExportInfo, empty_frame, make_frame

__all__ = [
    "Statements",
    "align_codes",
    "align_documents",
    "check_codes",
    "combine",
    "mark_repeats",
    "stack_frames",
    "statement",
    "states_code_system",
]


KEYS = {"documents": "document_id", "codes": "code_id", "coders": "coder_id", "cases": "case_id"}


def combine(parts: Sequence[CodedProject]) -> CodedProject:
    """Join parts into one project, and hold it against the counts that it reports.

    Documents, codes, coders and cases are joined by identifier; of each attribute the
    first value that is there wins. Codings are put one after another in the order of the
    parts, and those that repeat an earlier one are marked. Codes are put in tree order. Nothing
    is dropped.

    Parameters
    ----------
    parts : sequence of CodedProject
        At least one.

    Returns
    -------
    CodedProject
        Checked (`CodedProject.check`); counts that disagree are among its warnings.

    Raises
    ------
    StudyError
        When a code is not in the code system that another part states, or a part is not
        consistent in itself.
    """
    if not parts:
        raise ValueError("there is nothing to combine")
    parts = align_codes(align_documents(parts))
    check_codes(parts)
    # a code system comes first: it has the order and the descriptions
    systems = sorted(parts, key=lambda part: not states_code_system(part))
    segments, codings = _numbered(parts)
    project = CodedProject(
        info=_info(parts),
        documents=_union(parts, "documents"),
        codes=tree_order(_union(systems, "codes")),
        coders=_union(parts, "coders"),
        segments=segments,
        codings=codings,
        cases=_union(parts, "cases"),
        case_documents=_stack(parts, "case_documents").drop_duplicates(ignore_index=True),
        attributes=_stack(parts, "attributes"),
        matrix_cells=_stack(parts, "matrix_cells"),
        rows_read=sum(part.rows_read for part in parts),
        set_aside=tuple(item for part in parts for item in part.set_aside),
        warnings=tuple(dict.fromkeys(said for part in parts for said in part.warnings)),
    )
    project.check()
    return reconcile(mark_repeats(project))


def _info(parts: Sequence[CodedProject]) -> ExportInfo:
    main = max(parts, key=lambda part: part.rows_read).info
    infos = [part.info for part in parts]
    return ExportInfo(
        format=main.format,
        software=main.software,
        version=main.version or _first(info.version for info in infos),
        language=main.language or _first(info.language for info in infos),
        files=tuple(item for info in infos for item in info.files),
        is_partial=any(info.is_partial for info in infos),
    )


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value is not None), None)


def _stack(parts: Sequence[CodedProject], name: str) -> pd.DataFrame:
    """Put one frame of all parts underneath each other."""
    frames = stack_frames(parts, name)
    if len(frames) < 2:
        return frames[0].reset_index(drop=True) if frames else empty_frame(name)
    return make_frame(name, pd.concat(frames, ignore_index=True))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, "str"))


def _union(parts: Sequence[CodedProject], name: str) -> pd.DataFrame:
    """Join the rows of one identifier; the first value that is there wins."""
    stacked = _stack(parts, name)
    key = KEYS[name]
    if not stacked[key].duplicated().any():
        return stacked
    plain = _plain(stacked)
    joined = plain.groupby(key, sort=False, dropna=False).first().reset_index()
    return make_frame(name, joined[list(stacked.columns)])


def _numbered(parts: Sequence[CodedProject]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stack segments and codings; where several parts have some, tell their ids apart."""
    if sum(len(part.segments) > 0 for part in parts) < 2:
        return _stack(parts, "segments"), _stack(parts, "codings")
    renamed = []
    for number, part in enumerate(parts, start=1):
        mark = f"{number}-"
        segments = part.segments.assign(segment_id=mark + part.segments["segment_id"])
        codings = part.codings.assign(
            coding_id=mark + part.codings["coding_id"],
            segment_id=mark + part.codings["segment_id"],
        )
        renamed.append(part.with_(segments=segments, codings=codings))
    return _stack(renamed, "segments"), _stack(renamed, "codings")


SHOWN = 3


def states_code_system(part: CodedProject) -> bool:
    """Say whether a part is a list of codes that claims to be whole."""
    return len(part.codes) > 0 and part.rows_read == 0 and part.matrix_cells.empty


def check_codes(parts: Sequence[CodedProject]) -> None:
    """Check that every code that was applied is in the code system, where there is one.

    Raises
    ------
    StudyError
        With one fault for each unknown code: where it is used first and how often, and
        the nearest code of the system; with one alone where no code is known.
    """
    systems = [part.codes for part in parts if states_code_system(part)]
    if not systems:
        return
    system = pd.concat(systems).drop_duplicates("code_id")
    known = dict(zip(system["code_id"], map(_shown, system["path"]), strict=True))
    lists = [item.name for part in parts if states_code_system(part) for item in part.info.files]
    faults = FaultList()
    met: dict[str, str] = {}
    for part in parts:
        applied = set(part.codings["code_id"].astype("str").unique())
        said = zip(
            part.codes["code_id"].astype("str"), map(_shown, part.codes["path"]), strict=True
        )
        met |= {code: path for code, path in said if code in applied}
    if len(met) > 2 and not set(met) & set(known):
        labels = [f'"{name}"' for name in met.values()]
        raise StudyError(
            Fault(
                kind="unknown-code",
                file=lists[0] if len(lists) == 1 else None,
                found=f"none of the {len(met):,} codes that were applied: {', '.join(labels[:5])}"
                + (" …" if len(labels) > 5 else ""),
                expected="the code system of the same project",
                remedy=f"Leave {' and '.join(lists)} out, or export code system and codings anew "
                "at one time.",
            )
        )
    for part in parts:
        used = part.codings[~part.codings["code_id"].astype("str").isin(known)]
        names = dict(zip(part.codes["code_id"], map(_shown, part.codes["path"]), strict=True))
        for code, rows in used.groupby(used["code_id"].astype("str"), sort=False):
            label = names[str(code)]
            first = rows.iloc[0]
            near = nearest(label, known.values())
            faults.add(
                kind="unknown-code",
                file=str(first["source_file"]),
                sheet=None if pd.isna(first["source_sheet"]) else str(first["source_sheet"]),
                row=int(first["source_row"]),
                found=f'code "{label}"' + (f", in {len(rows)} rows" if len(rows) > 1 else ""),
                expected=f"a code of the code system ({', '.join(lists)})",
                remedy=did_you_mean(
                    near, "Correct the code, or export code system and codings anew at one time."
                ),
            )
    faults.raise_if_any()


def _shown(path: Iterable[str]) -> str:
    return " > ".join(path)


DOCUMENT_COLUMNS = (
    ("documents", "document_id"),
    ("segments", "document_id"),
    ("case_documents", "document_id"),
    ("attributes", "entity_id"),
    ("matrix_cells", "entity_id"),
)
CODE_COLUMNS = (
    ("codes", "code_id"),
    ("codes", "parent_id"),
    ("codings", "code_id"),
    ("matrix_cells", "code_id"),
    ("attributes", "entity_id"),
    ("matrix_cells", "entity_id"),
)


def align_documents(parts: Sequence[CodedProject]) -> list[CodedProject]:
    """Recognise a document again in a table that leaves its group out.

    The name alone means the only document of that name, where there is but one. A label of a
    matrix that names no document, but a group that another part knows, is that group.
    """
    known = pd.concat([part.documents for part in parts]).drop_duplicates("document_id")
    grouped = known[known["group"].notna()]
    alone = grouped[~grouped["name"].duplicated(keep=False)]
    full = pd.Series(alone["document_id"].to_numpy(), index=alone["name"])
    aligned = []
    for part in parts:
        bare = part.documents[
            part.documents["group"].isna()
            & (part.documents["document_id"] == part.documents["name"])
            & part.documents["name"].isin(full.index)
        ]
        new = dict(zip(bare["document_id"], full.reindex(bare["name"]), strict=True))
        taken = set(part.documents["document_id"])
        new = {old: target for old, target in new.items() if target not in taken}
        unclear = _unclear(part, grouped)
        part = part.with_(warnings=(*part.warnings, *unclear)) if unclear else part
        aligned.append(_renamed(part, new, DOCUMENT_COLUMNS, "document") if new else part)
    return [_with_groups(part, aligned) for part in aligned]


def _unclear(part: CodedProject, grouped: pd.DataFrame) -> list[str]:
    """Warn of names without a group that documents of several groups have."""
    names = part.documents.loc[part.documents["group"].isna(), "name"]
    counts = grouped["name"].value_counts()
    several = [name for name in names if counts.get(name, 0) > 1]
    if not several:
        return []
    files = ", ".join(item.name for item in part.info.files)
    shown = ", ".join(f'"{name}"' for name in several[:5])
    return [
        f"{files}: {len(several)} documents have the name of documents in several groups "
        f"({shown}) and are taken for others; export the table with the column of groups."
    ]


def align_codes(parts: Sequence[CodedProject]) -> list[CodedProject]:
    """Give codes the identity that the code system gives them, where there is one.

    A code whose printed path is that of one code of the system is that code, though its
    names hold the sign that separates levels. The labels of a matrix may be last names
    only: one that a single code has means it.
    """
    systems = [part.codes for part in parts if states_code_system(part)]
    if not systems:
        return list(parts)
    system = pd.concat(systems).drop_duplicates("code_id")
    by_path: dict[str, list[str]] = {}
    for code, path in zip(system["code_id"], system["path"], strict=True):
        by_path.setdefault(_printed(path), []).append(code)
    by_name = _only(system["name"])
    names = dict(zip(system["name"], system["code_id"], strict=True))
    known = set(system["code_id"])
    aligned = []
    for part in parts:
        if part.rows_read and (alike := _printed_alike(part, by_path)):
            part = part.with_(warnings=(*part.warnings, alike))
        unknown = part.codes[~part.codes["code_id"].isin(known)]
        if unknown.empty:
            aligned.append(part)
            continue
        only_counts = part.info.software == "MAXQDA" and not part.rows_read
        new = {}
        for code, path in zip(unknown["code_id"], unknown["path"], strict=True):
            found = by_path.get(_printed(path), [])
            if len(found) == 1:
                new[code] = found[0]
            elif only_counts and len(path) == 1 and path[0] in by_name:
                new[code] = names[path[0]]
        aligned.append(_without_unused(_renamed(part, new, CODE_COLUMNS, "code"), known, new))
    return aligned


def _printed_alike(part: CodedProject, by_path: Mapping[str, Sequence[str]]) -> str | None:
    """Warn of codes that were applied and print as another code of the system does."""
    used = set(part.codings["code_id"].astype("str"))
    alike = [
        f'"{printed}" ({int(part.codings["code_id"].isin(codes).sum())} codings)'
        for printed, codes in by_path.items()
        if len(codes) > 1 and not used.isdisjoint(codes) and part.info.software == "MAXQDA"
    ]
    if not alike:
        return None
    more = f" and {len(alike) - SHOWN} more" if len(alike) > SHOWN else ""
    files = ", ".join(item.name for item in part.info.files)
    return (
        f"{files}: {len(alike)} code paths are printed alike for two codes, as names hold the sign "
        f"that parts levels: {', '.join(alike[:SHOWN])}{more}. Each is taken for the deeper code; "
        "rename one of the two in MAXQDA."
    )


def _printed(path: Sequence[str]) -> str:
    r"""Print a path with one sign for whatever parts levels, " > " or "\\", and stands in names."""
    return " > ".join(part.strip() for part in " > ".join(path).replace("\\", " > ").split(" > "))


def stack_frames(parts: Sequence[CodedProject], name: str) -> list[pd.DataFrame]:
    """Return one frame of the parts that have rows in it; of several, without categories."""
    frames = [frame for part in parts if len(frame := part.frames()[name])]
    if len(frames) < 2:
        return frames
    return [
        frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, "str"))
        for frame in frames
    ]


def _only(labels: object) -> set[str]:
    """Return the labels that stand once."""
    counts = pd.Series(list(labels), dtype="str").value_counts()  # type: ignore[call-overload]
    return set(counts.index[counts == 1])


def _renamed(
    part: CodedProject,
    new: Mapping[str, str],
    columns: Sequence[tuple[str, str]],
    entity: str,
) -> CodedProject:
    """Replace identifiers wherever they stand."""
    if not new:
        return part
    for name, column in columns:
        frame = part.frames()[name]
        if frame.empty:
            continue
        values = frame[column].astype("str").replace(dict(new))
        if column == "entity_id":
            values = values.where(frame["entity"].astype("str") == entity, frame[column])
        kind = "category" if frame[column].dtype == "category" else "str"
        part = part.with_(**{name: frame.assign(**{column: values.astype(kind)})})  # type: ignore[call-overload]
    if entity == "code":
        part = part.with_(codes=part.codes.drop_duplicates("code_id", ignore_index=True))
    return part


def _without_unused(part: CodedProject, known: set[str], new: Mapping[str, str]) -> CodedProject:
    """Drop codes that only the former spelling of a path made, such as its parents.

    Of a code that was given its identity the code system says the rest.
    """
    needed = set(part.codings["code_id"].astype("str")) | set(part.matrix_cells["code_id"])
    parents = dict(zip(part.codes["code_id"], part.codes["parent_id"], strict=True))
    for code in needed - known:
        above = parents.get(code)
        while isinstance(above, str) and above not in needed:
            needed.add(above)
            above = parents.get(above)
    kept = part.codes["code_id"].isin(needed | known) & ~part.codes["code_id"].isin(new.values())
    return part.with_(codes=part.codes[kept].reset_index(drop=True))


def _with_groups(part: CodedProject, parts: Sequence[CodedProject]) -> CodedProject:
    cells = part.matrix_cells
    if cells.empty or part.rows_read:
        return part
    others = [other for other in parts if other is not part and len(other.documents)]
    if not others:
        return part
    documents = pd.concat([other.documents for other in others])
    groups = set(documents["group"].dropna()) - set(documents["document_id"])
    is_group = (cells["entity"].astype("str") == "document") & cells["entity_id"].isin(groups)
    if not is_group.any():
        return part
    entity = cells["entity"].astype("str").mask(is_group, "group").astype("category")
    kept = part.documents[~part.documents["document_id"].isin(cells.loc[is_group, "entity_id"])]
    documents = kept.reset_index(drop=True) if len(kept) else empty_frame("documents")
    return part.with_(matrix_cells=cells.assign(entity=entity), documents=documents)


PLACE = ["start", "end", "place", "text"]
LONG = ["place", "text"]
TELLING = 20  # letters of a text that hardly stands twice in one paragraph


def mark_repeats(project: CodedProject) -> CodedProject:
    """Mark codings that repeat an earlier one, and warn where a second file repeats them.

    Two codings are the same when document, code, coder, position and text are. A table
    that holds neither position nor text cannot show a repetition: two codings of one code
    in a document are then no mistake. Nor is a short text that stands twice where positions
    are paragraphs, or are not told: a word can come several times in a paragraph. In a second
    file it repeats the first one's as often as it stands there.
    """
    codings = project.codings
    if codings.empty:
        return project
    what = _rows_alike(project)
    placed = what[PLACE].notna().any(axis=1)
    # long texts are compared only where all else is the same, their lengths too
    sizes = pc.fill_null(pc.binary_length(pa.array(what["text"], pa.large_string())), -1)
    alike = (
        what.drop(columns=[*LONG, "unit"]).assign(size=sizes.to_numpy()).duplicated(keep=False)
        & placed
    )
    candidates = what[alike]
    files = codings["source_file"].astype("category")
    nth = _times_before(candidates, files[candidates.index])
    candidates = candidates.drop(columns="unit").assign(nth=nth)
    repeated = pd.Series(False, index=what.index)
    repeated[candidates.index[candidates.duplicated()]] = True
    codings = codings.assign(is_repeat=repeated | codings["is_repeat"])
    warnings = []
    if repeated.any() and files.nunique() > 1:
        candidates = candidates.assign(source_file=files[candidates.index])
        inside = candidates.index[candidates.duplicated()]
        across = repeated & ~repeated.index.isin(inside)
        for file, count in files[across].value_counts(sort=False).items():
            if count:
                warnings.append(
                    f"{count} codings of {file} stand in a file before it as well; all are "
                    "counted. If one file is a part of the other, leave it out."
                )
    new = [warning for warning in warnings if warning not in project.warnings]
    return project.with_(codings=codings, warnings=(*project.warnings, *new))


def _times_before(candidates: pd.DataFrame, files: pd.Series) -> pd.Series:
    """Count how often each short text with a vague position stood before it in its file."""
    is_vague = candidates["place"].isna() & (
        candidates["start"].isna() | (candidates["unit"] == "paragraph")
    )
    short = candidates[is_vague & ~(candidates["text"].str.len() >= TELLING).fillna(False)]
    nth = pd.Series(0, index=candidates.index)
    keys = short.drop(columns="unit").assign(file=files[short.index].cat.codes)
    nth[short.index] = keys.groupby(list(keys.columns), dropna=False).cumcount()
    return nth


def _rows_alike(project: CodedProject) -> pd.DataFrame:
    """Return what each coding says; labels as numbers, which compare faster."""
    codings = project.codings
    segments = project.segments
    columns = segments[["document_id", "unit", *PLACE]]
    if not segments["segment_id"].equals(codings["segment_id"]):
        at = pd.Index(segments["segment_id"]).get_indexer(codings["segment_id"])
        columns = columns.iloc[at].reset_index(drop=True)
    if codings["case_id"].notna().any():  # two people may say the same
        columns = columns.assign(case_id=pd.factorize(codings["case_id"])[0])
    return columns.assign(
        document_id=columns["document_id"].cat.codes,
        code_id=codings["code_id"].cat.codes.array,
        coder_id=codings["coder_id"].cat.codes.array,
    )


Statement = tuple[str, str, str | None, str]


def statement(document: str, code: str, coder: str | None, text: str | None) -> Statement:
    """Return what a coding says, in the form in which two files are compared.

    Spaces and the composition of letters do not count in the text.
    """
    bare = unicodedata.normalize("NFC", "".join((text or "").split()))
    return document, code, coder, bare


class Statements:
    """The codings of a database, each of which can be found once.

    Parameters
    ----------
    parts : sequence of CodedProject
        Those read from databases; the first has the name.
    with_coders : bool
        Whether the table says who coded.
    """

    def __init__(self, parts: Sequence[CodedProject], *, with_coders: bool) -> None:
        self.name = ", ".join(item.name for part in parts for item in part.info.files)
        self._left = Counter(
            item for part in parts for item in _statements(part, with_coders=with_coders)
        )

    def take(self, stated: Statement) -> bool:
        """Say whether the database holds this coding too; each of its codings counts once."""
        if not self._left[stated]:
            return False
        self._left[stated] -= 1
        return True


def _statements(part: CodedProject, *, with_coders: bool) -> Iterable[Statement]:
    segments = part.segments.set_index("segment_id").loc[part.codings["segment_id"]]
    names = part.documents.set_index("document_id")["name"]
    leaves = dict(zip(part.codes["code_id"], part.codes["name"], strict=True))
    columns: list[pd.Series] = [
        segments["document_id"].astype("str").map(names),
        part.codings["code_id"].astype("str").map(leaves),
        part.codings["coder_id"].astype("str"),
        segments["text"],
    ]
    for document, code, coder, text in zip(*(column.tolist() for column in columns), strict=True):
        yield statement(
            document,
            code,
            coder if with_coders and isinstance(coder, str) else None,
            text if isinstance(text, str) else None,
        )
