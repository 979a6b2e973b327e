"""Errors put into a ledger without errors: how many are found, and who is accused."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise

import pytest

from analysis.audit import Verdict
from analysis.audit.compare import Known
from analysis.audit.ledger import WORDS
from tests.audit import sample

PLANTS = 60  # of each kind
FINE = (Verdict.REPRODUCED, Verdict.NOT_COMPUTABLE)
NUMERIC = ("count", "percentage", "mean", "SD")


def printed(row, text):
    return row | {"printed": text}


def value(row):
    text = row["printed"].replace(",", "").casefold()
    return Decimal(WORDS.index(text) if text in WORDS else text)


def moved(row, steps):
    """A claim whose number is some of its last decimals away."""
    decimals = len(row["printed"].partition(".")[2])
    return printed(row, f"{value(row) + Decimal(steps).scaleb(-decimals):.{decimals}f}")


def of_kind(rows, *kinds):
    return [row for row in rows if row["kind"] in kinds]


def wrong_sum(random_, rows):
    row = random_.choice([row for row in rows if row.get("part_of")])
    return moved(row, random_.choice([1, 2, 3, *([-1] if value(row) else [])]))


def wrong_whole(random_, rows):
    wholes = {row["part_of"].split(" by ")[0] for row in rows if row.get("part_of")}
    return moved(
        random_.choice([row for row in rows if row["id"] in wholes]), random_.choice([-1, 1, 2])
    )


def wrong_percentage(random_, rows):
    return moved(
        random_.choice(of_kind(rows, "percentage")),
        random_.choice([-1, 1]) * random_.randint(1, 90),
    )


def wrong_deviation(random_, rows):
    return moved(
        random_.choice(of_kind(rows, "SD")), random_.choice([-1, 1]) * random_.randint(1, 200)
    )


def wrong_mean(random_, rows):
    return moved(
        random_.choice(of_kind(rows, "mean")), random_.choice([-1, 1]) * random_.randint(1, 900)
    )


def swapped_digits(random_, rows):
    choices = [
        (row, row["printed"][:at] + after + before + row["printed"][at + 2 :])
        for row in of_kind(rows, *NUMERIC)
        if row["printed"][0].isdigit()
        for at, (before, after) in enumerate(pairwise(row["printed"]))
        if (before + after).isdigit() and before != after
    ]
    return printed(*random_.choice(choices))


def named(rows):
    return [row for row in rows if row.get("rebuilt", "").startswith("labels.")]


def renamed_category(random_, rows):
    row = random_.choice(named(rows))
    words = row["printed"].split()
    at = random_.randrange(len(words))
    words[at] = random_.choice(["change", "support", words[at] + "s", words[at][:-1] + "x"])
    return printed(row, " ".join(words))


def category_of_another_place(random_, rows):
    row = random_.choice(named(rows))
    names = [name for names in sample.labels().values() for name in names]
    return printed(row, random_.choice([n for n in names if n.lower() != row["printed"].lower()]))


def wrong_role(random_, rows):
    row = random_.choice(of_kind(rows, "attribution"))
    others = {role.lower() for role in sample.ROLES.values()} - {row["role"]}
    role = random_.choice([*sorted(others), "surgeon"])
    return row | {"printed": role, "role": role}


def wrong_participant(random_, rows):
    row = random_.choice(of_kind(rows, "attribution"))
    others = [case for case in [*sample.ROLES, "40"] if case != row["participant"]]
    return row | {"participant": random_.choice(others)}


KINDS = (
    *(wrong_sum, wrong_whole, wrong_percentage, wrong_deviation, wrong_mean, swapped_digits),
    *(renamed_category, category_of_another_place, wrong_role, wrong_participant),
)


def audited(rows, rounding, **changes):
    return sample.verdicts(rows, Known.of(sample.facts(rounding, **changes)))


@pytest.mark.parametrize("rounding", ["half-up", "truncate"])
@pytest.mark.parametrize("is_synthetic", [False, True])
def test_a_ledger_without_errors_gives_none(rounding, is_synthetic):
    found = audited(sample.ledger(rounding), rounding, is_synthetic=is_synthetic)
    assert not {id_: verdict for id_, verdict in found.items() if verdict not in FINE}


@pytest.mark.parametrize("plant", KINDS, ids=lambda plant: plant.__name__)
def test_every_planted_error_is_found_and_no_value_that_the_data_give_is_accused(
    plant, record_property
):
    rows, rounding = sample.ledger("truncate"), "truncate"
    before = audited(rows, rounding)
    random_ = random.Random(plant.__name__)
    missed, accused = [], []
    for _ in range(PLANTS):
        wrong = plant(random_, rows)
        judged = audited([wrong if row["id"] == wrong["id"] else row for row in rows], rounding)
        if judged[wrong["id"]] in FINE:
            missed.append(wrong)
        accused += [
            (wrong, id_, verdict)
            for id_, verdict in judged.items()
            if id_ != wrong["id"] and before[id_] == Verdict.REPRODUCED and verdict not in FINE
        ]
    record_property("found", f"{PLANTS - len(missed)} of {PLANTS}")
    record_property("wrongly accused", f"{len(accused)} of {PLANTS * (len(rows) - 1)}")
    assert not missed
    assert not accused
