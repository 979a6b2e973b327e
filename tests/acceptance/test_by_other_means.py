"""The shipped study's analyses, computed again from the raw sheets with SQL and plain loops.

Nothing of the program is used but its products: the sheets are read cell by cell.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support.studies import read_rows

pytestmark = pytest.mark.build
LEVEL = 3  # at which categories are compared


@pytest.fixture(scope="module")
def raw(repository: Path) -> sqlite3.Connection:
    """Return the exports as two tables of a database: ``coding`` and ``document``."""
    link = sqlite3.connect(":memory:")
    exports = repository / "data-raw/exports"
    link.execute(
        "create table coding (id integer primary key, document, code, whole, first, last, coder)"
    )
    head, *rows = read_rows(exports / "coded-segments.xlsx")
    at = {name: place for place, name in enumerate(head)}
    for row in rows:
        whole = str(row[at["Code"]])
        link.execute(
            "insert into coding (document, code, whole, first, last, coder) values (?,?,?,?,?,?)",
            (
                f"{row[at['Document group']]} / {row[at['Document name']]}",
                " > ".join(whole.split(" > ")[:LEVEL]), whole,
                int(row[at["Beginning"]]), int(row[at["End"]]), row[at["Created by"]],
            ),
        )  # fmt: skip
    link.execute("create table document (id, person, part, gender, age, day, minutes, again)")
    head, *rows = read_rows(exports / "document-variables.xlsx")
    at = {name: place for place, name in enumerate(head)}
    for row in rows:
        day, month, year = str(row[at["Interview date"]]).split(".")
        link.execute(
            "insert into document values (?,?,?,?,?,?,?,?)",
            (
                f"{row[at['Document group']]} / {row[at['Document name']]}",
                str(row[at["Participant"]]).removesuffix(".0"), row[at["Group"]],
                row[at["Gender"]], row[at["Age"]], f"{year}-{month}-{day}",
                row[at["Duration (min)"]], row[at["Follow-up"]],
            ),
        )  # fmt: skip
    return link


def metrics(built: Path) -> dict:
    return json.loads((built / "data-processed/metrics.json").read_text(encoding="utf-8"))


def table(built: Path, name: str) -> list[dict[str, str]]:
    path = built / f"report/output/tables/{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def new_codes(raw: sqlite3.Connection) -> list[int]:
    """Count the codes that no earlier participant had, in the order of first interviews."""
    order = raw.execute(
        "select person from document where again = 'no' group by person order by min(day), "
        "min(rowid)"
    ).fetchall()
    seen: set[str] = set()
    found = []
    for (person,) in order:
        own = raw.execute(
            "select distinct whole from coding join document on document.id = coding.document "
            "where person = ? and coder = 'Coder A'",
            (person,),
        )
        codes = {code for (code,) in own}
        found.append(len(codes - seen))
        seen |= codes
    return found


def test_thirty_interviews_brought_all_codes_and_two_more_brought_none(raw, built_study):
    people, again = raw.execute(
        "select count(distinct person), sum(again = 'yes') from document"
    ).fetchone()
    assert (people, again) == (32, 2)
    new = new_codes(raw)
    last = max(at for at, count in enumerate(new, start=1) if count)
    assert (last, len(new) - last) == (30, 2)
    found = metrics(built_study)
    assert found["participants.total"] == people
    assert found["documents.follow-up"] == again
    assert (found["new-codes.last.place"], found["new-codes.after"]) == (30, 2)


def test_the_grid_of_the_sample_is_that_of_the_rows(raw, built_study):
    wanted = raw.execute(
        "select part, gender, case when age < 35 then 'under 35' when age < 50 then '35–49' else "
        "'50 and over' end as band, count(distinct person) from document group by 1, 2, 3"
    ).fetchall()
    rows = table(built_study, "sampling-grid")
    assert len(rows) == 4 * 2 * 3
    reached = [(r["Group"], r["Gender"], r["Age"], int(r["n"])) for r in rows if r["n"] != "0"]
    assert sorted(reached) == sorted(wanted)


def test_all_twelve_settings_of_saturation(raw, built_study):
    new = new_codes(raw)
    for row in table(built_study, "saturation"):
        base, run, little = int(row["base"]), int(row["run"]), float(row["threshold"])
        whole = sum(new[:base])
        point = ""
        for start in range(base, len(new) - run + 1):
            if sum(new[start : start + run]) / whole <= little:
                point = str(start)
                break
        assert (row["base_codes"], row["reached"]) == (str(whole), point)


def test_pairs_that_stand_together_are_those_of_a_self_join(raw, built_study):
    wanted = raw.execute(
        """
        with own as (select * from coding where coder = 'Coder A'),
             total as (select code, count(*) as n from own group by code)
        select a.code, b.code, count(*) as pairs, count(distinct a.document),
               count(*) * 1.0 / (s.n + t.n - count(*))
        from own a join own b on a.document = b.document and a.code < b.code
             and a.first <= b.last + 1 and b.first <= a.last + 1
        join total s on s.code = a.code join total t on t.code = b.code
        group by a.code, b.code
        """
    ).fetchall()
    found = {(r["first"], r["second"]): r for r in table(built_study, "cooccurrence")}
    assert set(found) == {(one, other) for one, other, *_ in wanted}
    for one, other, pairs, documents, share in wanted:
        row = found[one, other]
        assert (int(row["pairs"]), int(row["documents"])) == (pairs, documents)
        assert float(row["c"]) == pytest.approx(share)


def test_intervals_of_shares_are_where_the_score_test_turns(raw, built_study):
    def turning(n: int, whole: int, inside: float, outside: float) -> float:
        """Find by halving where the score test of a share begins to reject it."""
        for _ in range(80):
            middle = (inside + outside) / 2
            spread = middle * (1 - middle) / whole
            if (n / whole - middle) ** 2 > 1.959963984540054**2 * spread:
                outside = middle
            else:
                inside = middle
        return inside

    seen = set()
    for row in table(built_study, "crosstab"):
        n, whole = int(row["cases"]), int(row["cell_cases"])
        if (n, whole) in seen:
            continue
        seen.add((n, whole))
        share = n / whole
        lower = 0.0 if not n else turning(n, whole, share, 0.0)
        upper = 1.0 if n == whole else turning(n, whole, share, 1.0)
        assert float(row["lower"]) == pytest.approx(lower, abs=1e-8)
        assert float(row["upper"]) == pytest.approx(upper, abs=1e-8)
    assert len(seen) > 10


def test_counts_by_group_and_gender_are_those_of_the_rows(raw, built_study):
    rows = [r for r in table(built_study, "crosstab") if r["level"] == str(LEVEL)]
    cells = raw.execute(
        "select code, part, gender, count(*), count(distinct person) from coding join document "
        "on document.id = coding.document where coder = 'Coder A' group by 1, 2, 3"
    )
    wanted = {tuple(place): (codings, people) for *place, codings, people in cells}
    found = {
        (r["code_id"], r["first"], r["second"]): (int(r["codings"]), int(r["cases"]))
        for r in rows
        if r["codings"] != "0"
    }
    assert found == wanted


def test_agreement_is_that_of_every_stretch_looked_at_by_itself(raw, built_study):
    """Krippendorff's alpha from its definition: pairs within stretches, pairs of all values."""
    both = [
        document
        for (document,) in raw.execute(
            "select document from coding group by document having count(distinct coder) = 2"
        )
    ]
    stretches: list[dict[str, set[str]]] = []
    for document in both:
        rows = raw.execute(
            "select coder, code, first, last from coding where document = ?", (document,)
        ).fetchall()
        for first, last in sorted({(first, last) for _, _, first, last in rows}):
            given: dict[str, set[str]] = defaultdict(set)
            for coder, code, start, end in rows:
                if start <= last and end >= first:
                    given[code].add(coder)
            stretches.append(given)
    found = table(built_study, "agreement")
    assert {int(row["units"]) for row in found[:-1]} == {len(stretches)}
    whole = [0, 0, 0]  # decisions that differ, that say yes, and all ratings
    for row in found[:-1]:
        votes = [len(given[row["code_id"]]) for given in stretches]
        parts = [votes.count(1), sum(votes), 2 * len(votes)]
        whole = [one + other for one, other in zip(whole, parts, strict=True)]
        assert int(row["given"]) == sum(vote > 0 for vote in votes)
        assert float(row["agreement"]) == pytest.approx(1 - parts[0] / len(votes))
        assert float(row["alpha"]) == pytest.approx(alpha(*parts))
    assert float(found[-1]["alpha"]) == pytest.approx(alpha(*whole))


def alpha(apart: int, yes: int, ratings: int) -> float:
    return 1 - (ratings - 1) * 2 * apart / (2 * yes * (ratings - yes))
