"""The settings of the manuscript, and what its title page says.

Read as Quarto reads them: ``_quarto.yml``, over it the files that its ``metadata-files``
names, over these the head of the manuscript; ``_variables.yml`` apart. A setting that this
engine does not know is a fault: it would be ignored without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from analysis.authors import Author, AuthorError, read_authors
from analysis.languages import ENGLISH, Language, LanguageError, find_language
from qdaio.faults import FaultList
from qdaio.labels import did_you_mean, nearest

from .pandoc import (
    Element,
    directed,
    inlines_of,
    plain_text,
    replace,
    string,
    to_meta,
)
from .source import Source

__all__ = ["Kind", "Settings", "document_meta", "merged", "read_settings", "wording"]

# Keys of the project file that say how, not what; they are not part of the document.
_PROJECT_ONLY = ("project", "profile", "format", "execute", "filters", "metadata-files")
# What a document is, as far as templates ask for it.
_KEPT = (
    *("title", "subtitle", "abstract", "keywords", "lang", "data"),
    *("abstract-title", "reference-section-title", "blind", "line-numbers", "words"),
)
_KNOWN = frozenset(
    (
        *_KEPT,
        *_PROJECT_ONLY,
        *("author", "authors", "affiliations", "has", "bibliography", "csl", "link-citations"),
        *("number-sections", "crossref"),
        # by the build, see analysis.reporting.title_page
        *("headings", "language", "tables-and-figures"),
    )
)
# Settings that are true or false, and nothing that a condition asks for.
_SWITCHES = ("number-sections", "link-citations", "line-numbers")
# Those that only Quarto needs, such as format-links, do nothing here and lose nothing.
_KNOWN_FORMAT = {
    "html": (
        *("embed-resources", "toc", "toc-depth", "css", "html-math-method"),
        *("notebook-links", "notebook-view", "theme", "minimal", "lang", "format-links"),
    ),
    "docx": ("reference-doc", "template"),
    "typst": ("citeproc", "papersize", "section-numbering", "template-partials", "font-paths"),
    "jats": ("template", "wrap", "variant"),
}
_CROSSREF = re.compile(r"(tbl|fig|sec|eq|apx)-(title|prefix)|title-delim|custom")
_CUSTOM = frozenset(
    (
        *("kind", "key", "reference-prefix", "caption-prefix", "space-before-numbering"),
        *("caption-location", "latex-env", "latex-list-of-file-extension"),
        "latex-list-of-description",
    )
)
# Kinds of numbered things, and the fixed word for each; words that a title page shows.
_KINDS = {
    "tbl": "table",
    "fig": "figure",
    "sec": "section",
    "eq": "equation",
    "apx": "appendix",
}
_PAGE_WORDS = ("abstract", "keywords", "correspondence", "references", "contents", "skip")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that is numbered: tables, figures, supplements.

    Parameters
    ----------
    title, prefix : str
        What stands before its number in a caption, and in a reference.
    space : bool
        Whether a space stands between them and the number.
    """

    title: str
    prefix: str
    space: bool = True

    def named(self, number: str, *, caption: bool = False) -> str:
        """Return "Table 2", or "Table S2", with a space that does not break."""
        between = "\u00a0" if self.space else ""
        return f"{self.title if caption else self.prefix}{between}{number}"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one manuscript.

    Parameters
    ----------
    metadata : dict
        What describes the document: title, author, abstract, ``has``, ``data`` …
    formats : dict
        Options of each format, from ``format:`` in the project file.
    filters : tuple of str
        Lua filters, relative to the report's folder, in order.
    variables : dict
        Values for ``var``, nested as in ``_variables.yml``.
    kinds : dict
        Kinds of numbered things by the first part of their labels.
    delimiter : str
        What stands after the number in a caption.
    """

    metadata: dict[str, object]
    formats: dict[str, dict[str, object]]
    filters: tuple[str, ...]
    variables: dict[str, object]
    kinds: dict[str, Kind] = field(default_factory=dict)
    delimiter: str = ":"

    def flag(self, key: str) -> bool | None:
        """Whether a dotted key of the metadata is true, as ``when-meta`` asks it.

        None where there is no such key: a name that is unknown is neither true nor false.
        """
        if key == "data.synthetic":
            data = self.metadata.get("data")
            return isinstance(data, dict) and data.get("synthetic") is True
        value: object = self.metadata
        for part in key.split("."):
            if not isinstance(value, dict) or part not in value:
                return None
            value = value[part]
        return value is True

    def flags(self) -> list[str]:
        """Return every key that a condition can ask for."""

        def below(value: object, above: str) -> Iterator[str]:
            if isinstance(value, bool):
                yield above
            elif isinstance(value, dict):
                for key, inner in value.items():
                    yield from below(inner, f"{above}.{key}" if above else str(key))

        asked = {key: value for key, value in self.metadata.items() if key not in _SWITCHES}
        return sorted({*below(asked, ""), "data.synthetic"})

    @property
    def numbered(self) -> bool:
        """Whether headings carry numbers."""
        return self.metadata.get("number-sections") is not False

    @property
    def wording(self) -> Language:
        """The fixed words of the language that the text is in."""
        return wording(str(self.metadata.get("lang") or "en"))

    @property
    def headings(self) -> dict[str, str]:
        """Fixed headings in English, and what is printed for each."""
        listed = [item for item in _list(self.metadata.get("headings")) if isinstance(item, dict)]
        return {str(item.get("english")): str(item.get("said")) for item in listed}

    def option(self, form: str, key: str) -> object:
        """Return an option of a format."""
        return self.formats.get(form, {}).get(key)


def merged(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """Return `below` with the values of `above` over it, key by key at every depth."""
    result = dict(below)
    for key, value in above.items():
        under = result.get(key)
        if isinstance(under, dict) and isinstance(value, dict):
            result[key] = merged(under, value)
        else:
            result[key] = value
    return result


def wording(lang: str) -> Language:
    """Return the fixed words of a manuscript; English ones where its language is no tag."""
    try:
        return find_language(lang)
    except LanguageError:
        return ENGLISH


def read_settings(report: Path, source: Source, faults: FaultList) -> Settings:
    """Read the settings that lie beside a manuscript, and those at its head.

    Parameters
    ----------
    report : Path
        Folder with ``_quarto.yml`` and ``_variables.yml``; each may be absent.
    source : Source
        The manuscript: its head, and the metadata that its text asks for.
    faults : FaultList
        Files that are no YAML, or that are named and missing, and settings that are unknown,
        are added.

    Returns
    -------
    Settings
    """
    project = _yaml(report, "_quarto.yml", faults)
    generated: dict[str, object] = {}
    for name in map(str, _list(project.get("metadata-files"))):
        if not (report / name).is_file():
            faults.add(
                kind="missing-metadata-file",
                file=f"{report.name}/_quarto.yml",
                column="metadata-files",
                found=name,
                expected="an existing file",
                remedy="Build the study, which makes it, or take the name out.",
            )
        generated = merged(generated, _yaml(report, name, faults))
    metadata = {k: v for k, v in project.items() if k not in _PROJECT_ONLY}
    said = {k: v for k, v in generated.items() if k not in _PROJECT_ONLY}
    metadata = merged(merged(metadata, said), source.front)
    formats = _formats(report, project, generated, faults)
    _check_keys(report, project, metadata, source, faults)
    filters = tuple(
        str(item.get("path")) if isinstance(item, dict) else str(item)
        for item in _list(project.get("filters"))
    )
    kinds, delimiter = _kinds(report, metadata, source, faults)
    return Settings(
        metadata=metadata,
        formats=formats,
        filters=tuple(name for name in filters if name.endswith(".lua")),
        variables=_yaml(report, "_variables.yml", faults),
        kinds=kinds,
        delimiter=delimiter,
    )


def document_meta(
    parsed: Element, settings: Settings, source: Source, faults: FaultList
) -> dict[str, Element]:
    """Return Pandoc's metadata of a document.

    Parameters
    ----------
    parsed : dict
        The metadata, its text parsed as Markdown.
    settings : Settings
        For language and kinds.
    source : Source
        For places.
    faults : FaultList
        What is wrong with an author is added.

    Returns
    -------
    dict
        Title, abstract (always in paragraphs), keywords, language and ``data``; fixed words as
        ``word-…``; ``author`` as names, for Word and the page's head; ``by-author`` and
        ``by-affiliation`` in Quarto's normal form, for templates that both engines use.
    """
    given = parsed["c"]
    meta: dict[str, Element] = {key: given[key] for key in _KEPT if key in given}
    abstract = meta.get("abstract")
    if abstract:
        inlines = inlines_of(abstract)
        if inlines is not None:
            meta["abstract"] = {"t": "MetaBlocks", "c": [{"t": "Para", "c": inlines}]}
    lang = str(settings.metadata.get("lang") or "en")
    meta.setdefault("lang", to_meta(lang))
    if wording(lang).is_right_to_left:
        meta["dir"] = to_meta("rtl")
    fixed = wording(lang).page
    meta.setdefault("abstract-title", to_meta(fixed["abstract"]))
    meta |= {f"word-{key}": {"t": "MetaString", "c": fixed[key]} for key in _PAGE_WORDS}
    listed = given.get("author", given.get("authors"))
    try:
        authors = read_authors(_plain(listed), _plain(given.get("affiliations")))
    except AuthorError as error:
        said = error.found.removeprefix("ref: ").split(" of an author")[0]
        place = source.find(re.escape(said))
        if place.row is None:
            place = source.find("^(authors?|affiliations)\\s*:")
        faults.add(
            kind="author",
            file=place.file,
            row=place.row,
            found=error.found,
            expected=error.expected,
            remedy=error.remedy,
        )
        return meta
    people = _author_meta(authors)
    if "dir" in meta:
        # In a text that runs from right to left itself, such marks would turn the signs around.
        replace(people, lambda element: [] if element == string("\u200e") else None)
    return meta | people


def _author_meta(authors: list[Author]) -> dict[str, Element]:
    """Return authors as Pandoc's metadata, each affiliation once; empty without authors."""
    if not authors:
        return {}
    numbers: dict[str, int] = {}
    for author in authors:
        for place in author.affiliations:
            numbers.setdefault(place, len(numbers) + 1)
    places = {name: _affiliation(name, number) for name, number in numbers.items()}
    by_author = []
    for author in authors:
        entry: dict[str, Element] = {
            "name": {
                "t": "MetaMap",
                "c": {
                    "literal": _inlines(author.literal),
                    **{
                        part: to_meta(value)
                        for part in ("given", "family", "suffix")
                        if (value := getattr(author, part))
                    },
                },
            }
        }
        for key, value in (("orcid", author.orcid), ("email", author.email)):
            if value:
                entry[key] = to_meta(value)
        if author.corresponding:
            entry["corresponding"] = to_meta(True)
        if author.affiliations:
            own = [places[name] for name in author.affiliations]
            entry["affiliations"] = {"t": "MetaList", "c": own}
        by_author.append({"t": "MetaMap", "c": entry})
    meta: dict[str, Element] = {
        "author": to_meta([author.literal for author in authors]),
        "by-author": {"t": "MetaList", "c": by_author},
    }
    letters = [
        {
            "t": "MetaMap",
            "c": {"name": _inlines(author.literal)}
            | ({"email": to_meta(author.email)} if author.email else {}),
        }
        for author in authors
        if author.corresponding
    ]
    if letters:
        meta["correspondence"] = {"t": "MetaList", "c": letters}
    known = [
        {"t": "MetaMap", "c": {"name": _inlines(author.literal), "orcid": to_meta(author.orcid)}}
        for author in authors
        if author.orcid
    ]
    if known:
        meta["with-orcid"] = {"t": "MetaList", "c": known}
    if places:
        meta["by-affiliation"] = {"t": "MetaList", "c": list(places.values())}
    return meta


def _plain(meta: Element | None) -> object:
    """Return metadata as Python has it, its text without marks of form."""
    if meta is None:
        return None
    if meta["t"] == "MetaMap":
        return {key: _plain(value) for key, value in meta["c"].items()}
    if meta["t"] == "MetaList":
        return [_plain(value) for value in meta["c"]]
    return meta["c"] if meta["t"] in ("MetaBool", "MetaString") else plain_text(meta)


def _affiliation(name: str, number: int) -> Element:
    raised = [{"t": "Superscript", "c": [string(str(number))]}]
    entry = {
        "id": to_meta(f"aff-{number}"),
        "name": _inlines(name),
        "number": to_meta(number),
        "raised": {"t": "MetaInlines", "c": raised},
    }
    return {"t": "MetaMap", "c": entry}


def _inlines(text: str) -> Element:
    return {"t": "MetaInlines", "c": directed(text)}


def _kinds(
    report: Path, metadata: Mapping[str, object], source: Source, faults: FaultList
) -> tuple[dict[str, Kind], str]:
    """Return the kinds of numbered things, and what stands after a caption's number."""
    fixed = wording(str(metadata.get("lang") or "en")).page
    given = metadata.get("crossref")
    options: dict[str, object] = given if isinstance(given, dict) else {}
    for key in options:
        if not _CROSSREF.fullmatch(str(key)):
            _unknown(
                report, str(key), ["tbl-title", "fig-prefix", "title-delim", "custom"],
                "under crossref: ", source, faults,
            )  # fmt: skip
    kinds = {
        key: Kind(
            str(options.get(f"{key}-title", fixed[word])),
            str(options.get(f"{key}-prefix", fixed[word])),
        )
        for key, word in _KINDS.items()
    }
    for item in _list(options.get("custom")):
        custom: dict[str, object] = item if isinstance(item, dict) else {}
        key, prefix = str(custom.get("key") or ""), str(custom.get("reference-prefix") or "")
        prefix = _said_in(prefix, fixed)
        unknown = sorted(set(map(str, custom)) - _CUSTOM)
        if unknown or custom.get("kind") != "float" or not re.fullmatch("[a-z]+", key):
            place = source.find(r"^\s*-?\s*(custom|kind|key)\b")
            faults.add(
                kind="unknown-setting",
                file=place.file,
                row=place.row,
                found=f"{unknown[0] if unknown else 'an entry'} under crossref: custom:",
                expected="kind: float, key (small letters), reference-prefix, caption-prefix, "
                "space-before-numbering",
                remedy="See docs/quarto-features.md for an example.",
            )
            continue
        kinds[key] = Kind(
            _said_in(str(custom.get("caption-prefix", prefix)), fixed),
            prefix,
            custom.get("space-before-numbering") is not False,
        )
    return kinds, str(options.get("title-delim", ":"))


def _said_in(prefix: str, fixed: Mapping[str, str]) -> str:
    """Return a prefix such as "Table S" with its fixed word as the language has it."""
    word, blank, rest = prefix.partition(" ")
    english = {ENGLISH.page[key]: key for key in ("table", "figure")}
    return f"{fixed[english[word]]}{blank}{rest}" if word in english else prefix


def _formats(
    report: Path,
    project: Mapping[str, object],
    generated: Mapping[str, object],
    faults: FaultList,
) -> dict[str, dict[str, object]]:
    """Return the options of each format; those that this engine does not know are faults."""
    given = merged(project, {"format": generated.get("format") or {}}).get("format")
    formats: dict[str, dict[str, object]] = {}
    for name, options in (given if isinstance(given, dict) else {}).items():
        formats[str(name)] = dict(options) if isinstance(options, dict) else {}
        for key in formats[str(name)]:
            if str(name) in _KNOWN_FORMAT and key not in _KNOWN_FORMAT[str(name)]:
                row = _row(report / "_quarto.yml", str(key))
                faults.add(
                    kind="unknown-setting",
                    file=f"{report.name}/_quarto.yml",
                    row=row,
                    found=f"{key} under format: {name}",
                    expected=f"one of {', '.join(_KNOWN_FORMAT[str(name)]) or 'nothing'}",
                    remedy="Take it out: this engine would ignore it.",
                )
    return formats


def _check_keys(
    report: Path,
    project: Mapping[str, object],
    metadata: Mapping[str, object],
    source: Source,
    faults: FaultList,
) -> None:
    """Fault settings that neither this engine nor the text knows."""
    asked = {s.argument.strip("\"'").split(".")[0] for s in source.shortcodes if s.name == "meta"}
    for line in source.written:
        asked |= {key.split(".")[0] for key in re.findall(r"-meta=[\"']?([\w.-]+)", line)}
    for key in metadata:
        if key in _KNOWN or key in asked or (key not in source.front and key not in project):
            continue
        _unknown(report, key, sorted(_KNOWN), "", source, faults)
    for key in _PROJECT_ONLY:
        if key in source.front:
            _unknown(report, key, [], "in the manuscript; it belongs into _quarto.yml: ", source,
                     faults)  # fmt: skip


def _unknown(
    report: Path, key: str, known: list[str], where: str, source: Source, faults: FaultList
) -> None:
    place = source.find(rf"^\s*{re.escape(key)}\s*:")
    file, row = place.file, place.row
    if not any(re.match(rf"\s*{re.escape(key)}\s*:", line) for line in source.written):
        file, row = f"{report.name}/_quarto.yml", _row(report / "_quarto.yml", key)
    near = nearest(key, known, enough=0.8)
    faults.add(
        kind="unknown-setting",
        file=file,
        row=row,
        found=f"{where}{key}",
        expected="a setting of docs/quarto-features.md, or one that the text asks for",
        remedy=did_you_mean(near, otherwise="Take it out: it would be ignored."),
    )


def _row(path: Path, key: str) -> int | None:
    """Return the row of a YAML file in which a key stands first."""
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    found = (at for at, line in enumerate(lines, 1) if re.match(rf"\s*{re.escape(key)}\s*:", line))
    return next(found, None)


def _yaml(report: Path, name: str, faults: FaultList) -> dict[str, object]:
    """Read a YAML file of keys and values; an absent one is empty."""
    path = report / name
    if not path.is_file():
        return {}
    row: int | None = None
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        read, row = str(error).split("\n", maxsplit=1)[0], mark.line + 1 if mark else None
    if read is None or isinstance(read, dict):
        return {str(key): value for key, value in (read or {}).items()}
    faults.add(
        kind="not-yaml",
        file=f"{report.name}/{name}",
        row=row,
        found=read if isinstance(read, str) else "a list",
        expected="keys and values in YAML, in UTF-8",
        remedy="Correct the file; a study's build writes the generated ones anew.",
    )
    return {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


# libyaml is ten times as fast where the wheel brings it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
