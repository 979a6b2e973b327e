"""The text of a new study's `study.toml`, with a comment at everything that can be changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.newstudy.proposal import PeopleProposal, Proposal

__all__ = ["FrameworkFiles", "study_file"]


@dataclass(frozen=True, slots=True)
class FrameworkFiles:
    """Where a new study's framework stands."""

    name: str
    dimensions: str
    map: str


def study_file(
    proposal: Proposal,
    *,
    title: str,
    exports: Sequence[str],
    framework: FrameworkFiles | None = None,
    columns: str = "",
    synthetic: bool = False,
) -> str:
    """Write the study file.

    Parameters
    ----------
    proposal : Proposal
    title : str
    exports : sequence of str
        Paths in the study's folder, with ``/``.
    framework : FrameworkFiles, optional
    columns : str
        The table ``[data.columns]`` of a spreadsheet typed by hand, as TOML; may be empty.
    synthetic : bool
        Whether the data are made up.

    Returns
    -------
    str
        TOML that :func:`analysis.studyfile.parse_study` accepts.
    """
    parts = [
        _head(title),
        _data(exports, proposal.document_words, columns, proposal.coders, synthetic=synthetic),
        _coders(proposal),
        _people(proposal.people, proposal.document_words),
        _hierarchy(proposal),
        _framework(framework),
        _rest(),
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts if part)


def text(value: str) -> str:
    r"""Write a text as a TOML basic string.

    Examples
    --------
    >>> text('a "b"')
    '"a \\"b\\""'
    """
    # a JSON string is a TOML basic string, but for DEL, which TOML wants escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _list(values: Sequence[str]) -> str:
    inline = "[" + ", ".join(text(value) for value in values) + "]"
    if len(inline) <= 80:
        return inline
    return "[\n" + "".join(f"  {text(value)},\n" for value in values) + "]"


def _head(title: str) -> str:
    return f"""
# The one file that you edit. Lines that begin with # are notes, or settings that are switched
# off: take the # away to use one.

[study]
title = {text(title)}
# subtitle = "A qualitative content analysis"
authors = [{{ name = "Your Name" }}] # more: affiliation = "…", email = "…", orcid = "…"
keywords = []
language = "en" # of fixed words: "en-US", "de", "es", "fa", "pt"
"""


def _data(
    exports: Sequence[str],
    document_words: Sequence[str],
    columns: str,
    coders: Sequence[tuple[str, str]],
    *,
    synthetic: bool,
) -> str:
    status = (
        'status = "synthetic" # every product says so; "original" for the study\'s own data'
        if synthetic
        else 'status = "original" # "synthetic" for made-up data: every product then says so'
    )
    table = f"\n{columns.strip()}\n" if columns.strip() else ""
    return f"""
[data]
{status}
exports = {_list(exports)}
document_words = {_list(document_words)} # what a document is: one, several
# codebook = "data-raw/codebook.csv" # what each code means: code, definition, inclusion, exclusion
{table}{_owners(coders)}"""


def _owners(coders: Sequence[tuple[str, str]]) -> str:
    if not coders:
        return ""
    lines = [f"{text(file)} = {text(name)}" for file, name in coders]
    return "\n[data.coders] # whose a file is that names no coder\n" + "\n".join(lines) + "\n"


def _coders(proposal: Proposal) -> str:
    if proposal.main is None:
        return """
# [coders]
# main = "…"        # whose codings are counted, where a second coder worked independently
# agreement = ["…"] # whose codings are kept to measure agreement
"""
    return f"""
[coders]
main = {text(proposal.main)} # whose codings are counted
agreement = {_list(proposal.agreement)} # whose codings are kept to measure agreement
"""


def _people(people: PeopleProposal | None, document_words: Sequence[str]) -> str:
    if people is None:
        return """
# Each document is counted as a case of its own. To count participants instead:
# [participants]
# variable = "…"  # document variable that names the participant, or
# pattern = '…'   # a pattern that finds the participant in the document's name
# file = "data-raw/participants.csv" # what is known of them, in a table
# file_id = "…"   # its column with the participant
"""
    lines = ["[participants]"]
    words = document_words if people.are_documents else ("participant", "participants")
    lines.append(f"words = {_list(words)} # what one is called, and several")
    if people.variable:
        lines.append(
            f"variable = {text(people.variable)} # document variable that names the participant"
        )
    if people.pattern:
        lines.append(
            f"pattern = {text(people.pattern)} # finds the participant in the document's name"
        )
    if people.file and people.file_id:
        lines.append(f"file = {text(people.file)} # what is known of the participants")
        lines.append(f"file_id = {text(people.file_id)} # its column with the participant")
    if people.file_document:
        lines.append(f"file_document = {text(people.file_document)} # its column with the document")
    if people.follow_up:
        marked, value = people.follow_up
        lines.append(f"follow_up = {{ variable = {text(marked)}, value = {text(value)} }}")
    if people.group:
        lines.append(f"group = {text(people.group)} # variable by which tables are split")
    if people.group_order:
        lines.append(f"group_order = {_list(people.group_order)}")
    if people.date:
        lines.append(f"date = {text(people.date)} # day of the interview")
    if people.duration:
        lines.append(f"duration = {text(people.duration)} # minutes")
    if people.omit:
        lines.append(f"omit = {_list(people.omit)} # never read into a product")
    lines.append('# role = "…" # variable printed beside a quotation')
    for variable in people.variables:
        lines += ["", "[[participants.variables]]", f"name = {text(variable.name)}"]
        if variable.kind != "category":
            lines.append(f'kind = "{variable.kind}" # minimum = …, maximum = … refuse what is not')
            lines.append('# unit = "years"')
        else:
            lines.append(f"order = {_list(variable.order)} # as printed; other values are a fault")
        if variable.missing:
            lines.append("missing = true # some participants have no value")
    return "\n" + "\n".join(lines) + "\n"


def _hierarchy(proposal: Proposal) -> str:
    within = '# within = "…" # the one code that holds all others, where it is no category itself'
    if proposal.within:
        within = f"within = {text(proposal.within)} # holds all others, and is no category itself"
    omit = '# omit = ["…"] # codes that are no categories: their codings are set aside'
    if proposal.omit:
        omit = f"omit = {_list(proposal.omit)} # codes that are no categories"
    return f"""
[hierarchy]
levels = {_list(proposal.levels)} # names of the levels of the code system, from the top
plurals = {_list(proposal.plurals)}
{within}
{omit}
"""


def _framework(framework: FrameworkFiles | None) -> str:
    if framework is None:
        return """
# [framework]       # for a directed analysis: the framework on which the categories stand
# name = "…"
# dimensions = "data-raw/framework/dimensions.csv" # columns id, number, name, definition
# map = "data-raw/framework/map.csv"               # columns category, dimension
"""
    return f"""
[framework]
name = {text(framework.name)}
dimensions = {text(framework.dimensions)}
map = {text(framework.map)} # which category of the first level stands on which dimension
"""


def _rest() -> str:
    return """
[explore] # the page to explore the study
quotations = "marked"  # "none" leaves out what was said
attributes = []        # categories of participants to filter by, beside their group

[numbers]
sd = "sample"          # or "population"
rounding = "half-up"   # or "half-even", "truncate"
percent_decimals = 1
mean_decimals = 2

[manuscript]
formats = ["html", "docx", "pdf", "jats"]
engine = "auto"        # Quarto where it is installed, else the built-in engine
# citation_style = "apa" # a style that ships, or a file: "report/my-journal.csl"
# reference_doc = "report/my-journal.docx" # Word file whose styles and page are taken
# blind = true # for blind review: no product names an author
# line_numbers = true # in Word and PDF
# tables_and_figures = "end" # behind the references, in Word and PDF
"""
