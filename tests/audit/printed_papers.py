"""Papers whose tables are printed as R's tableone and gtsummary and as SPSS print them."""

from __future__ import annotations

import random
import statistics

PLACEBO, DRUG = [58, 46], 71
TEXT = "<p>We studied adults. The groups did not differ in age, t(102) = 0.50, p = .62.</p>"


def page(body, caption):
    return (
        "<!DOCTYPE html><html><head><title>A paper</title></head><body><h1>A paper</h1>"
        f"{TEXT}<p>Table 1. {caption}</p>{body}<p>We thank everybody.</p></body></html>"
    )


def people(chance, n):
    """Answers of n people, some of them missing."""

    def maybe(value, missing):
        return None if chance.random() < missing else value

    return [
        {
            "sex": maybe(chance.choice("fm"), 0.04),
            "stage": maybe(chance.choice(["1", "2", "3", "4"]), 0.06),
            "age": maybe(chance.gauss(50, 11), 0.05),
            "albumin": chance.gauss(3.4, 0.4),
        }
        for _ in range(n)
    ]


def counted(rows, name, value):
    known = [row[name] for row in rows if row[name] is not None]
    count = sum(answer == value for answer in known)
    return count, 100 * count / len(known)


def tableone(seed=1):
    """A table as ``kableone(CreateTableOne(strata = "arm", …))`` gives it, as HTML."""
    chance = random.Random(seed)
    arms = {"0": people(chance, 94), "1": people(chance, 107), "2": people(chance, 61)}

    def cells(make):
        return "".join(f"<td>{make(rows)}</td>" for rows in arms.values())

    def share(name, value):
        return lambda rows: "{} ({:4.1f})".format(*counted(rows, name, value))

    def mean(name):
        def shown(rows):
            values = [row[name] for row in rows if row[name] is not None]
            return f"{statistics.mean(values):.2f} ({statistics.stdev(values):.2f})"

        return shown

    def middle(rows):
        values = sorted(row["albumin"] for row in rows)
        quarter = len(values) // 4
        return f"{statistics.median(values):.2f} [{values[quarter]:.2f}, {values[-quarter]:.2f}]"

    lines = [f"<tr><td>n</td>{cells(len)}<td></td><td></td></tr>"]
    lines += [f"<tr><td>sex = f (%)</td>{cells(share('sex', 'f'))}<td>0.312</td><td></td></tr>"]
    lines += ["<tr><td>stage (%)</td><td></td><td></td><td></td><td>0.040</td><td></td></tr>"]
    lines += [
        f"<tr><td>&nbsp;&nbsp; {stage}</td>{cells(share('stage', stage))}<td></td><td></td></tr>"
        for stage in "1234"
    ]
    lines += [f"<tr><td>age (mean (SD))</td>{cells(mean('age'))}<td>0.51</td><td></td></tr>"]
    lines += [
        f"<tr><td>albumin (median [IQR])</td>{cells(middle)}<td>0.2</td><td>nonnorm</td></tr>"
    ]
    heads = "".join(f"<th>{head}</th>" for head in ("", *arms, "p", "test"))
    body = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    return page(body, "Baseline by arm.")


def gtsummary(seed=2):
    """A table as ``tbl_summary(by = arm)`` gives it: percents of those known, ``Unknown`` rows."""
    chance = random.Random(seed)
    arms = {"Drug A": people(chance, 98), "Drug B": people(chance, 102)}

    def cells(make):
        return "".join(f"<td>{make(rows)}</td>" for rows in arms.values())

    def percent(value):
        return f"{value:.0f}%" if value >= 9.95 else f"{value:.1f}%"

    def share(name, value):
        def shown(rows):
            count, of = counted(rows, name, value)
            return f"{count} ({percent(of)})"

        return shown

    def unknown(name):
        return lambda rows: sum(row[name] is None for row in rows)

    def middle(rows):
        values = sorted(row["age"] for row in rows if row["age"] is not None)
        quarter = len(values) // 4
        return f"{statistics.median(values):.0f} ({values[quarter]:.0f}, {values[-quarter]:.0f})"

    indent = "&nbsp;&nbsp;&nbsp;&nbsp;"
    lines = [f"<tr><td>Age</td>{cells(middle)}</tr>"]
    lines += [f"<tr><td>{indent}Unknown</td>{cells(unknown('age'))}</tr>"]
    for name, values in (("sex", "fm"), ("stage", "1234")):
        lines += [f"<tr><td>{name.title()}</td><td></td><td></td></tr>"]
        lines += [f"<tr><td>{indent}{v}</td>{cells(share(name, v))}</tr>" for v in values]
        lines += [f"<tr><td>{indent}Unknown</td>{cells(unknown(name))}</tr>"]
    heads = "".join(f"<th>{arm}, N = {len(rows)}<sup>1</sup></th>" for arm, rows in arms.items())
    body = (
        f"<table><thead><tr><th>Characteristic</th>{heads}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody>"
        "<tfoot><tr><td colspan=3><sup>1</sup> Median (Q1, Q3); n (%)</td></tr></tfoot></table>"
    )
    return page(body, "Patient characteristics.")


def spss(seed=3):
    """A table as SPSS FREQUENCIES gives it, with valid percents and missing values."""
    chance = random.Random(seed)
    rows = people(chance, 140)
    known = sum(row["stage"] is not None for row in rows)
    lines = []
    total = 0.0
    for at, stage in enumerate("1234"):
        count, valid = counted(rows, "stage", stage)
        total += valid
        first = '<th rowspan="5">Valid</th>' if at == 0 else ""
        lines.append(
            f"<tr>{first}<th>{stage}</th><td>{count}</td><td>{100 * count / len(rows):.1f}</td>"
            f"<td>{valid:.1f}</td><td>{total:.1f}</td></tr>"
        )
    lines.append(
        f"<tr><th>Total</th><td>{known}</td><td>{100 * known / len(rows):.1f}</td>"
        "<td>100.0</td><td></td></tr>"
    )
    gone = len(rows) - known
    lines.append(
        f"<tr><th>Missing</th><th>System</th><td>{gone}</td><td>{100 * gone / len(rows):.1f}</td>"
        "<td></td><td></td></tr>"
    )
    lines.append(
        f'<tr><th colspan="2">Total</th><td>{len(rows)}</td><td>100.0</td><td></td><td></td></tr>'
    )
    heads = ("", "", "Frequency", "Percent", "Valid Percent", "Cumulative Percent")
    body = (
        f"<table><thead><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>"
    )
    return page(body, "Stage.")
