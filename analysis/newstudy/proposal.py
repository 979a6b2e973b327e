"""What exports say about a study: its participants, groups, variables, levels and coders.

Everything here is a proposal with its evidence. What an export states (its coders, the depth
of its code system) is taken; what is only likely (which variable names the participant, how a
variable is to be read) is taken too, so that a build works at once, and listed as a guess with
the place where it can be changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import pandas as pd

from analysis.preparation.coders import name_coders
from analysis.preparation.codesystem import codes_of_study
from analysis.settings import Hierarchy
from qdaio.faults import FaultList
from qdaio.model import CodedProject

__all__ = [
    "AttributeTable",
    "Guess",
    "PeopleProposal",
    "Proposal",
    "VariableProposal",
    "be",
    "level_words",
    "listed",
    "propose",
]

# what the column or variable with a participant's id is called, in some languages
ID_WORDS = (
    "participant",
    "participant id",
    "participant no",
    "participants",
    "id",
    "case",
    "case id",
    "respondent",
    "respondent id",
    "interviewee",
    "subject",
    "pseudonym",
    "teilnehmer",
    "teilnehmerin",
    "teilnehmende",
    "befragte",
    "person",
    "participante",
    "entrevistado",
    "participant e",
    "uczestnik",
    "respondent nr",
    "شرکت کننده",
    "کد مشارکت کننده",
    "مشارکت کننده",
)
GROUP_WORDS = (
    "group",
    "stakeholder",
    "stakeholder group",
    "role group",
    "arm",
    "sample",
    "gruppe",
    "grupa",
    "grupo",
    "groupe",
    "گروه",
)
FOLLOW_UP_WORDS = ("follow up", "followup", "repeat interview", "second interview")
YES = ("yes", "y", "1", "true", "ja", "sí", "si", "oui", "tak", "sim", "بله")
DATE_WORDS = ("interview date", "date", "date of interview", "datum", "interviewdatum", "fecha")
DURATION_WORDS = ("duration", "duration min", "minutes", "length min", "dauer", "dauer min")
# what may name or reach a person is never read into a product
PERSONAL = re.compile(
    r"\b(name|first name|last name|surname|e ?mail|phone|telephone|mobile|address|street|"
    r"birth ?date|date of birth|passport|ssn|national id|vorname|nachname|telefon|adresse|"
    r"geburtsdatum|nombre|apellido|telefono|imie|nazwisko|نام|تلفن|آدرس)\b"
)
DOCUMENT_WORDS = (
    (r"\bfocus ?groups?|\bfg ?\d", ("focus group", "focus groups")),
    (r"\binterview|\bint ?\d|\bentrevista|\bwywiad|مصاحبه", ("interview", "interviews")),
    (r"\bfield ?notes?|\bobservation", ("field note", "field notes")),
    (r"\bposts?\b|\btweet", ("post", "posts")),
    (r"\bresponses?\b|\banswers?\b|\bsurvey", ("answer", "answers")),
    (r"\bdiary|\bdiaries", ("diary", "diaries")),
)
# where an id may stand in the name of a document
PLACES_OF_IDS = (
    r"^([^\s_-]+)",
    r"([^\s_-]+)$",
    r"^([^_]+)_",
    r"_([^_]+)_",
    r"_([^_]+)$",
    r"^(\S+)",
)
# codes that mark who speaks; a name alone could be a theme, two such are marks
SPEAKERS = re.compile(
    r"(interviewer(in)?|interviewee|interviewte r?|moderator(in)?|facilitator|participant|"
    r"respondent|informant|speaker|befragte r?|teilnehmer(in)?|entrevistador a?|entrevistado a?|"
    r"participante|moderador a?|sprecher(in)?|s|p|r|b|i|m|sp)( ?\d{1,2})?"
)
# in names of files, where two people coded the same documents
CODER_WORDS = frozenset(
    [
        "coder",
        "rater",
        "primary",
        "secondary",
        "coder1",
        "coder2",
        "rater1",
        "rater2",
        "kodierer",
        "kodiererin",
        "codierer",
        "codificador",
        "codificadora",
        "codeur",
        "codeuse",
        "koder",
    ]
)
MOST_CODERS = 6
MOST = 0.9  # of the documents
MOST_LEVELS = 12  # of a category that a table can print
LONGEST_LEVEL = 60  # letters; what is longer is an answer in words
# numbers even where few people share few of them
AGES = re.compile(r"\b(age|years?|alter|jahre|edad|años|idade|anos|wiek|âge|سن)\b")
MISSING = {"", "-", "–", "n/a", "na", "-9", "not reported", "nan", "none"}
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.")


@dataclass(frozen=True, slots=True)
class Guess:
    """Something that was taken without being stated.

    Attributes
    ----------
    key : str
        Where in ``study.toml`` it can be changed.
    what, why : str
        Sentences without a full stop.
    """

    key: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class AttributeTable:
    """A table with one row per participant.

    Attributes
    ----------
    name : str
        Path of the file in the new study, with ``/``.
    rows : DataFrame of str
    """

    name: str
    rows: pd.DataFrame


@dataclass(frozen=True, slots=True)
class VariableProposal:
    """A demographic variable, and how to summarise it."""

    name: str
    kind: str  # "category", "integer" or "number"
    order: tuple[str, ...] = ()
    missing: bool = False


@dataclass(frozen=True, slots=True)
class PeopleProposal:
    """How documents belong to participants, and what is known of these.

    Attributes
    ----------
    variable, pattern : str or None
        Where the participant is found; both None where the export states cases.
    are_documents : bool
        Whether nothing speaks of people, so that each document stands for itself.
    file, file_id, file_document : str or None
        A table of attributes, its column with the id, and the one with the document in which
        each participant speaks.
    group : str or None
        Variable of the group; None with a `group_order` for document groups.
    follow_up : tuple of str or None
        Variable that marks a repeated interview, and its value.
    """

    variable: str | None = None
    pattern: str | None = None
    are_documents: bool = False
    file: str | None = None
    file_id: str | None = None
    file_document: str | None = None
    group: str | None = None
    group_order: tuple[str, ...] = ()
    follow_up: tuple[str, str] | None = None
    date: str | None = None
    duration: str | None = None
    variables: tuple[VariableProposal, ...] = ()
    omit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A study file in the making.

    Attributes
    ----------
    levels, plurals : tuple of str
        Names of the levels of the code system.
    people : PeopleProposal or None
        None: each document is a case.
    main : str or None
    agreement : tuple of str
    coders : tuple of (str, str)
        Files that name no coder, and whose they are.
    within : str or None
        The code that holds all others.
    omit : tuple of str
        Codes that are no categories.
    document_words : tuple of str
        What a document is called, in the singular and in the plural.
    guesses : tuple of Guess
    """

    levels: tuple[str, ...]
    plurals: tuple[str, ...]
    people: PeopleProposal | None = None
    main: str | None = None
    agreement: tuple[str, ...] = ()
    coders: tuple[tuple[str, str], ...] = ()
    within: str | None = None
    omit: tuple[str, ...] = ()
    document_words: tuple[str, str] = ("document", "documents")
    guesses: tuple[Guess, ...] = field(default=())


def propose(project: CodedProject, table: AttributeTable | None = None) -> Proposal:
    """Propose how a study reads its exports.

    Parameters
    ----------
    project : CodedProject
        As read from all exports.
    table : AttributeTable, optional
        What is known of the participants, in a file of its own.

    Returns
    -------
    Proposal
    """
    guesses: list[Guess] = []
    omit = _speakers_as_codes(project, guesses)
    within = _holder(project, omit, guesses)
    hierarchy = Hierarchy(within=within, omit=list(omit))
    codes = codes_of_study(project, hierarchy, FaultList())
    depth = int(codes["level"].max()) if len(codes) else 1
    levels, plurals = level_words(depth)
    guesses.append(
        Guess(
            "[hierarchy] levels",
            f"the levels of the code system are called {listed(levels)}",
            f"the code system is {depth} deep",
        )
    )
    coders = _coders_of_files(project, guesses)
    main, agreement = _coders(name_coders(project, dict(coders), FaultList()), guesses)
    people = _people(project, table, guesses)
    return Proposal(
        levels=levels,
        plurals=plurals,
        people=people,
        main=main,
        agreement=agreement,
        coders=coders,
        within=within,
        omit=omit,
        document_words=_document_words(project, guesses),
        guesses=tuple(guesses),
    )


def _speakers_as_codes(project: CodedProject, guesses: list[Guess]) -> tuple[str, ...]:
    """Find the codes at the top that mark who speaks, not of what."""
    top = [str(name) for name in project.codes.loc[project.codes["level"] == 1, "name"]]
    found = tuple(name for name in top if SPEAKERS.fullmatch(_plain(name)))
    if len(found) < 2 or len(found) == len(top):
        return ()
    guesses.append(
        Guess(
            "[hierarchy] omit",
            f"codings of {listed(found)} are set aside",
            "these codes say who speaks, not of what",
        )
    )
    return found


def _holder(project: CodedProject, omit: Sequence[str], guesses: list[Guess]) -> str | None:
    """Return the one code at the top that holds all others and has no coding of its own."""
    top = project.codes[project.codes["level"] == 1]
    top = top[~top["name"].isin(omit)]
    if len(top) != 1:
        return None
    root = top["code_id"].iloc[0]
    below = int((project.codes["parent_id"] == root).sum())
    if below < 2 or (project.codings["code_id"].astype("str") == str(root)).any():
        return None
    name = str(top["name"].iloc[0])
    guesses.append(
        Guess(
            "[hierarchy] within",
            f'"{name}" is no category itself: the code system begins below it',
            "it is the only code at the top, and nothing is coded with it",
        )
    )
    return name


def level_words(depth: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return names for the levels of a code system, in the singular and in the plural.

    Examples
    --------
    >>> level_words(3)[1]
    ('Categories', 'Subcategories', 'Codes')
    """
    words = {
        1: ("Code",),
        2: ("Category", "Code"),
        3: ("Category", "Subcategory", "Code"),
        4: ("Theme", "Category", "Subcategory", "Code"),
        5: ("Main theme", "Theme", "Category", "Subcategory", "Code"),
    }
    if depth in words:
        names = words[depth]
    else:
        between = tuple(f"Subcategory of level {level}" for level in range(4, depth))
        names = ("Main theme", "Theme", "Category", *between, "Code")
    return names, tuple(_plural(name) for name in names)


def _plural(word: str) -> str:
    if word.startswith("Subcategory of"):
        return word.replace("Subcategory", "Subcategories", 1)
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _document_words(project: CodedProject, guesses: list[Guess]) -> tuple[str, str]:
    """Take the word that stands in the names of nearly all documents."""
    names = project.documents["name"].astype("str").map(_plain)
    for pattern, words in DOCUMENT_WORDS:
        if len(names) and names.str.contains(pattern).mean() >= MOST:
            guesses.append(
                Guess(
                    "[data] document_words",
                    f"documents are called {words[1]}",
                    "their names say so",
                )
            )
            return words
    return ("document", "documents")


def _coders_of_files(project: CodedProject, guesses: list[Guess]) -> tuple[tuple[str, str], ...]:
    """Find files that are called after coders, where each holds the same documents."""
    codings = project.codings
    files = [str(file) for file in codings["source_file"].dropna().unique()]
    if not 2 <= len(files) <= MOST_CODERS or codings["coder_id"].notna().any():
        return ()
    stems = [re.findall(r"[^\W_]+", PurePosixPath(file).stem) for file in files]
    shared = set.intersection(*(set(map(str.casefold, words)) for words in stems))
    own = [" ".join(word for word in words if word.casefold() not in shared) for words in stems]
    said = [bool(CODER_WORDS & {word.casefold() for word in words}) for words in stems]
    place = project.segments.set_index("segment_id")["document_id"].astype("str")
    held = codings["segment_id"].map(place).groupby(codings["source_file"].astype("str")).agg(set)
    both = set.intersection(*(held[file] for file in files))
    if not all(said) or not all(own) or 2 * len(both) < min(len(held[file]) for file in files):
        return ()
    names = [f"Coder {name}" if len(name) < 3 else name[:1].upper() + name[1:] for name in own]
    guesses.append(
        Guess(
            "[data.coders]",
            "; ".join(f"{PurePosixPath(file).name} holds the codings of {name}"
                      for file, name in zip(files, names, strict=True)),
            "they are called so, and hold codings of the same documents",
        )
    )  # fmt: skip
    return tuple(zip(files, names, strict=True))


def _coders(project: CodedProject, guesses: list[Guess]) -> tuple[str | None, tuple[str, ...]]:
    """Take the coder with most codings as main where others coded the same documents again."""
    names = project.coders.set_index("coder_id")["name"].astype("str")
    coder = project.codings["coder_id"].astype("str").map(names)
    counts = coder.value_counts()
    if len(counts) < 2:
        return None, ()
    documents = project.codings["segment_id"].map(
        project.segments.set_index("segment_id")["document_id"].astype("str")
    )
    held = pd.DataFrame({"coder": coder, "document": documents}).drop_duplicates()
    by_coder = held.groupby("coder")["document"].agg(set)
    ordered = sorted(counts.index, key=lambda name: (-counts[name], name))
    main, others = ordered[0], ordered[1:]
    if all(by_coder[name] <= by_coder[main] for name in others):
        guesses.append(
            Guess(
                "[coders]",
                f"{main} is the main coder, whose codings are counted; those of "
                f"{listed(others)} are kept to measure agreement",
                f"{main} has most codings, and every document of the others is among theirs",
            )
        )
        return main, tuple(others)
    guesses.append(
        Guess(
            "[coders]",
            f"the codings of {listed(ordered)} are all counted",
            "each coded documents that another did not",
        )
    )
    return None, ()


def _people(
    project: CodedProject, table: AttributeTable | None, guesses: list[Guess]
) -> PeopleProposal | None:
    stated = _document_table(project)
    groups = _document_groups(project)
    people = _found_by(project, stated, table, guesses)
    if people is None and not groups:
        return None
    if people is None:
        numbered = _are_numbered(project.documents["name"])
        people = PeopleProposal(pattern=r"^(.+)$", are_documents=not numbered)
        what, why = "each document is one participant", "nothing says which of them belong together"
        if not numbered:
            what, why = "each document stands for itself", "nothing says whose they are"
        guesses.append(
            Guess("[participants] pattern", what, f"the documents stand in groups, and {why}")
        )
    columns = stated
    if table is not None and people.file:
        used = [people.file_id or "", people.file_document or ""]
        columns = table.rows.drop(columns=used, errors="ignore")
    people = _with_variables(people, columns, guesses)
    if table is not None and people.file:
        people = _with_interviews(people, stated)
    if not people.group and groups:
        guesses.append(
            Guess(
                "[participants] group_order",
                f"the groups are those of the documents: {listed(groups)}",
                "the export files its documents in these groups",
            )
        )
        people = replace(people, group_order=tuple(groups))
    return people


def _are_numbered(names: pd.Series) -> bool:
    """Whether documents are called as people are in a study: "T1", "Interview 3"."""
    return bool(names.astype("str").str.contains(r"\d").all())


def _document_table(project: CodedProject) -> pd.DataFrame:
    """Return one row per document with its variables as the export states them."""
    rows = project.attributes
    rows = rows[rows["entity"].astype("str") == "document"]
    wide = (
        rows.dropna(subset="value")
        .drop_duplicates(["entity_id", "name"])
        .pivot(index="entity_id", columns="name", values="value")
    )
    order = list(dict.fromkeys(rows["name"].dropna()))
    return wide.reindex(index=project.documents["document_id"], columns=order)


def _document_groups(project: CodedProject) -> list[str]:
    """Return the document groups, where each document has one and there are several."""
    groups = project.documents["group"]
    names = list(dict.fromkeys(groups.dropna().astype("str")))
    return names if groups.notna().all() and 2 <= len(names) <= MOST_LEVELS else []


def _found_by(
    project: CodedProject,
    stated: pd.DataFrame,
    table: AttributeTable | None,
    guesses: list[Guess],
) -> PeopleProposal | None:
    """Say how the participant of a document is found, by the best evidence there is."""
    ways = list(_ways(project, stated))
    if table is not None:
        spoken = _speakers(project, table)
        if spoken is not None:
            guesses.append(
                Guess(
                    "[participants] file_document",
                    f'column "{spoken.file_document}" of {table.name} names the document in '
                    f'which each one speaks, and "{spoken.file_id}" the participant',
                    "it holds names of documents, some of them in several rows",
                )
            )
            return spoken
        matched = _matched(ways, table) or _matched(_inside(project, table), table)
        if matched is not None:
            people, size, column, shared = matched
            guesses.append(
                Guess(
                    "[participants] file_id",
                    f'participants of {table.name} are found by its column "{column}"',
                    f"{shared} of {size} participants of the documents stand in it",
                )
            )
            return replace(people, file=table.name, file_id=column)
        guesses.append(
            Guess(
                "[participants] file",
                f"{table.name} is not used yet",
                "no column of it holds the participants that the documents name",
            )
        )
    for people, ids in ways:
        # a pattern alone is no reason to speak of participants; what is known of them is
        if not people.pattern or ids.nunique() < len(ids) or _has_people(people, stated):
            guesses.append(_way_guess(people))
            return people
    return None


def _has_people(people: PeopleProposal, stated: pd.DataFrame) -> bool:
    """Whether something is known of each document that can be known of a person."""
    found = _with_variables(people, stated, [])
    return bool(found.group or found.variables or found.omit or found.follow_up)


def _way_guess(people: PeopleProposal) -> Guess:
    if people.variable:
        return Guess(
            "[participants] variable",
            f'the variable "{people.variable}" names the participant',
            "it is called so, and each document has a value",
        )
    if people.pattern:
        return Guess(
            "[participants] pattern",
            "the participant is read from the name of the document",
            "the names share a pattern",
        )
    return Guess(
        "[participants]",
        "the cases of the project are the participants",
        "each document belongs to a case",
    )


def _ways(
    project: CodedProject, stated: pd.DataFrame
) -> Iterable[tuple[PeopleProposal, pd.Series]]:
    """Yield ways to find the participant, with the ids that they give, the surest first."""
    from qdaio.ids import ids_in_names, propose_pattern

    for column in stated.columns:
        values = stated[column]
        if _plain(column) in ID_WORDS and values.notna().all() and values.nunique() > 1:
            yield PeopleProposal(variable=str(column)), values.str.strip()
    links = project.case_documents
    documents = set(project.documents["document_id"])
    if len(links) and set(links["document_id"]) == documents:
        names = project.cases.set_index("case_id")["name"]
        ids = links["case_id"].map(names)
        if ids.nunique() > 1 and ids.notna().all():
            yield PeopleProposal(), ids
    names = project.documents["name"]
    pattern = propose_pattern(list(names))
    if pattern is not None and pattern.found == len(names):
        yield PeopleProposal(pattern=pattern.pattern), ids_in_names(names, pattern.pattern)
    if names.is_unique and len(names) > 1:
        yield PeopleProposal(pattern=r"^(.+)$"), names


def _inside(project: CodedProject, table: AttributeTable) -> list[tuple[PeopleProposal, pd.Series]]:
    """Find ways in which the names of documents hold what stands in a column of a table."""
    from qdaio.ids import ids_in_names

    names = project.documents["name"]
    found: list[tuple[PeopleProposal, pd.Series]] = []
    for column in table.rows.columns:
        values = table.rows[column].dropna().str.strip()
        if not values.is_unique or not len(values) or (values.str.len() < 2).any():
            continue
        listed = "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))
        for pattern in (*PLACES_OF_IDS, rf"(?<![^\W_])({listed})(?![^\W_])"):
            ids = ids_in_names(names, pattern)
            if ids.notna().all() and ids.isin(set(values)).mean() >= MOST:
                found.append((PeopleProposal(pattern=pattern), ids))
                break
    return found


def _speakers(project: CodedProject, table: AttributeTable) -> PeopleProposal | None:
    """Find the column of a table that names documents in which several people speak."""
    documents = set(project.documents["name"])
    ids = [
        str(column)
        for column in table.rows.columns
        if (values := table.rows[column].dropna().str.strip()).is_unique
        and len(values) == len(table.rows)
    ]
    ids.sort(key=lambda column: _plain(column) not in ID_WORDS)
    for column in table.rows.columns:
        values = table.rows[column].dropna().str.strip()
        if ids and not values.is_unique and set(values) == documents:
            return PeopleProposal(file=table.name, file_id=ids[0], file_document=str(column))
    return None


def _matched(
    ways: Sequence[tuple[PeopleProposal, pd.Series]], table: AttributeTable
) -> tuple[PeopleProposal, int, str, int] | None:
    """Find the way and the column under which most participants stand in a table."""
    best: tuple[int, PeopleProposal, int, str] | None = None
    for people, ids in ways:
        wanted = set(ids.dropna().astype("str"))
        for column in table.rows.columns:
            values = table.rows[column].dropna().str.strip()
            if not values.is_unique:
                continue
            shared = len(wanted & set(values))
            if shared and (best is None or shared > best[0]):
                best = (shared, people, len(wanted), str(column))
    if best is None:
        return None
    shared, people, size, column = best
    return people, size, column, shared


def _with_variables(
    people: PeopleProposal, columns: pd.DataFrame, guesses: list[Guess]
) -> PeopleProposal:
    """Sort the columns of a table into group, date, duration, variables and what is left out."""
    variables: list[VariableProposal] = []
    omit: list[str] = []
    unused: list[str] = []
    for column in columns.columns:
        name, word = str(column), _plain(str(column))
        if name == people.variable:
            continue
        values = _known(columns[column])
        if PERSONAL.search(word):
            omit.append(name)
        elif people.follow_up is None and word in FOLLOW_UP_WORDS and (marked := _mark(values)):
            people = replace(people, follow_up=(name, marked))
            guesses.append(
                Guess(
                    "[participants] follow_up",
                    f'"{marked}" in "{name}" marks a repeated interview',
                    "the variable is called so",
                )
            )
        elif people.date is None and word in DATE_WORDS and _are_dates(values):
            people = replace(people, date=name)
        elif people.duration is None and word in DURATION_WORDS and _are_numbers(values):
            people = replace(people, duration=name)
        elif people.group is None and word in GROUP_WORDS and _is_group(values, len(columns)):
            people = replace(people, group=name, group_order=tuple(dict.fromkeys(values)))
        elif found := _variable(name, values, len(columns)):
            variables.append(found)
        else:
            unused.append(name)
    if people.group:
        guesses.append(
            Guess(
                "[participants] group",
                f'"{people.group}" is the group: {listed(people.group_order)}',
                "it is called so; the order is that of the file",
            )
        )
    for variable in variables:
        said = (
            f'"{variable.name}" is a number'
            if variable.kind != "category"
            else f'"{variable.name}" is a category: {listed(variable.order)}'
        )
        why = "its values look so"
        if variable.kind == "category":
            why += "; the order is a guess"
        guesses.append(Guess("[[participants.variables]]", said, why))
    if omit:
        guesses.append(
            Guess(
                "[participants] omit",
                f"{listed(omit)} never {'enters' if len(omit) == 1 else 'enter'} a product",
                "what could identify a person is known by its header",
            )
        )
    if unused:
        guesses.append(
            Guess(
                "[[participants.variables]]",
                f"{listed(unused)} {be(unused)} in no table",
                f"{'its' if len(unused) == 1 else 'their'} values are empty, all alike, all "
                "different, long texts, a running number, or too many",
            )
        )
    return replace(people, variables=tuple(variables), omit=tuple(omit))


def _with_interviews(people: PeopleProposal, stated: pd.DataFrame) -> PeopleProposal:
    """Take the day and the minutes from the documents, where a table has the people."""
    for column in stated.columns:
        word, values = _plain(str(column)), _known(stated[column])
        if people.date is None and word in DATE_WORDS and _are_dates(values):
            people = replace(people, date=str(column))
        elif people.duration is None and word in DURATION_WORDS and _are_numbers(values):
            people = replace(people, duration=str(column))
    return people


def be(names: Sequence[str]) -> str:
    """Return "is" or "are"."""
    return "is" if len(names) == 1 else "are"


def _variable(name: str, values: pd.Series, size: int) -> VariableProposal | None:
    distinct = values.nunique()
    if not len(values) or 2 * len(values) < size:
        return None
    missing = len(values) < size
    # few numbers that stand for several people each are codes of a category
    counts_years = bool(AGES.search(_plain(name))) and distinct > 1
    if _are_numbers(values) and (counts_years or distinct > 5 or 2 < distinct == len(values)):
        numbers = pd.to_numeric(values.str.translate(DIGITS).str.replace(",", ".", regex=False))
        if len(numbers) > 2 and (numbers.diff().iloc[1:] == 1).all():
            return None  # a running number
        kind = "integer" if (numbers % 1 == 0).all() else "number"
        return VariableProposal(name, kind, missing=missing)
    repeats = distinct < len(values) or len(values) <= 3
    is_short = values.str.len().max() <= LONGEST_LEVEL
    if 2 <= distinct <= MOST_LEVELS and repeats and is_short:
        order = sorted(dict.fromkeys(values), key=_level_key)
        return VariableProposal(name, "category", tuple(order), missing)
    return None


def _level_key(level: str) -> tuple[float, str]:
    """Order levels by the number they begin with, such as 18–29, then by their letters."""
    match = re.match(r"\s*[<>≤≥]?\s*(\d+)", level.translate(DIGITS))
    return (float(match[1]) if match else float("inf"), level.casefold())


def _known(values: pd.Series) -> pd.Series:
    texts = values.dropna().astype("str").str.strip()
    return texts[~texts.str.casefold().isin(MISSING)]


def _are_numbers(values: pd.Series) -> bool:
    plain = values.str.translate(DIGITS).str.replace(",", ".", regex=False)
    return bool(len(values)) and bool(plain.str.fullmatch(r"-?\d{1,12}(\.\d{1,6})?").all())


def _are_dates(values: pd.Series) -> bool:
    return bool(len(values)) and bool(
        values.str.fullmatch(r"\d{4}-\d{2}-\d{2}([T ]00:00(:00)?)?").all()
    )


def _mark(values: pd.Series) -> str | None:
    """Return the value that says yes, where a variable says yes or no."""
    for value in dict.fromkeys(values):
        if value.casefold() in YES:
            return str(value)
    return None


def _is_group(values: pd.Series, size: int) -> bool:
    return len(values) == size and 2 <= values.nunique() <= MOST_LEVELS


def _plain(name: str) -> str:
    """Return a header as plain words in lower case."""
    return " ".join(re.findall(r"\w+", name.replace("_", " ").casefold()))


def listed(words: Iterable[str]) -> str:
    """Name things, of many the first seven."""
    shown = [str(word) for word in words]
    if len(shown) > 8:
        shown = [*shown[:7], f"{len(shown) - 7} more"]
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1]
