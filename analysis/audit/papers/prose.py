"""What the text of a paper states that its tables, or the text elsewhere, state too.

A pattern of words says little by itself. What it finds is held against something only where
several of its kind agree with it: five themes with their counts in the text and in a table
are the same counts if four of them are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.audit.ledger import WORDS, parse_count
from analysis.audit.papers.numbers import (
    SIZE,
    is_close,
    is_like,
    is_misprint,
    is_near,
    is_number,
    is_share_of,
    to_int,
)
from analysis.audit.papers.paper import Paper, PaperTable
from analysis.audit.words import loose, plain

__all__ = ["Prose"]

WHOLE = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
NUMBERS = "|".join(("\\d+", *WORDS[1:]))
STATISTIC = re.compile(
    r"(?P<statistic>(?:\bt|\bF|\br|χ\s?[²2]|\b[zZ])\s?(?:\([^()]{1,24}\))?\s?=\s?"
    r"[-−–]?\s?\d*\.?\d+)(?:\s*[,;]\s*(?:df|d\.f\.)\s*=\s*(?P<df>\d+))?"
    r"\s*[,;]?\s*(?P<p>[pP]\s*[<>=≤≥]\s*0?\.\d+)"
)
CORRECTED = re.compile(
    r"bonferroni|holm|tukey|scheff|sidak|šidák|benjamini|false discovery|adjusted p|p.adjusted|"
    r"corrected p|p.corrected|multiple comparison|multiple testing|permutation|bootstrap|"
    r"greenhouse|huynh|welch|partial corr",
    re.IGNORECASE,
)
# their p is exact, or of a table, and not that of the z beside it
OF_RANKS = re.compile(
    r"mann.whitney|wilcoxon|rank.?sum|signed.?rank|exact|kruskal|\bU\s?=|\bW\s?=|sign test|"
    r"kolmogorov|permut|bootstrap|moran|mantel|log.?rank",
    re.IGNORECASE,
)
LISTED = re.compile(r"\b(\d[\d,]*)\s+(\w[\w\s/-]*?)\s*\(([^()]*\d[^()]*)\)")
LISTED_AFTER = re.compile(rf"\b({WHOLE})\s+([a-z][\w /-]{{2,40}}?):\s+({WHOLE}\s[^.;:()]{{5,200}})")
PART = re.compile(r"\s*(?:and\s+)?(\d[\d,]*)\s+([A-Za-z][\w\s/'-]*?)\s*")
COUNTED = r"(?<![\d.,])\b({number})\s+(?:main |generic |distinct |different )*{noun}\b"
# “12 of the 32 participants (37.5%)”, “12/32 (38%)”
SHARE = re.compile(
    rf"\b({WHOLE})\s*(?:/|\bof(?: the| all)?\b|\bout of(?: the)?\b)\s*({WHOLE})"
    r"(?:\s+[A-Za-z-]+){0,4}?\s*[(\[]\s*(\d+(?:\.\d+)?)\s?%\s*[)\];,](?!\s*(?:95|CI|conf))"
)
# “161 codings (9.4% of all)”
NOUN_SHARE = re.compile(rf"\b({WHOLE})\s+([a-z]{{4,20}})\s*\((\d+(?:\.\d+)?)%(?: of all)?\)")
# “In 2 subcategories: Care continuity (93); Accreditation (68)”
COUNTS_OF = re.compile(
    rf"\b({NUMBERS})\s+([a-z][a-z -]{{3,30}}?):\s+"
    r"((?:[^();:]{2,160}\(\d[\d,]*\)\s*;\s*)+[^();:]{2,160}\(\d[\d,]*\))",
    re.IGNORECASE,
)
NAMED = re.compile(r"\s*([^();:]+?)\s*\((\d[\d,]*)\)\s*(?:;|$)")
OF_THE = re.compile(rf"\b({WHOLE}) of the ({WHOLE}) ([a-z]{{4,20}})(?=[.,;)]| under\b|$)")
FIRST = re.compile(rf"({WHOLE}) ([a-z]{{4,20}})\b")
# “There are 161 codings”, “This main category gathers 161 codings”
OPENING = re.compile(
    rf"(?:There (?:are|were|is|was) |(?:This|It)\b[^.;:()\d]{{0,60}}? )?({WHOLE}) ([a-z]{{4,20}})\b"
)
FROM = re.compile(rf"\bfrom (?:all )?({WHOLE})(?: of the {WHOLE})? ([a-z]{{4,20}})\b")
# “concern unaffordability (67 codings; …”
IN_BRACKETS = re.compile(rf"\((?:n\s?=\s?)?({WHOLE})(?: ([a-z]{{4,20}}))?\s?[;),]")
MEAN_SD = re.compile(
    r"(?<![\d.,-])(\d{1,4}\.\d{1,3})(?: [a-z]+){0,3}\s*"
    r"(?:\((?:SD|S\.D\.|standard deviation)\s*[=:]?\s*|±\s*)(\d{1,4}\.\d{1,3})(?![\d%])"
)
LONGEST = 20_000
# what is found is held against something from so many that agree, and from this share
FEWEST, MOST = 3, 0.8


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that a text or a table gives a label: its codings, its people.

    Attributes
    ----------
    label : str
        In its loose form.
    number : str
        As printed.
    id : str
        Of its row in the ledger, where it has one.
    row : dict of str to str
        To be added to the ledger, where it has none.
    """

    label: str
    number: str
    id: str
    row: dict[str, str]


class Prose:
    """Reads the text of a paper into rows of a ledger.

    Parameters
    ----------
    paper : Paper
    rows : list of dict
        Gets the rows.

    Attributes
    ----------
    size_of : dict of str to str
        By label, the id of the row that says how many people it is.
    """

    def __init__(self, paper: Paper, rows: list[dict[str, str]]) -> None:
        self.paper, self.rows = paper, rows
        self.texts = [text[:LONGEST] for text in paper.paragraphs]
        self.size_of: dict[str, str] = {}
        self._stated: dict[str, Counter[int]] = {}

    def said(self, head: str) -> list[int]:
        """Return the numbers that the text states of what the head of a column names."""
        if not self._stated:
            for text in self.texts:
                for match in FIRST.finditer(text):
                    self._stated.setdefault(match[2], Counter())[to_int(match[1])] += 1
        words = re.findall(r"[a-z]{4,20}", head.casefold())
        return [n for word in words for n, _ in self._stated.get(word, Counter()).most_common(40)]

    def rest(self) -> None:
        """Read what is held against the tables that were read before."""
        self._lists()
        self._tests()
        self._shares()
        self._shares_of_a_noun()
        self._announced()
        self._samples()
        self._facts()
        self._means()

    # sizes

    def sizes(self) -> None:
        """Read ``32 interviews (7 patients, 5 caregivers …)``: a whole and its parts.

        It is certain where the parts add up to the whole, or where all but one of them head
        columns or rows of tables.
        """
        stubs = {
            loose(SIZE.sub("", cell.text).replace("()", ""))
            for table in self.paper.tables
            for row in table.grid
            for cell in row
            if cell.text and len(cell.text) < 60
        }
        first: dict[str, int] = {}
        for text in self.texts:
            matches = [*LISTED.finditer(text), *LISTED_AFTER.finditer(text)]
            for match in sorted(matches, key=lambda one: one.start()):
                pieces = re.split(r"[,;]|\band\b", match[3])
                pieces = [piece for piece in pieces if piece.strip()]
                parts = [part for piece in pieces if (part := PART.fullmatch(piece))]
                if len(parts) < 2 or len(parts) < len(pieces):
                    continue
                labels = [loose(part[2]) for part in parts]
                numbers = [to_int(part[1]) for part in parts]
                is_sum = sum(numbers) == to_int(match[1])
                is_known = (
                    len(labels) > 2 and sum(label in stubs for label in labels) >= len(labels) - 1
                )
                again = [label for label in labels if label in first]
                same = sum(first.get(label) == n for label, n in zip(labels, numbers, strict=True))
                if again:
                    if len(again) == len(labels) and len(labels) > 2 and same >= len(labels) - 1:
                        self._add_list(match, parts, labels, numbers, is_again=True)
                    continue
                if is_sum or is_known:
                    self._add_list(match, parts, labels, numbers, is_again=False)
                    first |= dict(zip(labels, numbers, strict=True))

    def _add_list(
        self,
        match: re.Match[str],
        parts: Sequence[re.Match[str]],
        labels: Sequence[str],
        numbers: Sequence[int],
        *,
        is_again: bool,
    ) -> None:
        whole, place = f"size-{len(self.rows) + 1}", f"“{match[0]}”"
        self.rows.append({"id": whole, "section": "Text", "place": place, "count": match[1]})
        for label, part in zip(labels, parts, strict=True):
            row = {
                "id": f"{whole}-{label}",
                "section": "Text",
                "place": f"{place}, {part[2].strip()}",
                "count": part[1],
                "part_of": f"{whole} by list",
            }
            if is_again:
                row["same_as"] = self.size_of[label]
            else:
                self.size_of[label] = row["id"]
            self.rows.append(row)

    # counts announced and lists given

    def _lists(self) -> None:
        """Hold counts that the text announces against the tables that list what is counted."""
        for number, table in enumerate(self.paper.tables, start=1):
            if re.search(r"example|selected|excerpt|sample of|continued", table.caption, re.I):
                continue
            for noun, items in _listed(table):
                mentions = list(self._mentions(noun))
                if len(items) < 2 or not mentions:
                    continue
                counts = Counter(count for count, _, _ in mentions)
                # seven subcategories may well be others than the eight of a table
                if len(items) not in counts:
                    continue
                is_often = counts[len(items)] > 1
                mentions = [
                    one
                    for one in mentions
                    if one[0] == len(items) or (is_often and is_near(one[0], len(items)))
                ]
                self._add_listed(f"list-{number}-{noun}", table, noun, items, mentions)

    def _add_listed(
        self,
        key: str,
        table: PaperTable,
        noun: str,
        items: Sequence[str],
        mentions: Sequence[tuple[int, str, str]],
    ) -> None:
        for at, (_, printed, place) in enumerate(mentions, start=1):
            row = {
                "id": f"{key}-{at}",
                "section": "Text",
                "place": f"mention {at}, {place}",
                "printed": printed,
                "kind": "count",
            }
            if at > 1:
                row["same_as"] = f"{key}-1"
            self.rows.append(row)
        for at, item in enumerate(items, start=1):
            self.rows.append(
                {
                    "id": f"{key}-item-{at}",
                    "section": table.label,
                    "place": f"{noun} {at}",
                    "printed": item,
                    "kind": "label",
                    "lists": f"{key}-1 in {table.label}",
                }
            )

    def _mentions(self, noun: str) -> Iterator[tuple[int, str, str]]:
        """Give the counts of a thing in the text: ``38 subcategories``."""
        stem = noun[:-1] + "ies" if noun.endswith("y") else noun.rstrip("s") + "s"
        stem = stem if not noun.endswith("ies") else noun
        words = re.escape(stem).replace("sub", "sub-?").replace(r"\ ", r"\s+")
        pattern = re.compile(COUNTED.format(number=NUMBERS, noun=words), re.IGNORECASE)
        for text in self.texts:
            for match in pattern.finditer(text):
                # “in 2 subcategories: …” counts those of one place
                if text[match.end() :].lstrip().startswith(":"):
                    continue
                # a number of a section: “1 Categories and their frequencies”
                if not match.start() and text[match.end(1) :].lstrip()[:1].isupper():
                    continue
                before = text[: match.start()].rstrip().casefold()
                if before.endswith((" of", " these", " those", " first", " last", " other", " in")):
                    continue
                number = parse_count(match[1])
                if number is not None:
                    yield number.digits, match[1], _around(text, match)

    def _announced(self) -> None:
        """Hold ``161 codings in 2 themes: Care (93); Trust (68)`` against its own list."""
        places = []
        for text in self.texts:
            for match in COUNTS_OF.finditer(text):
                items = NAMED.findall(match[3])
                number = parse_count(match[1])
                total = OPENING.match(text) if match.start() else None
                if number is not None:
                    places.append((text, match, items, number.digits, total))
        listed = [len(items) == n for _, _, items, n, _ in places]
        if sum(listed) >= FEWEST and sum(listed) >= MOST * len(listed):
            for at, (text, match, items, _, _) in enumerate(places, start=1):
                self._add_names(f"named-{at}", text, match, items)
        sums = [
            (match, items, total)
            for _, match, items, _, total in places
            if total is not None and len(items) > 1
        ]
        even = [sum(to_int(n) for _, n in items) == to_int(total[1]) for _, items, total in sums]
        if sum(even) < FEWEST or sum(even) < MOST * len(even):
            return
        for at, (match, items, total) in enumerate(sums, start=1):
            key, place = f"sum-{at}", f"“{total[0]}: {match[3][:60]} …”"
            self.rows.append({"id": key, "section": "Text", "place": place, "count": total[1]})
            for step, (label, count) in enumerate(items, start=1):
                self.rows.append(
                    {
                        "id": f"{key}-{step}",
                        "section": "Text",
                        "place": f"{place}, {label}",
                        "count": count,
                        "part_of": f"{key} by list",
                    }
                )

    def _add_names(
        self, key: str, text: str, match: re.Match[str], items: Sequence[tuple[str, str]]
    ) -> None:
        place = _around(text, match, 0)
        self.rows.append(
            {
                "id": key,
                "section": "Text",
                "place": place,
                "printed": match[1],
                "kind": "count",
            }
        )
        for at, (label, _) in enumerate(items, start=1):
            self.rows.append(
                {
                    "id": f"{key}-{at}",
                    "section": "Text",
                    "place": f"{place}, item {at}",
                    "printed": label,
                    "kind": "label",
                    "lists": f"{key} in the sentence",
                }
            )

    # tests

    def _tests(self) -> None:
        """Read ``t(28) = 2.31, p = .028`` wherever it stands."""
        texts = [("Text", text) for text in self.texts]
        texts += [
            (table.label, cell.text[:LONGEST])
            for table in self.paper.tables
            for row in table.grid
            for cell in row
            if cell.is_first
        ]
        is_corrected = any(CORRECTED.search(text) for text in self.texts)
        at = 0
        for section, text in texts:
            for match in STATISTIC.finditer(text):
                statistic = match["statistic"]
                around = text[max(match.start() - 200, 0) : match.end() + 60]
                if statistic[0] in "zZ" and OF_RANKS.search(around):
                    continue
                if match["df"] and "(" not in statistic:
                    statistic = statistic.replace("=", f"({match['df']}) =", 1)
                at += 1
                row = {
                    "section": section,
                    "place": f"test {at}, {_around(text, match)}",
                    "statistic": statistic,
                    "p": match["p"],
                }
                if is_corrected:
                    row["rule"] = "corrected"
                self.rows.append(row)

    # shares

    def _shares(self) -> None:
        """Read ``12 of the 32 participants (37.5%)``."""
        found = [(text, match) for text in self.texts for match in SHARE.finditer(text)]
        good = [is_share_of(match[3], match[2], match[1]) for _, match in found]
        are_shares = sum(good) >= FEWEST and sum(good) >= MOST * len(good)
        for at, ((text, match), is_good) in enumerate(zip(found, good, strict=True), start=1):
            if not (is_good or are_shares or is_misprint(match[3], match[2], match[1])):
                continue
            self._add_share(f"share-{at}", text, match, match[2])

    def _add_share(self, key: str, text: str, match: re.Match[str], whole: str) -> None:
        self.rows.append(
            {
                "id": key,
                "section": "Text",
                "place": f"share {key.partition('-')[2]}, {_around(text, match)}",
                "count": match[1],
                "whole": whole,
                "percent": match[3],
            }
        )

    def _shares_of_a_noun(self) -> None:
        """Read ``161 codings (9.4% of all)``, where the text says how many codings there are."""
        by_noun: dict[str, list[tuple[str, re.Match[str]]]] = {}
        for text in self.texts:
            for match in NOUN_SHARE.finditer(text):
                by_noun.setdefault(match[2], []).append((text, match))
        for noun, found in by_noun.items():
            wholes: Counter[str] = Counter()
            for text in self.texts:
                wholes.update(m[1] for m in FIRST.finditer(text) if m[2] == noun)
            good = {
                whole: sum(is_share_of(match[3], whole, match[1]) for _, match in found)
                for whole in wholes
            }
            best = max(good, key=lambda whole: good[whole], default="")
            if not best or good[best] < FEWEST or good[best] < MOST * len(found):
                continue
            for at, (text, match) in enumerate(found, start=1):
                self._add_share(f"share-{noun} {at}", text, match, best)

    def _samples(self) -> None:
        """Read ``31 of the 32 participants``, where the text says so again and again."""
        by_noun: dict[str, list[tuple[str, re.Match[str]]]] = {}
        for text in self.texts:
            for match in OF_THE.finditer(text):
                by_noun.setdefault(match[3], []).append((text, match))
        for noun, found in by_noun.items():
            counts = Counter(match[2] for _, match in found)
            usual, often = counts.most_common(1)[0]
            if often < 8 or often < 0.9 * len(found):
                continue
            first = ""
            for at, (text, match) in enumerate(found, start=1):
                key = f"of-the-{noun}-{at}"
                # one that is no misprint of the usual number is another sample
                if match[2] != usual and not is_close(match[2], usual):
                    continue
                place = f"of the {noun} {at}, {_around(text, match)}"
                row = {"id": key, "section": "Text", "place": place, "count": match[2]}
                if first:
                    row["same_as"] = first
                elif match[2] == usual:
                    first = key
                self.rows.append(row)
                if to_int(match[1]) > to_int(match[2]):
                    part = {"section": "Text", "place": f"{place}, of them", "count": match[1]}
                    self.rows.append(part | {"whole": key})

    # one quantity in two places

    def _facts(self) -> None:
        """Hold counts of the same things against each other, where most of them agree."""
        texts = self._text_facts()
        tables = list(self._table_facts())
        heads = {
            name: [other for n, other, _ in tables if n.partition(".")[0] == name.partition(".")[0]]
            for name, _, _ in tables
        }
        done: set[tuple[str, str]] = set()
        for name, facts in texts.items():
            others = [
                *((n, f) for n, head, f in tables if _is_of_noun(name, head, heads[n])),
                *((n, f) for n, f in texts.items() if n != name and _noun(n) == _noun(name)),
            ]
            for other, theirs in others:
                if (other, name) in done:
                    continue
                pairs = [(one, theirs[label]) for label, one in facts.items() if label in theirs]
                even = sum(to_int(a.number) == to_int(b.number) for a, b in pairs)
                if even < FEWEST or even < min(MOST * len(pairs), len(pairs) - 1):
                    continue
                done.add((name, other))
                for one, two in pairs:
                    # what is no misprint is of something else that has the same name
                    if is_like(one.number, two.number):
                        self._link(one, two)

    def _link(self, one: Fact, other: Fact) -> None:
        by_id = {row["id"]: row for row in self.rows if "id" in row}
        for fact in (one, other):
            if fact.id not in by_id:
                self.rows.append(fact.row)
                by_id[fact.id] = fact.row
        row = by_id[one.id]
        links = [link for link in row.get("same_as", "").split("; ") if link]
        row["same_as"] = "; ".join(dict.fromkeys([*links, other.id]))

    def _text_facts(self) -> dict[str, dict[str, Fact]]:
        """Give what the text says of labels: in lists, and below headings of that name."""
        found: dict[str, dict[str, Fact]] = {}

        def add(name: str, label: str, number: str, place: str) -> None:
            facts = found.setdefault(name, {})
            key = loose(label)
            if len(key) < 4:
                return
            id_ = f"fact-{name}-{len(facts) + 1}"
            row = {"id": id_, "section": "Text", "place": place, "count": number}
            facts.setdefault(key, Fact(key, number, id_, row))

        known = self._labels()
        for at, text in enumerate(self.texts):
            for match in IN_BRACKETS.finditer(text):
                label = _last_label(text[max(match.start() - 160, 0) : match.start()], known)
                if label:
                    add(f"brackets {match[2] or ''}", label, match[1], f"“{label} {match[0]}”")
            for match in COUNTS_OF.finditer(text):
                for label, number in NAMED.findall(match[3]):
                    add("list", label, number, f"list, “{label} ({number})”")
            heading = re.sub(r"^[\d.]+\s+", "", self.texts[at - 1]) if at else ""
            if not heading or len(heading) > 150 or heading.endswith((".", ":", ")")):
                continue
            if (said := OPENING.match(text)) is not None:
                add(said[2], heading, said[1], f"{heading}, “{said[0]}”")
                if (people := FROM.search(text[:300])) is not None:
                    add(f"{people[2]} of", heading, people[1], f"{heading}, “{people[0]}”")
        return found

    def _labels(self) -> set[str]:
        """Return the labels of rows with several words or a long one, in their loose form."""
        return {
            label
            for table in self.paper.tables
            for row in table.grid[table.heads :]
            for cell in row[:2]
            if not any(c.isdigit() for c in cell.text) and len(label := loose(cell.text)) > 5
        }

    def _table_facts(self) -> Iterator[tuple[str, str, dict[str, Fact]]]:
        """Give what each column of whole numbers says of the labels of its rows."""
        for number, table in enumerate(self.paper.tables, start=1):
            body = table.grid[table.heads :]
            often = Counter(label for row in body for label in {loose(c.text) for c in row[:2]})
            for at in range(1, len(table.grid[0])):
                facts: dict[str, Fact] = {}
                twice = {label for label, n in often.items() if n > 1}
                for line in range(table.heads, len(table.grid)):
                    row = table.grid[line]
                    if not is_number(row[at].text) or not row[at].is_first:
                        continue
                    for cell in dict.fromkeys(one.text for one in row[:at]):
                        label = loose(cell)
                        if len(label) < 4 or label.isdigit():
                            continue
                        twice |= {label} & set(facts)
                        facts[label] = self._cell_fact(number, table, line, at, cell)
                head = " ".join(row[at].text for row in table.grid[: table.heads])
                yield f"t{number}.{at}", head, {k: f for k, f in facts.items() if k not in twice}

    def _cell_fact(self, number: int, table: PaperTable, line: int, at: int, label: str) -> Fact:
        head = ", ".join(dict.fromkeys(row[at].text for row in table.grid[: table.heads]))
        text = table.grid[line][at].text
        row = {
            "id": f"t{number}.{line}.{at}",
            "section": table.label,
            "row": label,
            "column": head,
            "count": text,
        }
        return Fact(loose(label), text, row["id"], row)

    def _means(self) -> None:
        """Hold ``42.43 years (SD 11.23)`` against a cell with the one that has another other."""
        cells = [row for row in self.rows if row.get("mean") and row.get("sd") and "id" in row]
        at = 0
        for text in self.texts:
            for match in MEAN_SD.finditer(text):
                mean, sd = match[1], match[2]
                before = text[max(match.start() - 120, 0) : match.start()].casefold()
                named = [row for row in cells if _names(row, before)]
                same = [row for row in named if (row["mean"], row["sd"]) == (mean, sd)]
                near = _only_near(cells, mean, sd)
                near = near if near in named else None
                if not same and near is None:
                    continue
                at += 1
                row = same[0] if same else near or {}
                place = f"mean {at}, {_around(text, match)}"
                own = {"id": f"mean-{at}", "section": "Text", "place": place}
                own |= {"mean": mean, "sd": sd, "same_as": row["id"]}
                self.rows.append(own)


def _listed(table: PaperTable) -> Iterator[tuple[str, list[str]]]:
    """Give what a table of names lists, by the word in the head of its column."""
    body = table.grid[table.heads :]
    heads = [row[at].text for row in table.grid[:1] for at in range(len(row))]
    digits = sum(any(c.isdigit() for c in cell.text[:1]) for row in body for cell in row)
    if digits > 0.1 * len(body) * len(heads) and not _names_first(table):
        return
    for at, head in enumerate(heads):
        names = [part for part in re.split(r"[;/]", head) if part.strip()]
        if len(names) == 2 and at == 0:
            # rows without anything beside them are heads of the rows below
            alone = [row[0].text for row in body if _is_alone(row)]
            rest = [row[0].text for row in body if not _is_alone(row)]
            for name, items in zip(names, (alone, rest), strict=True):
                yield from ((noun, items) for noun in _nouns(name))
            continue
        texts = [row[at].text for row in body if row[at].text and not _is_alone(row)]
        # a column that tells where things belong names some of them more than once
        items = [item.strip() for text in texts for item in text.split(";") if item.strip()]
        items = list({plain(item): item for item in reversed(items)}.values())[::-1]
        if len(names) == 1:
            yield from ((noun, items) for noun in _nouns(head))


def _names_first(table: PaperTable) -> bool:
    """Whether names stand in the first columns and numbers only behind them."""
    body = table.grid[table.heads :]
    first = [at for at in range(len(table.grid[0])) if any(is_number(row[at].text) for row in body)]
    return bool(first) and first == list(range(first[0], len(table.grid[0]))) and first[0] > 0


def _is_alone(row: Sequence[object]) -> bool:
    texts = [cell.text for cell in row]  # type: ignore[attr-defined]
    return not any(texts[1:]) or (len(set(texts)) == 1 and len(texts) > 1)


def _nouns(head: str) -> list[str]:
    """Return the words that a head gives for what its column lists: ``generic category``."""
    inside = re.findall(r"\(([^()]*)\)", head)
    texts = [*inside, re.sub(r"\([^()]*\)", "", head)]
    found = []
    for text in texts:
        noun = plain(text).replace("-", "")
        if re.fullmatch(
            r"(?:[a-z]+ )?(?:sub)?(?:categor(?:y|ies)|themes?|subthemes?|codes?)", noun
        ):
            found.append(noun)
    return found[:1]


def _noun(name: str) -> str:
    """Return what facts of a text count: ``codings``; nothing where the text does not say."""
    return re.sub(r"^(?:list|brackets)\b| of$", "", name).strip().rstrip("s")


def _is_of_noun(name: str, head: str, heads: Sequence[str]) -> bool:
    """Whether a column may hold what a text counts: its head, or no head of its table, says so."""
    noun = _noun(name)
    if not noun:
        return len([one for one in heads if one]) < 2
    said = [bool(re.search(rf"\b{noun}", one.casefold())) for one in heads]
    return bool(re.search(rf"\b{noun}", head.casefold())) or (not any(said) and len(heads) < 2)


def _last_label(before: str, known: set[str]) -> str:
    """Return the longest label of a table that a text ends with; nothing where it is none."""
    words = before.rstrip().split()
    for length in range(min(len(words), 14), 0, -1):
        label = " ".join(words[-length:])
        if loose(label) in known:
            return label
    return ""


def _around(text: str, match: re.Match[str], after: int = 30) -> str:
    """Return a place in a text by the words around it."""
    before = text[max(match.start() - 40, 0) : match.start()].partition(" ")[2]
    said = match[0] if len(match[0]) < 120 else f"{match[0][:80]} …"
    behind = text[match.end() : match.end() + after].rpartition(" ")[0]
    return f"“… {before}{said}{behind} …”"


def _names(row: dict[str, str], before: str) -> bool:
    """Whether what stands before a mean in the text names the row of a cell."""
    label = re.sub(r"mean|median|years?|\bsd\b", " ", row.get("row", "").casefold())
    return any(re.search(rf"\b{word}\b", before) for word in re.findall(r"[a-z]{3,}", label))


def _only_near(cells: Sequence[dict[str, str]], mean: str, sd: str) -> dict[str, str] | None:
    """Return the cell that shares a number long enough to be its own, and nearly the other."""
    for shared, other, wanted, near, least in (
        ("mean", "sd", mean, sd, 4),
        ("sd", "mean", sd, mean, 4),
    ):
        here = [row for row in cells if row[shared] == wanted]
        digits = wanted.replace(".", "").lstrip("0")
        if len(here) == 1 and len(digits) >= least and is_close(here[0][other], near):
            return here[0]
    return None
