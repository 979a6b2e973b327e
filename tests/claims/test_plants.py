"""Errors put into a ledger without errors: how many are found, and who is accused."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from analysis.claims.audit import judge
from analysis.claims.known import Known
from analysis.claims.reading import read_claims
from analysis.claims.values import parse_value
from analysis.consistency.verdicts import Verdict
from qdaio.faults import FaultList
from tests.claims import sample

PLANTS = 60  # of each kind
FINE = (Verdict.REPRODUCED, Verdict.NOT_COMPUTABLE)


def clean(folder, rounding):
    given, faults = sample.facts(rounding), FaultList()
    path = sample.write(folder, sample.ledger(rounding))
    claims = read_claims(path, path.name, given, faults)
    assert not list(faults)
    return claims, Known.of(given)


def printed(claim, text):
    value, decimals, relation = parse_value(text, claim.kind)
    return replace(claim, printed=text, value=value, decimals=decimals, relation=relation)


def moved(claim, steps):
    unit = 10**claim.decimals
    return printed(claim, f"{Decimal(int(claim.value * unit) + steps) / unit:.{claim.decimals}f}")


def wrong_sum(random_, claims):
    claim = random_.choice([c for c in claims if c.part_of])
    return moved(claim, random_.choice([1, 2, 3, *([-1] if claim.value else [])]))


def wrong_whole(random_, claims):
    wholes = {c.part_of for c in claims}
    return moved(random_.choice([c for c in claims if c.id in wholes]), random_.choice([-1, 1, 2]))


def wrong_percentage(random_, claims):
    claim = random_.choice([c for c in claims if c.kind == "percentage"])
    return moved(claim, random_.choice([-1, 1]) * random_.randint(1, 90))


def wrong_deviation(random_, claims):
    claim = random_.choice([c for c in claims if c.kind == "SD"])
    return moved(claim, random_.choice([-1, 1]) * random_.randint(1, 200))


def wrong_mean(random_, claims):
    claim = random_.choice([c for c in claims if c.kind == "mean"])
    return moved(claim, random_.choice([-1, 1]) * random_.randint(1, 900))


def swapped_digits(random_, claims):
    choices = [
        (claim, claim.printed[:at] + after + before + claim.printed[at + 2 :])
        for claim in claims
        if claim.value is not None and claim.printed[0].isdigit()
        for at, (before, after) in enumerate(pairwise(claim.printed))
        if (before + after).isdigit() and before != after
    ]
    return printed(*random_.choice(choices))


def renamed_category(random_, claims):
    claim = random_.choice([c for c in claims if c.rebuilt and c.rebuilt[0].startswith("labels.")])
    words = claim.printed.split()
    at = random_.randrange(len(words))
    words[at] = random_.choice(["change", "support", words[at] + "s", words[at][:-1] + "x"])
    return replace(claim, printed=" ".join(words))


def category_of_another_place(random_, claims):
    claim = random_.choice([c for c in claims if c.rebuilt and c.rebuilt[0].startswith("labels.")])
    names = [name for names in sample.labels().values() for name in names]
    others = [name for name in names if name.lower() != claim.printed.lower()]
    return replace(claim, printed=random_.choice(others))


def wrong_role(random_, claims):
    claim = random_.choice([c for c in claims if c.kind == "attribution"])
    others = {role.lower() for role in sample.ROLES.values()} - {claim.role}
    role = random_.choice([*sorted(others), "surgeon"])
    return replace(claim, printed=role, role=role)


def wrong_participant(random_, claims):
    claim = random_.choice([c for c in claims if c.kind == "attribution"])
    others = [case for case in [*sample.ROLES, "40"] if case != claim.participant]
    return replace(claim, participant=random_.choice(others))


KINDS = (
    *(wrong_sum, wrong_whole, wrong_percentage, wrong_deviation, wrong_mean, swapped_digits),
    *(renamed_category, category_of_another_place, wrong_role, wrong_participant),
)


@pytest.mark.parametrize("rounding", ["half-up", "truncate"])
def test_a_ledger_without_errors_gives_none(tmp_path, rounding):
    claims, known = clean(tmp_path, rounding)
    found = {id_: j for id_, j in judge(claims, known).items() if j.verdict not in FINE}
    assert not found


@pytest.mark.parametrize("plant", KINDS, ids=lambda plant: plant.__name__)
def test_every_planted_error_is_found_and_no_value_that_the_data_give_is_accused(
    tmp_path, plant, record_property
):
    claims, known = clean(tmp_path, "truncate")
    before = judge(claims, known)
    random_ = random.Random(plant.__name__)
    missed, accused = [], []
    for _ in range(PLANTS):
        wrong = plant(random_, claims)
        judged = judge([wrong if c.id == wrong.id else c for c in claims], known)
        if judged[wrong.id].verdict in FINE:
            missed.append(wrong)
        accused += [
            (wrong, id_, judgement)
            for id_, judgement in judged.items()
            if id_ != wrong.id
            and before[id_].verdict == Verdict.REPRODUCED
            and judgement.verdict not in FINE
        ]
    record_property("found", f"{PLANTS - len(missed)} of {PLANTS}")
    record_property("wrongly accused", f"{len(accused)} of {PLANTS * (len(claims) - 1)}")
    assert not missed
    assert not accused
