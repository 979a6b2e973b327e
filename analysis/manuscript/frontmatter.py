"""What the manuscript is set up with, and what its title page says.

Read as Quarto reads them: ``_quarto.yml``, over it the files that its ``metadata-files``
names, over these the head of the manuscript; ``_variables.yml`` apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from qdaio.faults import FaultList

from .pandoc import Element, inlines_of, string, to_meta

__all__ = [
    "Author",
    "Settings",
    "author_meta",
    "document_meta",
    "merged",
    "read_authors",
    "read_settings",
]

# Keys of the project file that say how, not what; they are not part of the document.
_PROJECT_ONLY = ("project", "format", "execute", "filters", "metadata-files")


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
    """

    metadata: dict[str, object]
    formats: dict[str, dict[str, object]]
    filters: tuple[str, ...]
    variables: dict[str, object]

    def flag(self, key: str) -> bool:
        """Whether a dotted key of the metadata is true, as ``when-meta`` asks it.

        As in Quarto, a key that is absent, or is not true or false, counts as false.
        """
        value: object = self.metadata
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value is True

    def option(self, form: str, key: str) -> object:
        """Return an option of a format, or of the document where the format has none."""
        return self.formats.get(form, {}).get(key, self.metadata.get(key))


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


def read_settings(report: Path, front: Mapping[str, object], faults: FaultList) -> Settings:
    """Read the settings that lie beside a manuscript.

    Parameters
    ----------
    report : Path
        Folder with ``_quarto.yml`` and ``_variables.yml``; each may be absent.
    front : mapping
        Settings at the head of the manuscript.
    faults : FaultList
        Files that are no YAML, or that are named and missing, are added.

    Returns
    -------
    Settings
    """
    project = _yaml(report, "_quarto.yml", faults)
    metadata: dict[str, object] = {k: v for k, v in project.items() if k not in _PROJECT_ONLY}
    for name in _names(project.get("metadata-files")):
        if not (report / name).is_file():
            faults.add(
                kind="missing-metadata-file",
                file=f"{report.name}/_quarto.yml",
                column="metadata-files",
                found=name,
                expected="an existing file",
                remedy="Build the study, which makes it, or take the name out.",
            )
        metadata = merged(metadata, _yaml(report, name, faults))
    metadata = merged(metadata, front)
    formats = project.get("format")
    filters = tuple(
        str(item.get("path")) if isinstance(item, dict) else str(item)
        for item in _list(project.get("filters"))
    )
    return Settings(
        metadata=metadata,
        formats={
            str(name): options
            for name, options in (formats if isinstance(formats, dict) else {}).items()
            if isinstance(options, dict)
        },
        filters=tuple(name for name in filters if name.endswith(".lua")),
        variables=_yaml(report, "_variables.yml", faults),
    )


def _yaml(report: Path, name: str, faults: FaultList) -> dict[str, object]:
    """Read a YAML file of keys and values; an absent one is empty."""
    path = report / name
    if not path.is_file():
        return {}
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        read, row = str(error).split("\n", maxsplit=1)[0], mark.line + 1 if mark else None
    else:
        row = None
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


def _names(value: object) -> list[str]:
    return [str(item) for item in _list(value)]


# libyaml is ten times as fast where the wheel brings it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Author:
    """One author.

    Parameters
    ----------
    literal, given, family : str
        The whole name, and its parts where they are known.
    affiliations : tuple of str
        Names of institutions.
    orcid, email : str
        Empty where not given.
    corresponding : bool
        Whether letters go to this author.
    """

    literal: str
    given: str = ""
    family: str = ""
    affiliations: tuple[str, ...] = ()
    orcid: str = ""
    email: str = ""
    corresponding: bool = False


def read_authors(value: object) -> list[Author]:
    """Read ``author`` of the metadata.

    Parameters
    ----------
    value : object
        A name, a mapping, or a list of these, as Quarto's schema for authors allows: ``name``
        is text or ``{given, family}`` or ``{literal}``; ``affiliations`` is text, a mapping
        with ``name``, or a list of these.

    Returns
    -------
    list of Author
    """
    authors: list[Author] = []
    for item in value if isinstance(value, list) else [value] if value else []:
        given = item if isinstance(item, dict) else {"name": item}
        own = given.get("affiliations", given.get("affiliation"))
        places = [
            str(place.get("name", "")) if isinstance(place, dict) else str(place)
            for place in (own if isinstance(own, list) else [own] if own else [])
        ]
        authors.append(
            Author(
                *_name(given.get("name", given.get("literal", ""))),
                affiliations=tuple(place for place in places if place),
                orcid=str(given.get("orcid") or ""),
                email=str(given.get("email") or ""),
                corresponding=given.get("corresponding") is True,
            )
        )
    return authors


def author_meta(authors: list[Author]) -> dict[str, Element]:
    """Return authors as Pandoc's metadata.

    Parameters
    ----------
    authors : list of Author

    Returns
    -------
    dict
        ``author``: the names, for Word's properties and the page's head. ``by-author`` and
        ``by-affiliation``: Quarto's normal form, which templates of both engines read; each
        affiliation stands once, with its ``number``. ``correspondence``: where letters go.
        Empty without authors.
    """
    if not authors:
        return {}
    numbers: dict[str, int] = {}
    for author in authors:
        for place in author.affiliations:
            numbers.setdefault(place, len(numbers) + 1)
    places = {name: _affiliation(name, number) for name, number in numbers.items()}
    by_author = []
    for author in authors:
        parts = {"literal": author.literal, "given": author.given, "family": author.family}
        entry = {"name": to_meta({key: part for key, part in parts.items() if part})}
        for key, value in (("orcid", author.orcid), ("email", author.email)):
            if value:
                entry[key] = to_meta(value)
        if author.corresponding:
            entry["corresponding"] = to_meta(True)
        if author.affiliations:
            own = [places[name] for name in author.affiliations]
            entry["affiliations"] = {"t": "MetaList", "c": own}
        by_author.append({"t": "MetaMap", "c": entry})
    meta = {
        "author": to_meta([author.literal for author in authors]),
        "by-author": {"t": "MetaList", "c": by_author},
    }
    letters = [author.email for author in authors if author.corresponding and author.email]
    if letters:
        meta["correspondence"] = to_meta(", ".join(letters))
    if places:
        meta["by-affiliation"] = {"t": "MetaList", "c": list(places.values())}
    return meta


def _affiliation(name: str, number: int) -> Element:
    entry = {key: to_meta(v) for key, v in (("id", f"aff-{number}"), ("name", name))}
    entry["number"] = to_meta(number)
    raised = [{"t": "Superscript", "c": [string(str(number))]}]
    entry["raised"] = {"t": "MetaInlines", "c": raised}
    return {"t": "MetaMap", "c": entry}


def _name(value: object) -> tuple[str, str, str]:
    """Return a name whole, given and family; of a name in one piece the last word is family."""
    if isinstance(value, dict):
        given, family = str(value.get("given") or ""), str(value.get("family") or "")
        return str(value.get("literal") or f"{given} {family}".strip()), given, family
    literal = str(value).strip()
    given, _, family = literal.rpartition(" ")
    return literal, given, family if given else ""


# Everything else in the settings says how to make the document, not what it is.
_KEPT = (
    *("title", "subtitle", "abstract", "keywords", "lang", "data", "license", "copyright"),
    *("abstract-title", "reference-section-title"),
)


def document_meta(parsed: Element, settings: Settings) -> dict[str, Element]:
    """Return Pandoc's metadata of a document.

    Parameters
    ----------
    parsed : dict
        The metadata, its text parsed as Markdown.
    settings : Settings
        For the authors, whose names are text.

    Returns
    -------
    dict
        Title, abstract (always in paragraphs), keywords, language and ``data``; ``author`` as
        names, for Word and the page's head; ``by-author`` and ``affiliations`` in Quarto's
        normal form, for templates that both engines use.
    """
    given = parsed["c"]
    meta: dict[str, Element] = {key: given[key] for key in _KEPT if key in given}
    abstract = meta.get("abstract")
    if abstract:
        inlines = inlines_of(abstract)
        if inlines is not None:
            meta["abstract"] = {"t": "MetaBlocks", "c": [{"t": "Para", "c": inlines}]}
    meta.setdefault("lang", to_meta("en"))
    meta.setdefault("abstract-title", to_meta("Abstract"))
    return meta | author_meta(read_authors(settings.metadata.get("author")))
