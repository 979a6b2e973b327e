"""A small study that is consistent in itself, and the ledger of a paper without errors."""

from __future__ import annotations

import csv
import statistics

import pandas as pd

from analysis.audit import Facts, audit_claims, audit_ledger
from analysis.audit.ledger import COLUMNS, ledger_of
from analysis.numbers import format_number
from analysis.settings import Numbers

AGES = {"Patients": [22, 31, 34, 38, 40, 44, 61], "Nurses": [27, 33, 38, 41, 57], "Managers": [47]}
FEMALE = {"Patients": 4, "Nurses": 3, "Managers": 0}
ROLES = {
    **{str(at): "Patient" for at in range(1, 8)},
    **{"8": "Ward nurse", "9": "Ward nurse", "10": "Ward nurse", "11": "Head nurse"},
    **{"12": "Head nurse", "13": "Manager"},
}
TREE = {
    "Access to care": {
        "Distance": ["Long ways", "Few buses"],
        "Costs of treatment": ["Fees", "Lost wages", "Price of medicine"],
    },
    "Work on the ward": {
        "Lack of time": ["Short visits"],
        "Training of staff": ["Courses", "Supervision"],
        "Trust": ["Confidentiality", "Continuity"],
    },
}
QUOTED = {"Long ways": "3", "Fees": "11", "Short visits": "8", "Supervision": "13", "Trust": "12"}
DIMENSIONS = {"access": "Access", "quality": "Quality of care"}


def labels():
    first = list(TREE)
    second = [name for mains in TREE.values() for name in mains]
    third = [name for mains in TREE.values() for subs in mains.values() for name in subs]
    return {1: first, 2: second, 3: third}


def metrics():
    found = {
        "participants.total": 13,
        "documents.total": 13,
        "codings.total": 1234,
        "interviews.first.date": "2023-03-07",
        "interviews.last.date": "2023-08-16",
        "interviews.shortest.minutes": 15.0,
        "interviews.longest.minutes": 60.0,
        "guide-1.name": "Patients",
    }
    for level, names in labels().items():
        found[f"level-{level}.count"] = len(names)
    for at, (group, ages) in enumerate(AGES.items(), start=1):
        n = len(ages)
        found[f"group-{at}.n"] = n
        found[f"group-{at}.percent"] = round(100 * n / 13, 10)
        for gender, count in (("female", FEMALE[group]), ("male", n - FEMALE[group])):
            found[f"gender.{gender}.group-{at}.n"] = count
            found[f"gender.{gender}.group-{at}.percent"] = round(100 * count / n, 10)
        found |= {f"age.group-{at}.n": n, f"age.group-{at}.mean": round(statistics.mean(ages), 10)}
        found |= {f"age.group-{at}.minimum": min(ages), f"age.group-{at}.maximum": max(ages)}
        if n > 1:
            found[f"age.group-{at}.sd"] = round(statistics.stdev(ages), 10)
    for role in ("Ward nurse", "Head nurse"):
        key = role.lower().replace(" ", "-")
        found[f"role.{key}.n"] = sum(own == role for own in ROLES.values())
    return found


def facts(rounding="half-up", **changes):
    coded = set(QUOTED.items())
    values = {
        "metrics": metrics(),
        "labels": labels(),
        "groups": list(AGES),
        "dimensions": list(DIMENSIONS.values()),
        "guidance": pd.DataFrame(
            {
                "section": ["1", "2", "3"],
                "parent": [None, None, None],
                "title": ["Foreword", *DIMENSIONS.values()],
                "page": ["1", "2", "9"],
                "kind": "section",
                "dimension": [None, *DIMENSIONS],
            }
        ),
        "roles": ROLES,
        "quoted": coded,
        "coded": coded | {("Courses", "13")},
        "numbers": Numbers(rounding=rounding, percent_trailing_zeros=False),
    }
    return Facts(**(values | changes))


def claim(id_, printed, kind, **cells):
    return {"id": id_, "section": "Results", "place": id_, "printed": printed, "kind": kind} | cells


def ledger(rounding="half-up"):
    """The rows of a paper that prints what the study gives, and nothing else."""
    given = metrics()
    rows = [
        claim("people", "13", "count", rebuilt="participants.total"),
        claim("people-again", "thirteen", "count", rebuilt="participants.total", same_as="people"),
        claim("codings", "1,234", "count", rebuilt="codings.total"),
        claim("minutes", "15 to 60", "range", rule="exact")
        | {"rebuilt": "interviews.shortest.minutes interviews.longest.minutes"},
        claim("start", "March 4, 2023", "date", rule="not-before")
        | {"rebuilt": "interviews.first.date"},
        claim("end", "6 September 2023", "date", rule="not-after")
        | {"rebuilt": "interviews.last.date"},
        claim("months", "six", "count", rule="months", beside="start; end"),
        claim("adults", "18 to 65", "range")
        | {"rebuilt": "age.group-1.minimum age.group-1.maximum"},
        claim("tool", "QDA 2020", "label"),
        claim("tool-again", "QDA 2020.", "label", same_as="tool"),
    ]
    for at, group in enumerate(AGES, start=1):
        base = group.lower()
        rows.append(claim(base, str(len(AGES[group])), "count", part_of="people by group"))
        rows[-1]["rebuilt"] = f"group-{at}.n"
        rows.append(claim(f"{base}-name", f"the {base}", "label", rebuilt="groups"))
        shares = [("gender.female", base), ("gender.male", base)]
        for key, whole in shares:
            name = f"{base}-{key.removeprefix('gender.')}"
            metric = f"{key}.group-{at}"
            rows.append(
                claim(name, str(given[f"{metric}.n"]), "count", part_of=f"{whole} by gender")
            )
            rows[-1]["rebuilt"] = f"{metric}.n"
            text = format_number(given[f"{metric}.percent"], 1, rounding, trailing_zeros=False)
            rows.append(claim(f"{name}-percent", text, "percentage", whole=whole, beside=name))
            rows[-1]["rebuilt"] = f"{metric}.percent"
        for key, kind in (("mean", "mean"), ("sd", "SD")):
            if f"age.group-{at}.{key}" in given:
                text = format_number(given[f"age.group-{at}.{key}"], 2, rounding)
                rows.append(claim(f"{base}-{key}", text, kind, whole=base, data="integer"))
                rows[-1] |= {"rebuilt": f"age.group-{at}.{key}"}
                rows[-1] |= {"beside": f"{base}-mean"} if key == "sd" else {}
    for role in ("Ward nurse", "Head nurse"):
        key = role.lower().replace(" ", "-")
        rows.append(claim(key, str(given[f"role.{key}.n"]), "count", role=role.lower()))
        rows[-1] |= {"rebuilt": f"role.{key}.n", "part_of": "nurses by role"}
    for level, names in labels().items():
        rows.append(claim(f"level-{level}", str(len(names)), "count"))
        rows[-1]["rebuilt"] = f"level-{level}.count"
        for at, name in enumerate(names):
            table, heading = f"table-{level}-{at}", f"heading-{level}-{at}"
            rebuilt = f"labels.{level}"
            rows.append(
                claim(table, name, "label", rebuilt=rebuilt, lists=f"level-{level} in Table 4")
            )
            rows.append(claim(heading, f"{name.title()}", "label", rebuilt=rebuilt, same_as=table))
            rows[-1] |= {"lists": f"level-{level} in the headings"}
    for at, (key, name) in enumerate(DIMENSIONS.items()):
        rows.append(claim(f"dimension-{at}", name, "label", rebuilt="dimensions"))
        rows[-1]["rule"] = f"guidance:{key}"
    for name, case in QUOTED.items():
        rows.append(claim(f"quoted-{case}", f"a {ROLES[case].lower()}", "attribution"))
        rows[-1] |= {"participant": case, "role": ROLES[case].lower()}
        rows[-1]["rebuilt"] = f"quotation:{name}"
    return rows


def write(folder, rows, columns=COLUMNS):
    path = folder / "claims.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def audited(folder, rows, given=None):
    """The verdicts on a ledger, by claim."""
    audit = audit_claims(write(folder, rows), "claims.csv", given or facts())
    return audit.claims.set_index("id")


def in_memory(rows, given):
    """A ledger of rows as cells, without a file."""
    texts = {column: [row.get(column) or None for row in rows] for column in COLUMNS}
    return ledger_of(texts, list(range(2, len(rows) + 2)), "claims.csv", given)


def verdicts(rows, known):
    """The verdict on each claim, by its id."""
    audit = audit_ledger(in_memory(rows, known.facts), known)
    return dict(zip(audit.claims["id"], audit.claims["verdict"], strict=True))
