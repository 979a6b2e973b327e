"""No honest table is accused, whatever its convention; errors that arithmetic tells are found."""

import random

import pytest

from analysis.audit import ACCUSING, audit_table
from tests.audit.honest import CONVENTIONS, HEADER, honest_table, planted_table

TABLES = 12  # benchmarks/bench_audit_power.py draws a thousand


@pytest.mark.parametrize("convention", CONVENTIONS, ids=" ".join)
def test_honest_tables_with_missing_data_are_not_accused(tmp_path, convention):
    chance, path = random.Random(f"honest {convention}"), tmp_path / "table.csv"
    for _ in range(TABLES):
        path.write_text(honest_table(chance, convention), encoding="utf-8")
        claims = audit_table(path).claims
        accused = claims[claims["verdict"].isin([verdict.value for verdict in ACCUSING])]
        assert accused.empty, accused.iloc[0].to_dict()


@pytest.mark.parametrize("kind", ["mean", "sd"])
def test_one_error_among_ten_true_values_is_found(tmp_path, kind):
    chance, path = random.Random(f"planted {kind}"), tmp_path / "table.csv"
    found = 0
    for _ in range(20):
        text, claim = planted_table(chance, kind)
        path.write_text(text, encoding="utf-8")
        found += audit_table(path).claims.set_index("id").loc[claim, "verdict"] == "impossible"
    assert found >= 19


def test_a_value_on_a_scale_is_not_accused_where_the_whole_table_fits_being_cut_off(tmp_path):
    # of 68 answers from 1 to 7 none have this mean and SD rounded; cut off, some do
    rows = ["T,a,A,68,3.33,0.80,,,,integer,1,7\n"]
    rows += [f"T,{at},A,{10 * at},{at}.00,,,,,integer,,\n" for at in range(1, 6)]
    path = tmp_path / "table.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    verdicts = audit_table(path).claims.set_index("id")["verdict"]
    assert verdicts["row 2.sd"] == "rounding only"
