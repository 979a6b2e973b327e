"""The study file `study.toml`, typed: the one file that a new study edits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = [
    "Allowance",
    "Author",
    "Coders",
    "Data",
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
    "Variable",
]

Rounding = Literal["half-up", "half-even", "truncate"]
Deviation = Literal["sample", "population"]
Format = Literal["html", "docx", "pdf", "jats"]
Text = Annotated[str, Field(min_length=1)]
# TOML has lists only, which strict models would refuse for a pair
Pair = Annotated[tuple[float, float], Field(strict=False)]
Days = Annotated[tuple[Text, Text], Field(strict=False)]


class Section(BaseModel):
    """A table of the study file: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Author(Section):
    """One author of the manuscript."""

    name: Text
    is_group: bool = False  # a team or an institution, not a person
    affiliation: str | None = None
    email: str | None = None
    orcid: str | None = None


class Study(Section):
    """What the manuscript's title page says."""

    title: Text
    subtitle: str | None = None
    authors: list[Author] = Field(min_length=1)
    keywords: list[Text] = []
    language: Text = "en"


class Data(Section):
    """Where the exports are, and whether they are the study's own data."""

    status: Literal["synthetic", "original"]
    exports: list[Text] = Field(min_length=1)
    labels: str | None = None  # printed labels that are longer than a program allows


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
    missing: bool = False  # whether a participant may lack it
    sd: Deviation | None = None  # None: as in [numbers]
    rounding: Rounding | None = None
    decimals: int | None = Field(default=None, ge=0, le=6)

    @property
    def title(self) -> str:
        """The name to print."""
        return self.label or self.name


class FollowUp(Section):
    """How a repeated interview with the same participant is recognised."""

    variable: Text
    value: Text


class Participants(Section):
    """How documents belong to participants, and what is known of these."""

    variable: str | None = None  # document variable that names the participant
    pattern: str | None = None  # or a pattern that finds the id in the document's name
    file: str | None = None  # attributes in a table of their own
    file_id: str | None = None  # its column with the participant's id
    omit: list[Text] = []  # columns that are never read into a product, as confidential
    follow_up: FollowUp | None = None
    group: str | None = None  # variable; None: the document group, if `group_order` is given
    group_label: Text = "Group"
    group_order: list[Text] = []
    role: str | None = None  # variable printed beside a quotation
    date: str | None = None  # document variable: day of the interview
    date_range: Days | None = None  # first and last day, as YYYY-MM-DD
    duration: str | None = None  # document variable: minutes
    variables: list[Variable] = []

    @model_validator(mode="after")
    def _one_way_to_the_participant(self) -> Participants:
        if self.variable and self.pattern:
            raise ValueError("give `variable` or `pattern`, not both")
        if bool(self.file) != bool(self.file_id):
            raise ValueError("`file` and `file_id` go together")
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


class Framework(Section):
    """The framework on which the first level of the code system is mapped."""

    name: Text
    dimensions: Text  # CSV: id, number, name, definition
    map: Text  # CSV: category, dimension
    guidance: str | None = None  # CSV: contents of the framework's own publication


class Guide(Section):
    """The interview guide."""

    file: Text  # CSV: group, number, question


class Published(Section):
    """Values of a publication with which the rebuilt ones are compared."""

    folder: Text


class Quotations(Section):
    """Which coded segments may be quoted: those that the coders weighted."""

    minimum_weight: float = 100


class Numbers(Section):
    """How numbers are summarised and printed."""

    sd: Deviation = "sample"
    rounding: Rounding = "half-up"
    percent_decimals: int = Field(default=1, ge=0, le=4)
    percent_trailing_zeros: bool = True
    mean_decimals: int = Field(default=2, ge=0, le=4)


class Manuscript(Section):
    """What the build makes of the manuscript."""

    formats: list[Format] = ["html", "docx", "pdf", "jats"]
    engine: Literal["auto", "quarto", "pandoc"] = "auto"


class Allowance(Section):
    """A piece of the manuscript that the check for typed values lets pass."""

    text: Text
    reason: Text
    file: str | None = None


class Lint(Section):
    """Exceptions to the rule that nothing is typed by hand."""

    allow: list[Allowance] = []


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
    quotations: Quotations = Quotations()
    numbers: Numbers = Numbers()
    manuscript: Manuscript = Manuscript()
    lint: Lint = Lint()
    parameters: dict[str, dict[str, str | int | float | bool]] = {}  # notebook -> parameters

    @property
    def is_synthetic(self) -> bool:
        """Whether products must say that the data are synthetic."""
        return self.data.status == "synthetic"

    def has(self) -> set[str]:
        """Return the optional parts that this study has."""
        people = self.participants
        parts = {
            "participants": people is not None,
            "groups": people is not None and bool(people.group or people.group_order),
            "numbers": people is not None
            and any(variable.kind != "category" for variable in people.variables),
            "hierarchy": bool(self.hierarchy.levels),
            "framework": self.framework is not None,
            "guide": self.guide is not None,
            "published": self.published is not None,
            "agreement": bool(self.coders.agreement),
        }
        return {name for name, present in parts.items() if present}

    def input_files(self) -> list[str]:
        """Return every file that the study names, relative to its folder, in order."""
        named = [*self.data.exports, self.data.labels]
        if self.participants:
            named.append(self.participants.file)
        if self.framework:
            named += [self.framework.dimensions, self.framework.map, self.framework.guidance]
        if self.guide:
            named.append(self.guide.file)
        return [name for name in named if name]
