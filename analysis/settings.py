"""The study file `study.toml`: what it may say, and every mistake in it at once, with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from analysis.authors import Author as Name
from analysis.authors import is_email, named, orcid_number
from analysis.languages import find_language
from qdaio.faults import Fault, FaultList, StudyError

if TYPE_CHECKING:
    from qdaio.programs.spreadsheet.columns import Columns

__all__ = [
    "STUDY_FILE",
    "STYLES",
    "Allowance",
    "Author",
    "Build",
    "Calendar",
    "Checklists",
    "Coders",
    "Criterion",
    "Crosswalk",
    "Data",
    "DataColumns",
    "DateOrder",
    "Deviation",
    "Explore",
    "Framework",
    "Guide",
    "Hierarchy",
    "Lint",
    "Manuscript",
    "Numbers",
    "Participants",
    "Published",
    "Quotations",
    "Rounding",
    "Study",
    "StudyFile",
    "Trustworthiness",
    "Variable",
    "citation_styles",
    "find_study",
    "line_of_key",
    "line_of_text",
    "load_study",
    "parse_study",
]

Rounding = Literal["half-up", "half-even", "truncate"]
Deviation = Literal["sample", "population"]
DateOrder = Literal["day-first", "month-first"]
Calendar = Literal["gregorian", "persian"]
Summary = Literal["mean", "median", "range"]
Format = Literal["html", "docx", "pdf", "jats"]
Text = Annotated[str, Field(min_length=1)]
# a name that every system takes for a folder
VARIANT = r"^[a-z0-9][a-z0-9-]{0,40}$"
RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")  # no names of folders on Windows
Label = Annotated[str, Field(pattern=r"^(tbl|fig)-[a-z0-9-]+$")]
# TOML has lists only, which strict models would refuse for a pair
Pair = Annotated[tuple[float, float], Field(strict=False)]
Words = Annotated[tuple[Text, Text], Field(strict=False)]
Days = Annotated[tuple[Text, Text], Field(strict=False)]


class Section(BaseModel):
    """A table of the study file: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Author(Section):
    """One author of the manuscript."""

    name: Text  # as it is printed
    family: str | None = None  # the family name, where it is more than a rule can find
    is_group: bool = False  # a team or an institution, not a person
    affiliation: str | None = None
    affiliations: list[Text] = []  # where there are several
    email: str | None = None
    orcid: str | None = None  # its number or its address
    corresponding: bool = False  # whether letters go to this author

    @model_validator(mode="after")
    def _can_be_printed(self) -> Author:
        if self.affiliation and self.affiliations:
            raise ValueError("give `affiliation` or `affiliations`, not both")
        if self.orcid:
            orcid_number(self.orcid)
        if self.email and not is_email(self.email):
            raise ValueError(f"{self.email}: expected an address such as name@example.org")
        if self.corresponding and not self.email:
            raise ValueError("a corresponding author needs an `email`")
        self.parted()
        return self

    def parted(self) -> Name:
        """Return the name with its parts."""
        return named(self.name, family=self.family or "", is_group=self.is_group)


class Study(Section):
    """What the manuscript's title page says."""

    title: Text
    subtitle: str | None = None
    authors: list[Author] = Field(min_length=1)
    keywords: list[Text] = []
    language: Text = "en"  # of the text; fixed words are printed in it where they are known

    @field_validator("language")
    @classmethod
    def _is_a_language(cls, tag: str) -> str:
        find_language(tag)
        return tag


class DataColumns(Section):
    """What the columns of a spreadsheet typed by hand hold, each named by its header."""

    codes: list[Text] = Field(min_length=1)
    layout: Literal["long", "codes in columns", "one column a code"] = "long"
    document: Text | None = None
    participant: Text | None = None
    quotation: Text | None = None
    theme: list[Text] = []  # columns of what stands above the codes, the topmost first
    coder: Text | None = None
    separator: str | None = None  # what parts several codes in one cell
    sheet: Text | None = None
    codebook: Text | None = None  # the sheet that lists the codes
    fill_down: bool = False  # whose words they are is written in the first row of several

    def mapping(self) -> Columns:
        """Give it in the form in which readers take it.

        Raises
        ------
        StudyError
            When the parts do not go together.
        """
        from qdaio.programs.spreadsheet.columns import Columns

        stated = self.model_dump()
        return Columns(**{**stated, "codes": tuple(self.codes), "theme": tuple(self.theme)})


class Data(Section):
    """Where the exports are, and whether they are the study's own data."""

    status: Literal["synthetic", "original"]
    exports: list[Text] = Field(min_length=1)
    previous_exports: list[Text] = []  # of an earlier state, to show what changed since
    labels: str | None = None  # printed labels that are longer than a program allows
    codebook: str | None = None  # CSV: code, definition, inclusion, exclusion, example
    document_words: Words = ("document", "documents")  # what a document is: one, several
    columns: DataColumns | None = None  # of exports that are spreadsheets typed by hand
    coders: dict[str, Text] = {}  # whose an export is, where it names no coder itself


class Coders(Section):
    """Whose codings are counted, and whose are kept to measure agreement."""

    main: Text | None = None  # None: the export has one coder, or names none
    agreement: list[Text] = []


class Variable(Section):
    """One demographic variable and how the participants table summarises it."""

    name: Text  # column of the export
    label: str | None = None
    kind: Literal["category", "integer", "number"] = "category"
    order: list[Text] = []  # levels of a category, in print order; others are an error
    within: str | None = None  # a second category counted inside each level
    groups: list[Text] = []  # groups to which it applies; empty: all
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    ranges: dict[str, Pair] = {}  # by group, where it is narrower
    bands: list[float] = []  # limits at which a number is cut to group people by it
    missing: bool = False  # whether a participant may lack it
    summary: list[Summary] = ["mean"]  # of a number: which rows it has in the table
    sd: Deviation | None = None  # None: as in [numbers]
    rounding: Rounding | None = None
    decimals: int | None = Field(default=None, ge=0, le=6)

    @model_validator(mode="after")
    def _bands_of_a_number(self) -> Variable:
        if self.bands and self.kind == "category":
            raise ValueError("`bands` cut a number: give `kind` as integer or number")
        if sorted(set(self.bands)) != self.bands:
            raise ValueError("`bands` rise from the first limit to the last")
        return self

    @property
    def title(self) -> str:
        """The name to print."""
        return self.label or self.name


class FollowUp(Section):
    """How a repeated interview with the same participant is recognised."""

    variable: Text
    value: Text | list[Text]  # several where there are several waves

    @property
    def values(self) -> list[str]:
        """Every value that marks one."""
        return [self.value] if isinstance(self.value, str) else self.value


class Criterion(Section):
    """One criterion of inclusion, and how the data show whether somebody met it."""

    text: Text
    variable: str | None = None  # of [[participants.variables]]; None: the data cannot tell
    minimum: float | None = None
    maximum: float | None = None
    values: list[Text] = []  # levels of a category that are included
    groups: list[Text] = []  # groups to which it applies; empty: all


class Participants(Section):
    """How documents belong to participants, and what is known of these."""

    variable: str | None = None  # document variable that names the participant
    pattern: str | None = None  # or a pattern that finds the id in the document's name
    file: str | None = None  # attributes in a table of their own
    file_id: str | None = None  # its column with the participant's id
    file_document: str | None = None  # its column with the document in which they speak
    separator: Text | None = None  # what parts several people, or documents, in one value
    omit: list[Text] = []  # columns that are never read into a product, as confidential
    follow_up: FollowUp | None = None
    group: str | None = None  # variable; None: the document group, if `group_order` is given
    group_label: Text = "Group"
    group_order: list[Text] = []
    role: str | None = None  # variable printed beside a quotation
    date: str | None = None  # document variable: day of the interview
    date_order: DateOrder | None = None  # of 05/06/2024; None: as other days decide
    calendar: Calendar | None = None  # of the days as written; None: as their years say
    date_range: Days | None = None  # first and last day, as YYYY-MM-DD
    duration: str | None = None  # document variable: minutes
    variables: list[Variable] = []
    criteria: list[Criterion] = []

    @model_validator(mode="after")
    def _criteria_of_known_variables(self) -> Participants:
        known = [variable.name for variable in self.variables]
        for criterion in self.criteria:
            if criterion.variable and criterion.variable not in known:
                raise ValueError(
                    f"`criteria` of variables that [[participants.variables]] has, not of "
                    f'"{criterion.variable}"'
                )
        return self

    @model_validator(mode="after")
    def _one_way_to_the_participant(self) -> Participants:
        if self.variable and self.pattern:
            raise ValueError("give `variable` or `pattern`, not both")
        if bool(self.file) != bool(self.file_id):
            raise ValueError("`file` and `file_id` go together")
        if self.file_document and (self.variable or self.pattern or not self.file):
            raise ValueError(
                "`file_document` is a column of `file`, in place of `variable` or `pattern`"
            )
        names = [variable.name for variable in self.variables]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"variables stand twice: {', '.join(sorted(twice))}")
        return self


class Hierarchy(Section):
    """Names of the levels of the code system, from the root."""

    levels: list[Text] = []  # singular: "Main category"
    plurals: list[Text] = []

    @model_validator(mode="after")
    def _same_length(self) -> Hierarchy:
        if self.plurals and len(self.plurals) != len(self.levels):
            raise ValueError("`plurals` needs one word for each of `levels`")
        return self


class Crosswalk(Section):
    """A second framework, on which codes of any level are mapped."""

    name: Text
    items: Text  # CSV: id, parent, name
    map: Text  # CSV: code, item


class Framework(Section):
    """The framework on which the first level of the code system is mapped."""

    name: Text
    dimensions: Text  # CSV: id, number, name, definition
    map: Text  # CSV: category, dimension
    guidance: str | None = None  # CSV: contents of the framework's own publication
    crosswalk: Crosswalk | None = None


class Guide(Section):
    """The interview guide."""

    file: Text  # CSV: group, number, question
    refined_after: list[Text] = []  # participants after whose interview it was changed


class Trustworthiness(Section):
    """What was done so that findings can be trusted, where the data do not know it."""

    prolonged_engagement: Text | None = None
    triangulation: Text | None = None
    peer_check: Text | None = None
    member_check: Text | None = None
    external_observer: Text | None = None
    codebook: Text | None = None
    records: Text | None = None
    reflexivity: Text | None = None
    sampling: Text | None = None
    setting: Text | None = None


class Checklists(Section):
    """What the study says to items of reporting checklists, by the number of the item."""

    coreq: dict[str, Text] = {}
    srqr: dict[str, Text] = {}

    @model_validator(mode="after")
    def _numbers_of_items(self) -> Checklists:
        for name, most in (("coreq", 32), ("srqr", 21)):
            for number in getattr(self, name):
                if number not in {str(at) for at in range(1, most + 1)}:
                    raise ValueError(f"{name} has items 1 to {most}, not {number}")
        return self


class Published(Section):
    """Values of a publication with which the rebuilt ones are compared."""

    folder: Text


class Quotations(Section):
    """Which coded segments may be quoted: those that the coders weighted."""

    minimum_weight: float = 100
    table: Literal["all", "each group", "longest", "named"] = "all"  # which the table shows
    each: int = Field(default=3, ge=1)  # at most so many a category, but of "all" and "named"
    words: int | None = Field(default=None, ge=1)  # of "longest": at most so many words
    named: list[Text] = []  # of "named": rows of an export, as "57" or "coded-segments.xlsx:57"
    attributes: list[Text] = []  # of who said it, beside the source: "group" or a category
    in_codebook: bool = False  # whether the codebook shows words of participants as examples


class Explore(Section):
    """What the page to explore the study shows of people and of what they said."""

    quotations: Literal["marked", "none"] = "marked"
    attributes: list[Text] = []  # variables of participants, beside their group


class Numbers(Section):
    """How numbers are summarised and printed."""

    sd: Deviation = "sample"
    rounding: Rounding = "half-up"
    percent_decimals: int = Field(default=1, ge=0, le=4)
    percent_trailing_zeros: bool = True
    mean_decimals: int = Field(default=2, ge=0, le=4)
    calendar: Calendar = "gregorian"  # in which days are printed


class Manuscript(Section):
    """What the build makes of the manuscript, as a journal wants it."""

    formats: list[Format] = ["html", "docx", "pdf", "jats"]
    engine: Literal["auto", "quarto", "pandoc"] = "auto"
    citation_style: str | None = None  # a name that ships, or a CSL file below report/
    reference_doc: str | None = None  # Word file below report/ whose styles and page are taken
    blind: bool = False  # whether authors are kept out of every product
    line_numbers: bool = False  # in Word and PDF
    tables_and_figures: Literal["text", "end"] = "text"  # where they stand in Word and PDF
    supplement: list[Label] = []  # tables and figures that leave the text, by their labels
    max_floats: int | None = Field(default=None, ge=0)  # those that a journal allows in the text

    def files(self) -> list[str]:
        """Return the files that this section names."""
        style = self.citation_style
        named = [style if style and style.endswith(".csl") else None, self.reference_doc]
        return [name for name in named if name]


class Allowance(Section):
    """A piece of the manuscript that the check for typed values lets pass."""

    text: Text
    reason: Text
    file: str | None = None


class Lint(Section):
    """Exceptions to the rule that nothing is typed by hand."""

    allow: list[Allowance] = []


class Build(Section):
    """How notebooks are run."""

    minutes: Annotated[float, Field(gt=0)] = 30  # how long one cell of a notebook may run
    # whether the text of an error in a notebook is told: it can hold words of an interview
    show_errors: bool = False


class StudyFile(Section):
    """The whole study file."""

    study: Study
    data: Data
    coders: Coders = Coders()
    participants: Participants | None = None
    hierarchy: Hierarchy = Hierarchy()
    framework: Framework | None = None
    guide: Guide | None = None
    published: Published | None = None
    trustworthiness: Trustworthiness = Trustworthiness()
    checklists: Checklists = Checklists()
    quotations: Quotations = Quotations()
    explore: Explore = Explore()
    numbers: Numbers = Numbers()
    manuscript: Manuscript = Manuscript()
    lint: Lint = Lint()
    build: Build = Build()
    # of every notebook that has it, or notebook -> parameters; each notebook says what they may be
    parameters: dict[str, Any] = {}
    # name -> parameters: builds beside the study's own, in report/output/variants/
    variants: dict[Annotated[str, Field(pattern=VARIANT)], dict[str, Any]] = {}

    @property
    def is_synthetic(self) -> bool:
        """Whether products must say that the data are synthetic."""
        return self.data.status == "synthetic"

    @property
    def case_word(self) -> str:
        """What one case is called, in the plural, as at the head of a column."""
        plural = self.case_words[1]
        return plural[:1].upper() + plural[1:]

    @property
    def case_words(self) -> tuple[str, str]:
        """What one case and several are called, as in a sentence."""
        return ("participant", "participants") if self.participants else self.data.document_words

    def has(self) -> set[str]:
        """Return the optional parts that this study has."""
        return {name for name, present in self.parts().items() if present}

    def parts(self) -> dict[str, bool]:
        """Return every optional part of a study, and whether this one has it."""
        people = self.participants
        return {
            "participants": people is not None,
            "groups": people is not None and bool(people.group or people.group_order),
            "variables": people is not None and bool(people.variables),
            "numbers": people is not None
            and any(variable.kind != "category" for variable in people.variables),
            "attributes": people is not None
            and bool(
                people.group
                or people.group_order
                or any(item.kind == "category" or item.bands for item in people.variables)
            ),
            "criteria": people is not None and bool(people.criteria),
            "durations": people is not None and people.duration is not None,
            "hierarchy": bool(self.hierarchy.levels),
            "framework": self.framework is not None,
            "crosswalk": self.framework is not None and self.framework.crosswalk is not None,
            "guide": self.guide is not None,
            "published": self.published is not None,
            "previous": bool(self.data.previous_exports),
            "agreement": bool(self.coders.agreement),
        }

    def input_files(self) -> list[str]:
        """Return every file that the study names, relative to its folder, in order."""
        named: list[str | None] = [*self.data.exports, *self.data.previous_exports]
        named += [self.data.labels, self.data.codebook]
        if self.participants:
            named.append(self.participants.file)
        if self.framework:
            named += [self.framework.dimensions, self.framework.map, self.framework.guidance]
            if second := self.framework.crosswalk:
                named += [second.items, second.map]
        if self.guide:
            named.append(self.guide.file)
        named += self.manuscript.files()
        return [name for name in named if name]

    def identifying(self) -> list[str]:
        """Return the names that a manuscript for blind review may not hold; none in another."""
        if not self.manuscript.blind:
            return []
        found: list[str] = []
        for author in self.study.authors:
            places = [author.affiliation] if author.affiliation else author.affiliations
            number = orcid_number(author.orcid) if author.orcid else None
            found += [name for name in (author.name, author.email, number, *places) if name]
        return list(dict.fromkeys(found))


STUDY_FILE = "study.toml"
STYLES = Path(__file__).parent / "manuscript" / "styles"

EXPECTED = {
    "string_type": "a text in quotation marks",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list in square brackets",
    "tuple_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "missing": "a value for this key",
    "string_too_short": "a text that is not empty",
}


def find_study(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds a study file.

    Raises
    ------
    StudyError
        When there is none.
    """
    for folder in (start, *start.parents):
        if (folder / STUDY_FILE).is_file():
            return folder
    raise StudyError(
        Fault(
            kind="missing-study",
            file=STUDY_FILE,
            found=f"no {STUDY_FILE} in {start.name or start} or above it",
            remedy="Go into the folder of a study, or name it: `study build FOLDER`.",
        )
    )


def load_study(folder: Path) -> StudyFile:
    """Read and check the study file of a folder.

    Raises
    ------
    StudyError
        With one fault for each mistake.
    """
    path = folder / STUDY_FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise StudyError(
            Fault(
                kind="missing-study",
                file=STUDY_FILE,
                remedy="Name the folder of a study: it holds a study.toml.",
            )
        ) from error
    except OSError as error:
        raise StudyError(
            Fault(
                kind="unreadable-file",
                file=STUDY_FILE,
                found="a folder" if path.is_dir() else error.strerror or "no way to read it",
                expected="a text file",
                remedy="Let study.toml be a text file that you may read.",
            )
        ) from error
    except UnicodeDecodeError as error:
        raise StudyError(
            Fault(
                kind="wrong-encoding",
                file=STUDY_FILE,
                row=path.read_bytes().count(b"\n", 0, error.start) + 1,
                expected="UTF-8",
                remedy="Save the file as UTF-8.",
            )
        ) from error
    return parse_study(text)


def parse_study(text: str) -> StudyFile:
    """Check the text of a study file; see :func:`load_study`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudyError(_not_toml(error, text)) from error
    try:
        study = StudyFile.model_validate(raw)
    except ValidationError as error:
        raise StudyError(_faults(error.errors(), text)) from error
    faults = FaultList()
    for name in study.data.coders:
        if name not in study.data.exports:
            near = difflib.get_close_matches(name, study.data.exports, n=1)
            faults.add(
                kind="unknown-export",
                file=STUDY_FILE,
                row=line_of_key(("data", "coders", name), text) or line_of_text(name, text),
                column="data.coders",
                found=f'"{name}"',
                expected="one of `exports`",
                remedy=(f'Did you mean "{near[0]}"? ' if near else "")
                + "Write the path as under `exports`.",
            )
    for name in study.variants:
        if RESERVED.fullmatch(name):
            faults.add(
                kind="bad-value",
                file=STUDY_FILE,
                row=line_of_key(("variants", name), text),
                found=name,
                expected="a name that Windows takes for a folder",
                remedy="Call the variant something else.",
            )
    for name in study.input_files():
        if _leaves_the_folder(name):
            faults.add(
                kind="bad-value",
                file=STUDY_FILE,
                row=line_of_text(name, text),
                found=name,
                expected="a path below the study's folder, written with /",
                remedy="Put the file below data-raw/ and name it from there.",
            )
    _check_journal(study.manuscript, text, faults)
    people = study.participants
    shown = [item.name for item in people.variables if item.kind == "category"] if people else []
    shown += [people.role] if people and people.role else []
    for name in study.explore.attributes:
        if name not in shown:
            faults.add(
                kind="unknown-variable",
                file=STUDY_FILE,
                row=line_of_key(("explore", "attributes"), text),
                column="explore.attributes",
                found=f'"{name}"',
                expected=", ".join(shown) or "nothing: no category of participants is declared",
                remedy="Name categories under [[participants.variables]]; the group is always "
                "shown, and numbers such as an age never are.",
            )
    faults.raise_if_any()
    return study


def _check_journal(chosen: Manuscript, text: str, faults: FaultList) -> None:
    """Find a citation style that does not ship, and files that Quarto could not reach."""
    style, styles = chosen.citation_style, citation_styles()
    if style is not None and not style.endswith(".csl") and style not in styles:
        near = nearest_style(style, styles)
        faults.add(
            kind="bad-value",
            file=STUDY_FILE,
            row=line_of_key(("manuscript", "citation_style"), text),
            column="manuscript.citation_style",
            found=f'"{style}"',
            expected=f"one of {', '.join(styles)}; or a CSL file such as report/my-journal.csl",
            remedy=f'Did you mean "{near}"?'
            if near
            else "Take the style's file from https://www.zotero.org/styles, put it into report/ "
            "and name it.",
        )
    kinds = {"citation_style": ".csl", "reference_doc": ".docx"}
    for key, ending in kinds.items():
        name = getattr(chosen, key)
        if name is None or (key == "citation_style" and not name.endswith(".csl")):
            continue
        path = PurePosixPath(name)
        if path.parts[:1] != ("report",) or len(path.parts) < 2 or path.suffix != ending:
            faults.add(
                kind="bad-value",
                file=STUDY_FILE,
                row=line_of_key(("manuscript", key), text),
                column=f"manuscript.{key}",
                found=f'"{name}"',
                expected=f"a file such as report/my-journal{ending}",
                remedy="Put the file into the folder report/ and name it from the study's folder.",
            )


def citation_styles() -> list[str]:
    """Return the names of the citation styles that ship."""
    return sorted(path.stem for path in STYLES.glob("*.csl"))


def nearest_style(name: str, known: Sequence[str]) -> str | None:
    """Return the style that a name may mean: one that holds it, or is written like it."""
    said = re.sub(r"[^a-z]+", "-", name.casefold()).strip("-")
    short = {"ama": "american-medical-association", "nlm": "nlm-citation-sequence"}
    holding = [style for style in known if said and (said in style or style in said)]
    close = difflib.get_close_matches(said, known, n=1)
    return short.get(said) or next(iter([*holding, *close]), None)


def _not_toml(error: tomllib.TOMLDecodeError, text: str) -> Fault:
    """Return what is wrong with a line that is no TOML, by what people most often type."""
    at = re.search(r"line (\d+)", str(error))
    row = int(at[1]) if at else len(text.splitlines()) or None
    line = text.splitlines()[row - 1] if row and row <= len(text.splitlines()) else ""
    curly = sorted(set(line) & set("\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"))
    if curly:
        found = f"curly quotation marks: {' '.join(curly)}"
        remedy = 'Write straight quotation marks: "…". Word processors turn them into curly ones.'
    elif "\\" in line:
        found = "a backslash"
        remedy = "Write paths with /, or the text in single quotation marks: '…'."
    elif re.match(r"Cannot (overwrite|declare|mutate)", str(error)):
        name = line.strip() if line.lstrip().startswith("[") else line.partition("=")[0].strip()
        found = f"{name} a second time"
        remedy = "Keep one of the two, and put what stands below the other under it."
    elif line.count('"') % 2 or line.count("'") % 2:
        found = "a quotation mark without its partner"
        remedy = "Put a quotation mark at each end of the text."
    else:
        found = str(error)
        remedy = "Mend this line; texts stand in quotation marks."
    return Fault(
        kind="bad-study-file",
        file=STUDY_FILE,
        row=row,
        found=found,
        expected="TOML",
        remedy=remedy,
    )


def _leaves_the_folder(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or bool(PureWindowsPath(name).drive) or ".." in path.parts


def _faults(items: list[ErrorDetails], text: str) -> list[Fault]:
    """Return the mistakes of a study file; a key that is misspelt is not missing as well."""
    misspelt = set()
    for item in items:
        if item["type"] == "extra_forbidden":
            *section, name = item["loc"]
            near = difflib.get_close_matches(str(name), _keys_beside(item["loc"]), n=1)
            misspelt |= {(*section, key) for key in near}
    kept = [item for item in items if item["type"] != "missing" or item["loc"] not in misspelt]
    return [_fault(item, text) for item in kept]


def _fault(item: ErrorDetails, text: str) -> Fault:
    location = item["loc"]
    key = _dotted(location)
    row = line_of_key(location, text)
    if item["type"] == "extra_forbidden":
        known = _keys_beside(location)
        near = difflib.get_close_matches(str(location[-1]), known, n=1)
        guess = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
        elsewhere = _tables_with(str(location[-1]))
        if not near and elsewhere:
            guess = f"It belongs under [{elsewhere[0]}]."
        return Fault(
            kind="unknown-key",
            file=STUDY_FILE,
            row=row,
            column=key,
            found=_shown(item["input"]),
            remedy=f"Correct or remove the key. {guess}",
        )
    expected = EXPECTED.get(item["type"])
    found = None if item["type"] == "missing" else _shown(item["input"])
    if location[:2] == ("study", "authors") and item["type"] == "model_type":
        expected = 'a table such as { name = "Your Name" }'
    if item["type"] == "literal_error":
        expected = "one of " + str(item["ctx"]["expected"]).replace("'", '"')
    elif item["type"] == "string_pattern_mismatch" and location[0] == "variants":
        expected = "a name of small letters, digits and hyphens"
    elif item["type"] == "value_error":
        expected = str(item["ctx"]["error"])
        found = None if isinstance(item["input"], dict) else found
    return Fault(
        kind="missing-key" if item["type"] == "missing" else "bad-value",
        file=STUDY_FILE,
        row=row,
        column=key,
        found=found,
        expected=expected or item["msg"],
        remedy="Add the key." if item["type"] == "missing" else "Correct the value of this key.",
    )


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 80 else text[:77] + "..."


def _dotted(location: tuple[str | int, ...]) -> str:
    parts: list[str] = []
    for part in location:
        if isinstance(part, int) and parts:
            parts[-1] += f"[{part + 1}]"
        else:
            parts.append(str(part))
    return ".".join(parts)


def _keys_beside(location: tuple[str | int, ...]) -> list[str]:
    model: type[BaseModel] = StudyFile
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        if field is None:
            return []
        found = _model_in(field.annotation)
        if found is None:
            return []
        model = found
    return sorted(model.model_fields)


def _tables_with(key: str) -> list[str]:
    """Return the tables of a study file that know a key."""
    found = {name: _model_in(field.annotation) for name, field in StudyFile.model_fields.items()}
    return [name for name, model in found.items() if model and key in model.model_fields]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        if found := _model_in(inner):
            return found
    return None


def line_of_key(location: tuple[str | int, ...], text: str) -> int | None:
    """Return the line, from 1, on which a key of a TOML text stands.

    The headers are walked and the tables of an array counted. When the key itself does
    not stand in the file, the line of its table's header is given.

    Parameters
    ----------
    location : tuple of str or int
        Keys from the root down; a number is a position in an array, from 0.
    text : str
    """
    names = [part for part in location if isinstance(part, str)]
    wanted = next((part for part in location if isinstance(part, int)), 0)
    section: list[str] = []
    is_ours = True  # whether the table, where it is one of an array, is the one we look for
    seen: dict[str, int] = {}
    header_line = None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[(\[?)([^\[\]]+)\]", line):
            section = [part.strip().strip("\"'") for part in header[2].split(".")]
            name = ".".join(section)
            seen[name] = seen.get(name, -1) + 1
            is_ours = not header[1] or seen[name] == wanted
            if is_ours and names[: len(section)] == section:
                header_line = number
            continue
        key = re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line)
        if key and is_ours and names[: len(section) + 1] == [*section, key[1]]:
            return number
    return header_line


def line_of_text(value: str, text: str) -> int | None:
    """Return the first line, from 1, that holds `value`."""
    written = value.replace("\\", "\\\\")  # as a quoted text of TOML writes it
    for number, line in enumerate(text.splitlines(), start=1):
        if value in line or written in line:
            return number
    return None
