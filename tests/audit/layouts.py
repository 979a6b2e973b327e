"""One honest sample, printed as papers print tables: other layouts, marks, digits and formats."""

from __future__ import annotations

import random
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

VARIABLES = {
    "Sex": ("Female", "Male"),
    "Education": ("Primary", "Secondary", "Tertiary"),
    "Residence": ("Urban", "Rural"),
    "Smoking": ("Never", "Former", "Current"),
}
GROUPS = ("Control", "Intervention")
PERSIAN = str.maketrans("0123456789.", "۰۱۲۳۴۵۶۷۸۹٫")
LAYOUTS = (
    *("transposed", "two-heads", "marks", "thousands", "decimal-comma", "persian", "separate"),
    *("word-merged", "grid", "missing", "percent-sign", "tests"),
)


def share(count: int, whole: int, decimals: int = 1) -> str:
    """Return a percentage, rounded half up."""
    unit = Decimal(1).scaleb(-decimals)
    return str((Decimal(100 * count) / Decimal(whole)).quantize(unit, ROUND_HALF_UP))


class Sample:
    """Counts of each category in each group; one may be printed wrong.

    Parameters
    ----------
    seed : int
    scale : int
        How large groups are, about.
    is_wrong : bool
        Whether one percentage or count, of the row and group in `wrong`, has another digit.
    """

    def __init__(self, seed: int, scale: int = 80, *, is_wrong: bool = False) -> None:
        self.chance = random.Random(seed)
        self.n = [self.chance.randint(scale // 2, scale) for _ in GROUPS]
        self.count: dict[tuple[str, str, int], int] = {}
        for variable, names in VARIABLES.items():
            for group, n in enumerate(self.n):
                cuts = sorted(self.chance.randint(0, n) for _ in names[1:])
                for name, low, high in zip(names, (0, *cuts), (*cuts, n), strict=True):
                    self.count[variable, name, group] = high - low
        keys = [key for key, count in self.count.items() if 2 < count < self.n[key[2]] - 2]
        self.wrong = self.chance.choice(keys)
        self.is_wrong = is_wrong
        self.step = self.chance.randint(2, 8)

    def pair(self, variable: str, name: str, group: int, decimals: int = 1) -> tuple[str, str]:
        """Return count and percentage as printed."""
        count = self.count[variable, name, group]
        percent = share(count, self.n[group], decimals)
        if self.is_wrong and self.wrong == (variable, name, group):
            digit = percent[0]
            percent = str((int(digit) + self.step) % 10 or 9) + percent[1:]
            percent = (
                percent if percent[0] != digit else f"{(int(digit) + 1) % 10 or 9}{percent[1:]}"
            )
        return str(count), percent


def html(heads: list[list[str]], rows: list[list[str]], note: str = "") -> str:
    """Return a paper of one table; a head ``text|2`` or ``text|2r`` spans columns or rows."""
    lines = ["<html><body><p>Table 1. Characteristics of the participants</p><table><thead>"]
    for head in heads:
        cells = ""
        for cell in head:
            text, _, span = cell.partition("|")
            kind = "rowspan" if span.endswith("r") else "colspan"
            cells += f'<th {kind}="{span.rstrip("r")}">{text}</th>' if span else f"<th>{text}</th>"
        lines.append(f"<tr>{cells}</tr>")
    lines.append("</thead><tbody>")
    lines += ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    return "\n".join(
        [*lines, "</tbody></table>", f'<div class="notes"><p>{note}</p></div></body></html>']
    )


def heads_of(sample: Sample, form: str = "{} (n = {})") -> list[str]:
    """Return the heads of the two groups."""
    return [form.format(name, n) for name, n in zip(GROUPS, sample.n, strict=True)]


def write(folder: Path, layout: str, seed: int, *, is_wrong: bool) -> Path:
    """Print a sample in one layout, and return the file."""
    sample = Sample(seed, 4000 if layout == "thousands" else 80, is_wrong=is_wrong)
    path = folder / f"{layout}-{seed}-{is_wrong}.html"

    def cells(variable: str, name: str, form: str, of: str = "") -> list[str]:
        return [
            form.format(*sample.pair(variable, name, group)).replace("@", of)
            for group in range(len(GROUPS))
        ]

    if layout == "transposed":
        names = [(variable, name) for variable, all_ in VARIABLES.items() for name in all_]
        rows = []
        for group, label in enumerate(GROUPS):
            pairs = ["{} ({})".format(*sample.pair(*one, group)) for one in names]
            rows.append([label, str(sample.n[group]), *pairs])
        text = html([["Group", "N", *(f"{name}, n (%)" for _, name in names)]], rows)
    elif layout in ("separate", "two-heads"):
        heads = [[f"{head}|2" for head in heads_of(sample)], ["n", "%"] * 2]
        heads = [["Characteristic|2r", *heads[0]], heads[1]]
        rows = []
        for variable, all_ in VARIABLES.items():
            rows.append([variable, *[""] * 4])
            for name in all_:
                pairs = [sample.pair(variable, name, group) for group in range(2)]
                sign = "%" if layout == "two-heads" else ""
                rows.append([f"&nbsp;&nbsp;{name}", *(c for k, p in pairs for c in (k, p + sign))])
        text = html(heads, rows)
    elif layout == "word-merged":
        return _word(folder / f"{layout}-{seed}-{is_wrong}.docx", sample)
    elif layout == "grid":
        lines = [
            "Table 1. Characteristics",
            "",
            "| Characteristic | " + " | ".join(heads_of(sample)) + " |",
        ]
        lines.append("|:---|---:|---:|")
        for variable, all_ in VARIABLES.items():
            lines.append(f"| **{variable}**, n (%) | | |")
            lines += [
                f"| &nbsp;&nbsp;{name} | " + " | ".join(cells(variable, name, "{} ({})")) + " |"
                for name in all_
            ]
        path = path.with_suffix(".md")
        text = "\n".join(lines) + "\n"
    else:
        form, head, row_head = "{} ({})", "{} (n = {})", "{}, No. (%)"
        if layout == "marks":
            form = "{} ({})<sup>@</sup>"
        elif layout == "percent-sign":
            form, row_head = "{} ({}%)", "{}"
        elif layout == "decimal-comma":
            form = "{} ({} %)"
        rows = []
        for variable, all_ in VARIABLES.items():
            p = "&lt;0.001" if layout == "tests" else ""
            rows.append(
                [
                    row_head.format(variable) + ("<sup>a</sup>" if layout == "marks" else ""),
                    "",
                    "",
                    p,
                ]
            )
            rows += [
                [f"&nbsp;&nbsp;{name}", *cells(variable, name, form, "b"), ""] for name in all_
            ]
            if layout == "missing":
                rows.append(["&nbsp;&nbsp;Missing", "0 (0.0)", "0 (0.0)", ""])
        if layout == "tests":
            rows.append(
                ["Change (95% CI)", "–1.20 (–2.40 to –0.10)", "−0.80 (−1.10 to 0.30)", "0.04"]
            )
        text = html([["Characteristic", *heads_of(sample, head), "p value"]], rows)
        if layout == "thousands":
            text = _thousands(text)
        elif layout == "decimal-comma":
            text = _commas(text)
        elif layout == "persian":
            start = text.index("<tbody>")
            text = text[:start] + re.sub(r"\d[\d.]*", _persian, text[start:])
    path.write_text(text, encoding="utf-8")
    return path


def _persian(match: re.Match[str]) -> str:
    return match[0].translate(PERSIAN)


def _thousands(text: str) -> str:
    return re.sub(r"(?<![\d.])(\d)(\d{3})(?![\d.])", r"\1,\2", text)


def _commas(text: str) -> str:
    return re.sub(r"(\d)\.(\d)", r"\1,\2", text).replace("Table 1,", "Table 1.")


def _word(path: Path, sample: Sample) -> Path:
    import docx

    document = docx.Document()
    document.add_paragraph("Table 1. Characteristics of the participants")
    size = sum(len(all_) for all_ in VARIABLES.values())
    table = document.add_table(rows=2 + size, cols=4)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "Characteristic"
    table.cell(0, 2).merge(table.cell(0, 3)).text = "Group, n (%)"
    for group, head in enumerate(heads_of(sample)):
        table.cell(1, 2 + group).text = head
    at = 2
    for variable, all_ in VARIABLES.items():
        table.cell(at, 0).merge(table.cell(at + len(all_) - 1, 0)).text = variable
        for name in all_:
            table.cell(at, 1).text = name
            for group in range(2):
                table.cell(at, 2 + group).text = "{} ({})".format(
                    *sample.pair(variable, name, group)
                )
            at += 1
    document.save(str(path))
    return path
