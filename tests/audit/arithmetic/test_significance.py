import pytest

from analysis.audit.arithmetic.significance import parse_statistic, significance, tail


@pytest.mark.parametrize(
    ("kind", "value", "first", "second"),
    # critical values at .05 of printed tables
    [
        *(("t", 12.706, 1, 0), ("t", 2.228, 10, 0), ("t", 2.042, 30, 0), ("F", 3.493, 2, 20)),
        *(("F", 4.351, 1, 20), ("χ²", 3.841, 1, 0), ("χ²", 11.070, 5, 0), ("r", 0.576, 10, 0)),
        ("z", 1.960, 0, 0),
    ],
)
def test_the_critical_values_of_the_tables_have_a_p_of_one_in_twenty(kind, value, first, second):
    assert tail(kind, value, first, second) == pytest.approx(0.05, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("t(28) = 2.31", ("t", "2.31", 28, 0)),
        ("F(2, 57) = 4.10", ("F", "4.10", 2, 57)),
        ("χ2(1, N = 90) = 3.20", ("χ²", "3.20", 1, 0)),
        ("χ² (3) = 8.1", ("χ²", "8.1", 3, 0)),
        ("r(40) = −.31", ("r", "−.31", 40, 0)),
        ("z = 1.96", ("z", "1.96", 0, 0)),
        ("t = 2.31", None),
        ("F(2) = 4.1", None),
        ("n(28) = 2", None),
    ],
)
def test_a_statistic_is_read_with_its_degrees_of_freedom(text, found):
    assert parse_statistic(text) == found


@pytest.mark.parametrize(
    ("value", "p", "sides"),
    [
        ("2.31", ".028", 2),
        ("2.31", "= .028", 2),
        ("2.31", ".029", 2),  # 2.305 has .0288
        ("2.31", "p < .05", 2),
        ("2.31", "< .01", 0),
        ("2.31", "> .05", 0),
        ("2.31", ".014", 1),
        ("2.31", ".28", 0),
        ("12.5", ".000", 2),
        ("0.40", ".69", 2),
        ("0.40", ".96", 0),
    ],
)
def test_a_p_is_held_against_its_t_with_the_rounding_of_both(value, p, sides):
    assert significance("t", value, p, 28).sides == sides


@pytest.mark.parametrize(("value", "p"), [("x", ".05"), ("2.1", "n.s."), ("2.1", "")])
def test_what_is_no_number_is_an_error(value, p):
    with pytest.raises(ValueError, match=r"no number|expected numbers"):
        significance("t", value, p, 28)
