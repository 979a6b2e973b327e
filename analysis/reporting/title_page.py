"""The manuscript's metadata: title page, abstract, and what the study has."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import yaml

from analysis.settings import StudyFile

__all__ = ["expand", "title_page_yaml", "variables_yaml"]

VAR = re.compile(r"\{\{<\s*var\s+([\w.-]+)\s*>\}\}")
CONDITION = re.compile(
    r"\[([^\[\]]*)\]\{\.content-(visible|hidden)\s+(when|unless)-meta=\"([\w.-]+)\"\}"
)


def title_page_yaml(study: StudyFile, abstract: str | None) -> str:
    """Return the generated metadata of the manuscript as YAML.

    Parameters
    ----------
    study : StudyFile
    abstract : str or None
        Markdown without shortcodes: metadata that programs copy is not expanded by them.
    """
    meta: dict[str, Any] = {"title": study.study.title}
    if study.study.subtitle:
        meta["subtitle"] = study.study.subtitle
    meta["author"] = [
        {
            "name": {"literal": author.name} if author.is_group else author.name,
            **({"orcid": author.orcid} if author.orcid else {}),
            **({"email": author.email} if author.email else {}),
            **({"affiliations": [{"name": author.affiliation}]} if author.affiliation else {}),
        }
        for author in study.study.authors
    ]
    if abstract:
        meta["abstract"] = abstract.strip() + "\n"
    if study.study.keywords:
        meta["keywords"] = list(study.study.keywords)
    meta["lang"] = study.study.language
    meta["data"] = {"status": study.data.status}
    if study.is_synthetic:
        meta["data"]["synthetic"] = True
    meta["has"] = dict.fromkeys(sorted(study.has()), True)
    return _yaml(meta)


def variables_yaml(variables: Mapping[str, Any]) -> str:
    """Return nested variables as YAML, texts in quotes."""
    return _yaml(variables)


def expand(text: str, variables: Mapping[str, Any], has: Collection[str]) -> str:
    """Resolve ``var`` shortcodes and conditional spans of a text.

    Raises
    ------
    KeyError
        When a variable does not exist.
    """

    def condition(match: re.Match[str]) -> str:
        inner, kind, word, key = match.groups()
        holds = (key.removeprefix("has.") in has) == (word == "when")
        return inner if holds == (kind == "visible") else ""

    def value(match: re.Match[str]) -> str:
        found: Any = variables
        for part in match[1].split("."):
            found = found[part]
        return str(found)

    kept = CONDITION.sub(condition, text)
    return re.sub(r"[ \t]+(?=[ \n.,;])", "", VAR.sub(value, kept))


def _yaml(value: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(value), allow_unicode=True, sort_keys=True, width=10_000)
