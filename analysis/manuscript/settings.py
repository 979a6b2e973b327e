"""What the manuscript is set up with: Quarto's project file, the study's metadata, its variables.

Read as Quarto reads them: ``_quarto.yml``, over it the files that its ``metadata-files``
names, over these the head of the manuscript; ``_variables.yml`` apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from qdaio.faults import FaultList

__all__ = ["Settings", "merged", "read_settings"]

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
