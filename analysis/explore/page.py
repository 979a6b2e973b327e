"""The page as HTML that needs nothing else: no server, no network, no file beside it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from analysis.direction import first_direction, language
from analysis.explore.content import page_content, shown_attributes, small_combinations
from analysis.languages import find_language, on_page, speaking, spoken
from analysis.phrases import CODINGS, counted, listing, of_whole
from analysis.workspace import Workspace
from qdaio.files.writing import write_text

__all__ = ["TABULATOR", "UNMARKED", "as_json", "explore_page", "notice", "write_explore_page"]

# the library of the tables, and what its files must be: see vendor/README.md
TABULATOR = {
    "tabulator.min.js": "ffac518cb793c672a2f0522b7fc80bf862234d96bb1e581c8aaf7f48f130eafa",
    "tabulator_simple.min.css": "edef8839235a4b6a8c3dc391ec93f2ce1bc633dd5270a5f990753b6f9183d32b",
}
ABOUT = ("about", "About")
WITHOUT_SCRIPT = (
    "Searching, filtering and the tables need JavaScript, which is switched off. What stands in "
    "the code system, and the figures, can be read without it."
)
TREE_HINT = (
    "Choose a code to see what was coded with it and with all below it. Numbers: codings, {cases}."
)
CODING_IS = (
    "A coding is one code, applied to one segment. A category gathers its own codings and those "
    "of all codes below it."
)
ROW_IS = "Each coding is shown with the file and the row of the export that state it."
ROWS_LEAD = (
    "Where nothing is filtered, numbers lead to the list of rows behind them, in trace.html beside "
    "this page."
)
QUOTED = "Only segments that the coders marked as fit to quote are shown in words."
UNQUOTED = "What was said is not part of this page."
DRAWN = (
    "The page needs no network and asks for nothing. Its tables are drawn by Tabulator 6.5.3 "
    "(© 2015–2026 Oli Folkerd, MIT licence)."
)
# what page.js says
SCRIPT = (
    *("Code", "Codes", "Codings", "Level", "level {n}", "Its own", "Row", "File and row"),
    *("coding", "codings", "code", "codes", "sheet {sheet}", "row {row}"),
    *("{first}–{last} of {all}", "{codings} of {codes} from {cases}", "{codings} from {cases}"),
    *("{found}, of {all} in all", "By {group}", "Nothing is found.", "Build {build}"),
    *("Codings of all codes", "Back to the code", "Show {group} only"),
    "Of all codes. Choose one in the code system to see its own.",
    *("Theme: as the system", "Theme: light", "Theme: dark"),
    *("First", "Prev", "Next", "Last", "Page", "First page", "Previous page", "Next page"),
    "Last page",
)
UNMARKED = "0" * 16  # the build writes its id in place of it
# what would end a script, or be read otherwise in JavaScript than in JSON
UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
SOURCE_MAP = re.compile(r"\n?(?://|/\*)# sourceMappingURL=\S+(?: \*/)?\s*$")
SVG_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)
SVG_DESCRIPTION = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)


def write_explore_page(workspace: Workspace, figures: Sequence[Path]) -> str:
    """Write ``supplement.html`` among the products.

    Parameters
    ----------
    workspace : Workspace
        Of a study whose notebooks have run.
    figures : sequence of Path
        Drawings (SVG) in the order in which they are shown.

    Returns
    -------
    str
        What an author should know before the page is given to others; may be empty.
    """
    with speaking(find_language(workspace.study.study.language)):
        page = explore_page(page_content(workspace), workspace, figures)
    write_text(workspace.output / "supplement.html", page)
    alone, cases = small_combinations(workspace)
    if not alone or workspace.study.is_synthetic:
        return ""
    shown = listing(shown_attributes(workspace.study))
    return (
        f"On supplement.html, {of_whole(alone, cases, workspace.study.case_words[1])} have a "
        f"combination of {shown} that nobody else has, and could be known by it. Name fewer "
        "under [explore] attributes in study.toml, or keep the page to yourself."
    )


def explore_page(content: dict[str, Any], workspace: Workspace, figures: Sequence[Path]) -> str:
    """Return the page.

    Parameters
    ----------
    content : dict
        As of :func:`analysis.explore.content.page_content`.
    workspace : Workspace
    figures : sequence of Path
    """
    study = workspace.study
    style = "\n".join([_vendored("tabulator_simple.min.css"), _own("page.css")])
    scripts = [_own("theme.js"), _vendored("tabulator.min.js"), _own("page.js")]
    allowed = " ".join(map(_hash, scripts))
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    theme, library, page = scripts
    title = study.study.title
    # a page for blind review names nobody
    shown = [] if study.manuscript.blind else study.study.authors
    names = ", ".join(author.name for author in shown)
    drawings = [found for path in figures if (found := _figure(path))]
    say = on_page
    cases = content["caseWords"][1]
    tables = "".join(
        f"""<h3 id="{name}-table-title">{escape(title)}</h3>
<div id="{name}-table"></div>
<div class="pages" id="{name}-pages"><span class="count" id="{name}-count"></span></div>
"""
        for name, title in (("codes", say("Codes")), ("cases", content["casesTitle"]))
    )
    parts = [("codes", "Code system"), ("codings", "Codings"), ("tables", "Tables")]
    parts += [("figures", "Figures")] if drawings else []
    links = "\n".join(
        f'<li><a href="#{at}">{escape(say(name))}</a></li>' for at, name in [*parts, ABOUT]
    )
    content = {**content, "words": {words: say(words) for words in SCRIPT}}
    return f"""<!DOCTYPE html>
{opening(study.study.language)}
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="study-build" content="{UNMARKED}">
<meta name="author" content="{escape(names)}">
<title>{escape(say("{title}: the study to explore", title=title))}</title>
<style>
{style}
</style>
<script>{theme}</script>
</head>
<body>
<header>
<a class="skip" href="#codes">{escape(say("To the code system"))}</a>
{notice(study.is_synthetic, study.study.language)}
<div class="head">
<h1 dir="auto" lang="{escape(study.study.language)}">{escape(title)}</h1>
<p class="authors"><bdi>{escape(names)}</bdi></p>
<nav aria-label="{escape(say("Parts of this page"))}"><ul>
{links}
</ul>
<button type="button" id="theme">{escape(say("Theme: as the system"))}</button>
</nav>
</div>
</header>
<main>
<noscript><p>{escape(say(WITHOUT_SCRIPT))}</p></noscript>
{_filters(content)}
<div class="panes">
<section id="codes" aria-labelledby="codes-title" tabindex="-1">
<h2 id="codes-title">{escape(say("Code system"))}</h2>
<p class="hint" id="tree-hint">{escape(say(TREE_HINT, cases=cases))}</p>
<p class="tools"><button type="button" id="unfold">{escape(say("Unfold all"))}</button>
<button type="button" id="fold">{escape(say("Fold all"))}</button></p>
{_tree(content)}
</section>
<section id="codings" aria-labelledby="codings-title" tabindex="-1">
<h2 id="codings-title">{escape(say("Codings"))}</h2>
<div id="chosen"></div>
{_rows_of(content)}
<div id="codings-table"></div>
<div class="pages" id="codings-pages"><span class="count" id="codings-count"></span></div>
</section>
</div>
<section id="tables" aria-labelledby="tables-title" tabindex="-1">
<h2 id="tables-title">{escape(say("Tables"))}</h2>
{tables}</section>
{_figures(drawings)}
{_about(content)}
</main>
<script type="application/json" id="content">{as_json(content)}</script>
<script>{library}</script>
<script>{page}</script>
</body>
</html>
"""


def opening(tag: str) -> str:
    """Return the start of a page in the language of the study, as far as its words are known."""
    language = find_language(tag)
    turned = ' dir="rtl"' if language.of_pages == tag and language.is_right_to_left else ""
    return f'<html lang="{escape(language.of_pages)}"{turned}>'


def as_json(value: object) -> str:
    r"""Return JSON that can stand in a script of a page, whatever its texts hold.

    Examples
    --------
    >>> as_json(["</script>", "<!--"])
    '["\\u003c/script\\u003e","\\u003c!--"]'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return re.sub("[<>&\u2028\u2029]", lambda found: UNSAFE[found[0]], text)


def _own(name: str) -> str:
    return files("analysis.explore").joinpath(name).read_text(encoding="utf-8")


def _vendored(name: str) -> str:
    """Read a file of the library, which must be the one that was looked at."""
    content = files("analysis.explore").joinpath("vendor", name).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != TABULATOR[name]:
        raise ValueError(f"{name} is not the file of Tabulator that belongs to this version")
    # a map that is not there would be asked for
    return SOURCE_MAP.sub("", content.decode("utf-8"))


def _hash(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest())
    return f"'sha256-{digest.decode('ascii')}'"


def _direction(text: str) -> str:
    """Return the attributes of direction, and of language where the script tells it."""
    if first_direction(text) == "R":
        return f'dir="rtl" lang="{language(text)}"'
    return 'dir="auto"'


def notice(is_synthetic: bool, tag: str = "en") -> str:
    """Return the banner of a page whose data are synthetic; nothing for other data."""
    if not is_synthetic:
        return ""
    return f'<p class="notice">{escape(find_language(tag).page["synthetic"])}</p>'


def _filters(content: dict[str, Any]) -> str:
    selects = []
    for at, facet in enumerate(content["facets"]):
        options = "".join(
            f'<option value="{place}" dir="auto">{escape(value)}</option>'
            for place, value in enumerate(facet["values"])
        )
        selects.append(
            f'<p><label for="facet-{at}" dir="auto">{escape(facet["name"])}</label>'
            f'<select id="facet-{at}" data-facet="{at}">'
            f'<option value="">{escape(on_page("all"))}</option>'
            f"{options}</select></p>"
        )
    quoted = ""
    if content["quotes"]:
        quoted = (
            '<p class="check"><input type="checkbox" id="quoted">'
            f'<label for="quoted">{escape(on_page("with a quotation"))}</label></p>'
        )
    what = on_page("Search codes and quotations" if content["quotes"] else "Search codes")
    return f"""<form id="filters" role="search" aria-label="{escape(on_page("Search and filter"))}">
<p class="wide"><label for="search">{escape(what)}</label>
<input type="search" id="search" autocomplete="off" spellcheck="false" dir="auto"></p>
{"".join(selects)}
{quoted}
<p class="check"><button type="reset">{escape(on_page("Show all"))}</button></p>
<p id="found" role="status" aria-live="polite"></p>
</form>"""


def _tree(content: dict[str, Any]) -> str:
    """Return the code system as a tree, all of it, so that it can be read without a script."""
    codes, case_words = content["codes"], content["caseWords"]
    children: dict[int, list[int]] = {}
    for at, parent in enumerate(codes["parent"]):
        children.setdefault(parent, []).append(at)
    most = max(codes["codings"], default=1) or 1
    codings = tuple(map(on_page, CODINGS))
    lines: list[str] = []

    def item(at: int, depth: int, of: int, place: int) -> None:
        below = children.get(at, [])
        label = codes["label"][at]
        n, cases = codes["codings"][at], codes["cases"][at]
        folded = ' aria-expanded="false"' if below else ""
        lines.append(
            f'<li role="none"><div role="treeitem" class="row" id="code-{at}" '
            f'aria-level="{depth}" aria-setsize="{of}" aria-posinset="{place}" '
            f'aria-selected="false"{folded}><span class="twist"></span>'
            f'<span class="name"><bdi {_direction(label)}>{escape(label)}</bdi></span> '
            f'<span class="bar"><i style="width:{round(100 * n / most)}%"></i></span>'
            f"{_number(n, codings)} {_number(cases, case_words)}</div>"
        )
        if below:
            lines.append('<ul role="group">')
            for position, child in enumerate(below, 1):
                item(child, depth + 1, len(below), position)
            lines.append("</ul>")
        lines.append("</li>")

    roots = children.get(-1, [])
    for position, root in enumerate(roots, 1):
        item(root, 1, len(roots), position)
    inside = "\n".join(lines)
    return (
        '<ul role="tree" id="tree" aria-labelledby="codes-title" aria-describedby="tree-hint">\n'
        f"{inside}\n</ul>"
    )


def _is_one_table(content: dict[str, Any]) -> bool:
    """Whether all codings come from one sheet, which is then named once."""
    return len(content["files"]) == 1 and len(content["sheets"]) <= 1


def _rows_of(content: dict[str, Any]) -> str:
    if not _is_one_table(content):
        return ""
    return f'<p class="hint">{rows_of(content["files"][0], *content["sheets"])}</p>'


def rows_of(file: str, sheet: str = "") -> str:
    """Say which file, and which sheet of it, rows are those of."""
    place = f"<bdi>{escape(file)}</bdi>"
    if sheet:
        place += ", " + on_page("sheet {sheet}", sheet=f"<bdi>{escape(sheet)}</bdi>")
    return on_page("Rows are those of {place}.", place=place)


def _number(n: int, words: Sequence[str]) -> str:
    """Return a count with its noun for those who hear the page."""
    noun = counted(n, words).partition(" ")[2]
    unseen = f'<span class="unseen"> {escape(noun)}</span>'
    return f'<span class="n"><b>{spoken().number(f"{n:,}")}</b>{unseen}</span>'


def _figure(path: Path) -> tuple[str, str, str] | None:
    """Return the caption, the alternative text and the drawing of a figure as an address."""
    drawing = path.read_bytes()
    text = drawing.decode("utf-8")
    title, description = SVG_TITLE.search(text), SVG_DESCRIPTION.search(text)
    if description is None:
        return None
    # both are escaped in the drawing as they must be here
    caption = title[1] if title else ""
    address = "data:image/svg+xml;base64," + base64.b64encode(drawing).decode("ascii")
    return caption, description[1].replace('"', "&quot;"), address


def _figures(drawings: Iterable[tuple[str, str, str]]) -> str:
    parts = [
        f'<figure><div class="drawing" tabindex="0"><img src="{address}" alt="{said}"></div>'
        f"<figcaption><bdi>{caption}</bdi></figcaption></figure>"
        for caption, said, address in drawings
    ]
    if not parts:
        return ""
    inside = "\n".join(parts)
    return (
        '<section id="figures" aria-labelledby="figures-title" tabindex="-1">\n'
        f'<h2 id="figures-title">{escape(on_page("Figures"))}</h2>\n'
        f'<div class="gallery">\n{inside}\n</div>\n</section>'
    )


def _about(content: dict[str, Any]) -> str:
    said = [CODING_IS, ROW_IS]
    said += [ROWS_LEAD] if content["traced"] else []
    said += [QUOTED if content["quotes"] else UNQUOTED, DRAWN]
    inside = "\n".join(f"<p>{escape(line)}</p>" for line in map(on_page, said))
    return (
        '<section id="about" aria-labelledby="about-title" tabindex="-1">\n'
        f'<h2 id="about-title">{escape(on_page("About"))}</h2>\n{inside}\n'
        '<p id="build"></p>\n</section>'
    )
