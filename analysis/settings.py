"""The settings of a study: the tables and keys that its study file may hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from analysis.authors import Author as Name
from analysis.authors import is_email, named, orcid_number
from analysis.languages import find_language
from analysis.numbers import format_number, n_percent, percent

if TYPE_CHECKING:
    from qdaio.programs.spreadsheet.columns import Columns

__all__ = [
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
FILE_NAME = re.compile(r"\.[A-Za-z0-9]{2,6}\s*$")
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


def _check_range(minimum: float | None, maximum: float | None) -> None:
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ValueError("`minimum` no larger than `maximum`: exchange the two")


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

    @field_validator("exports", "previous_exports")
    @classmethod
    def _one_path_each(cls, paths: list[str]) -> list[str]:
        for path in paths:
            parts = path.split(",")
            if len(parts) > 1 and all(FILE_NAME.search(part) for part in parts):
                raise ValueError("each path in quotation marks of its own, parted by commas")
        return paths


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
        if any(low > high for low, high in self.ranges.values()):
            raise ValueError("`ranges` begin with the smaller number")
        _check_range(self.minimum, self.maximum)
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

    @model_validator(mode="after")
    def _range_has_values(self) -> Criterion:
        _check_range(self.minimum, self.maximum)
        return self


class Participants(Section):
    """How documents belong to participants, and what is known of these."""

    words: Words = ("participant", "participants")  # what one is called, and several
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

    @field_validator("pattern")
    @classmethod
    def _pattern_can_be_read(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(
                f"a regular expression, such as ^(P\\d+) for documents named P1 interview ({error})"
            ) from None
        return pattern

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
        if len(set(self.group_order)) < len(self.group_order):
            raise ValueError("`group_order` names each group once")
        names = [variable.name for variable in self.variables]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"variables stand twice: {', '.join(sorted(twice))}")
        return self


class Hierarchy(Section):
    """Names of the levels of the code system, from the root."""

    levels: list[Text] = []  # singular: "Main category"
    plurals: list[Text] = []
    within: Text | None = None  # the one code that holds all others and is no category itself
    omit: list[Text] = []  # codes that are no categories, such as marks of who speaks

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

    def percent(self, n: int, whole: int) -> str:
        """Print `n` in percent of `whole` by this rule; a dash when `whole` is 0."""
        return percent(
            n, whole, self.percent_decimals, self.rounding,
            trailing_zeros=self.percent_trailing_zeros,
        )  # fmt: skip

    def n_percent(self, n: int, whole: int) -> str:
        """Print a count with its percentage by this rule."""
        return n_percent(
            n, whole, self.percent_decimals, self.rounding,
            trailing_zeros=self.percent_trailing_zeros,
        )  # fmt: skip

    def in_percent(self, value: float | None) -> str:
        """Print what is in percent already by this rule; a dash when nothing is known."""
        return format_number(
            value, self.percent_decimals, self.rounding,
            trailing_zeros=self.percent_trailing_zeros,
        )  # fmt: skip


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
    in_text: list[Label] = []  # tables and figures of the supplement that come into the text
    max_floats: int | None = Field(default=None, ge=0)  # those that a journal allows in the text

    @model_validator(mode="after")
    def _in_one_place(self) -> Manuscript:
        both = [label for label in self.in_text if label in self.supplement]
        if both:
            raise ValueError(
                f"{both[0]} stands under both `supplement` and `in_text`: name it once"
            )
        if self.max_floats is not None and len(set(self.in_text)) > self.max_floats:
            raise ValueError(
                f"`in_text` names {len(set(self.in_text))} tables and figures, and `max_floats` "
                f"allows {self.max_floats} in the text"
            )
        return self

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
        return self.participants.words if self.participants else self.data.document_words

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
            # one attribute alone makes no combinations
            and bool(people.group or people.group_order)
            + sum(item.kind == "category" or bool(item.bands) for item in people.variables)
            > 1,
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

    def files(self) -> dict[str, list[str]]:
        """Return the files of data that the study names, relative to its folder, by kind.

        The kinds are those that a notebook declares under ``inputs``, but for ``published``,
        which is a folder.
        """
        people, framework = self.participants, self.framework
        second = framework.crosswalk if framework else None
        named: dict[str, list[str | None]] = {
            "exports": [*self.data.exports, *self.data.previous_exports],
            "labels": [self.data.labels],
            "codebook": [self.data.codebook],
            "participants": [people.file] if people else [],
            "framework": [framework.dimensions, framework.map, framework.guidance]
            if framework
            else [],
            "guide": [self.guide.file] if self.guide else [],
        }
        named["framework"] += [second.items, second.map] if second else []
        return {kind: [name for name in names if name] for kind, names in named.items()}

    def input_files(self) -> list[str]:
        """Return every file that the study names, relative to its folder, in order."""
        return [name for names in self.files().values() for name in names] + self.manuscript.files()

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
