"""Cells as papers print them, cut into the values that they hold.

``36.57 ± 12.39`` is a mean and an SD, ``4/7 (57.1%)`` a count, a whole and a percentage,
``36 [30–45]`` a value in the middle with the two ends around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

__all__ = ["SPLITTERS", "ends_of", "split_cell", "split_count", "split_mean", "split_percent"]

NUMBER = (
    r"(?:[<>≤≥⩽⩾]=?\s?)?[-−–+]?\s?(?:\d{1,3}(?:[,'’ \u00a0\u2009\u202f]\d{3})+|\d+)?"
    r"(?:[.,·∙⋅‧]\d+|(?<=\d))(?:\s?[*†‡§¶ªº⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏ]+|[a-f](?![a-zA-Z]))?"
)
UNIT = (
    r"(?:\s*(?:years?|yrs?|y|months?|weeks?|days?|hours?|h|min(?:utes)?|cm|mm|m|kg|g|mg|points?)"
    r"\b\.?(?:\s(?:of age|old))?)?"
)
DASH = r"\s*(?:[-–—−‐‑]|to|,|;)\s*"
MEAN_NAME = r"(?:mean|M|x̄|X̄)"
SD_NAME = r"(?:S\.?D\.?|std\.?(?: dev\.?)?|σ)"
OPEN, CLOSE = r"\s*[(\[]\s*", r"\s*[)\]]"


def _pattern(text: str) -> re.Pattern[str]:
    names = {"N": NUMBER, "U": UNIT, "D": DASH, "M": MEAN_NAME, "SD": SD_NAME}
    names |= {"OPEN": OPEN, "CLOSE": CLOSE}
    for name, pattern in names.items():
        text = text.replace(f"@{name}@", pattern)
    return re.compile(text, re.IGNORECASE)


PLUS_MINUS = _pattern(
    r"(?:@M@\s*[=:]?\s*)?(?P<mean>@N@)?@U@\s*(?:±|\+\s?/\s?[-−–])\s*"
    r"(?:@SD@\s*[=:]?\s*)?(?P<sd>@N@)@U@"
)
NAMED_SD = _pattern(
    r"(?:@M@\s*[=:]?\s*)?(?P<mean>@N@)@U@\s*(?:[;,]\s*|@OPEN@)@SD@\s*[=:]?\s*(?P<sd>@N@)@U@\s*[)\]]?"
)
ONLY_SD = _pattern(r"[(\[]?\s*@SD@\s*[=:]?\s*(?P<sd>@N@)@U@\s*[)\]]?")
WITH_ENDS = _pattern(
    r"(?P<name>median|mdn|@M@)?\s*[=:]?\s*(?P<centre>@N@)@U@\s*[;,]?\s*(?P<open>[(\[{])?\s*"
    r"(?P<what>IQR|interquartile range|range|min[-–]max|Q1[-–]Q3|CI"
    r"|95\s?%\s?(?:CI|confidence interval))?\s*[=:,]?\s*(?P<low>@N@)@D@(?P<high>@N@)@U@\s*[)\]}]?"
)
ENDS = _pattern(r"[(\[]?\s*(?P<low>@N@)@D@(?P<high>@N@)@U@\s*[)\]]?")
COUNT_OF = _pattern(
    r"(?:n\s*=\s*)?(?P<count>@N@)\s*(?:/|\bof\b|\bout of\b)\s*(?P<whole>@N@)"
    r"(?:\s*[,;]?\s*[(\[]?\s*(?P<percent>@N@)\s?%?\s*[)\]]?)?"
)
TWO = _pattern(r"(?:(?:@M@|n)\s*=\s*)?(?P<first>@N@)@U@@OPEN@(?P<second>@N@)\s?(?P<sign>%?)@CLOSE@")
SHARE_FIRST = _pattern(
    r"(?P<percent>@N@)\s?%@OPEN@(?:n\s*=\s*)?(?P<count>@N@)(?:\s?/\s?(?P<whole>@N@))?@CLOSE@"
)
ALONE = _pattern(
    r"[(\[]?\s*(?:(?:@M@|@SD@|n|median|mdn|p)\s*[=:]\s*)?(?P<value>@N@)@U@\s?(?P<sign>%?)\s*[)\]]?"
)


def _parts(match: re.Match[str], *names: str) -> dict[str, str]:
    return {name: match[name].strip() for name in names if match[name]}


def ends_of(text: str) -> tuple[str, str] | None:
    """Cut ``30–45``, ``(30, 45)`` or ``30 to 45`` in two; None where it is no such pair."""
    match = ENDS.fullmatch(text.strip())
    return (match["low"].strip(), match["high"].strip()) if match else None


def split_mean(text: str) -> dict[str, str]:
    """Cut what stands in a column of means.

    Examples
    --------
    >>> split_mean("36.57 ± 12.39 years")
    {'mean': '36.57', 'sd': '12.39'}
    >>> split_mean("36 [30-45]")
    {'centre': '36', 'low': '30', 'high': '45'}
    """
    for pattern in (PLUS_MINUS, NAMED_SD):
        if match := pattern.fullmatch(text):
            return _parts(match, "mean", "sd")
    if match := TWO.fullmatch(text):
        return {"mean": match["first"].strip(), "sd": match["second"].strip()}
    if (match := WITH_ENDS.fullmatch(text)) and (match["open"] or match["what"]):
        return _with_ends(match)
    if match := ALONE.fullmatch(text):
        return {"mean": match["value"].strip()}
    return {"mean": text}


def _with_ends(match: re.Match[str]) -> dict[str, str]:
    what = (match["what"] or "").casefold()
    name = (match["name"] or "").casefold()
    ends = {"low": match["low"].strip(), "high": match["high"].strip()}
    centre = match["centre"].strip()
    if "ci" in what or "confidence" in what:
        return {"mean": centre, "ci": f"{ends['low']} to {ends['high']}"}
    if name in ("median", "mdn"):
        return {"median": centre, **ends}
    is_range = what in ("range", "min-max", "min–max") or (not what and match["open"] == "(")
    if name or (is_range and what):
        return {"mean": centre, "range": f"{ends['low']} to {ends['high']}"}
    # a range beside a value in a column of means may be of a median all the same
    return {"centre": centre, **ends}


def split_sd(text: str) -> dict[str, str]:
    """Cut ``± 12.39``, ``(12.39)`` or ``SD = 12.39``."""
    if match := PLUS_MINUS.fullmatch(text):
        return _parts(match, "mean", "sd")
    if match := (ONLY_SD.fullmatch(text) or NAMED_SD.fullmatch(text)):
        return {name: value.strip() for name, value in match.groupdict().items() if value}
    if match := ALONE.fullmatch(text):
        return {"sd": match["value"].strip()}
    return {"sd": text}


def split_count(text: str) -> dict[str, str]:
    """Cut ``4 (57.1)``, ``4/7``, ``4 of 7 (57.1%)``, ``57.1% (4)`` or ``n = 4``.

    Examples
    --------
    >>> split_count("4/7 (57.1%)")
    {'count': '4', 'whole': '7', 'percent': '57.1'}
    """
    if match := COUNT_OF.fullmatch(text):
        return _parts(match, "count", "whole", "percent")
    if match := SHARE_FIRST.fullmatch(text):
        return _parts(match, "count", "whole", "percent")
    if match := TWO.fullmatch(text):
        return {"count": match["first"].strip(), "percent": match["second"].strip()}
    if match := ALONE.fullmatch(text):
        return {"percent" if match["sign"] else "count": match["value"].strip()}
    return {"count": text}


def split_n(text: str) -> dict[str, str]:
    """Cut ``n=7`` or ``(n = 7)``."""
    match = ALONE.fullmatch(text)
    return {"n": match["value"].strip() if match else text}


def split_percent(text: str) -> dict[str, str]:
    """Cut ``(57.1%)`` or ``4 (57.1)``."""
    if match := (SHARE_FIRST.fullmatch(text) or COUNT_OF.fullmatch(text)):
        return _parts(match, "count", "whole", "percent")
    if match := TWO.fullmatch(text):
        return {"count": match["first"].strip(), "percent": match["second"].strip()}
    if match := ALONE.fullmatch(text):
        return {"percent": match["value"].strip()}
    return {"percent": text}


def split_median(text: str) -> dict[str, str]:
    """Cut ``36 [30–45]`` or ``36 (IQR 30–45)``."""
    if match := WITH_ENDS.fullmatch(text):
        return {name: match[key].strip() for name, key in MEDIAN if match[key]}
    if match := ALONE.fullmatch(text):
        return {"median": match["value"].strip()}
    return {"median": text}


MEDIAN = (("median", "centre"), ("low", "low"), ("high", "high"))
FORMS = (PLUS_MINUS, NAMED_SD, COUNT_OF, SHARE_FIRST, TWO, WITH_ENDS, ALONE)


def split_cell(text: str) -> str:
    """Return the form of a paper's cell, before anything says what its numbers are.

    Returns
    -------
    str
        ``mean ± SD``, ``mean, SD``, ``count of whole``, ``% (n)``, ``a (b)``, ``a (b–c)``,
        ``a`` or nothing where it is none of these.
    """
    names = ("mean ± SD", "mean, SD", "count of whole", "% (n)", "a (b)", "a (b–c)", "a")
    for name, pattern in zip(names, FORMS, strict=True):
        if pattern.fullmatch(text):
            return name
    return ""


# a column's cells can fill these fields
SPLITTERS: Mapping[str, Callable[[str], dict[str, str]]] = {
    "n": split_n,
    "mean": split_mean,
    "sd": split_sd,
    "count": split_count,
    "percent": split_percent,
    "median": split_median,
    "whole": lambda text: {"whole": split_n(text)["n"]},
}
