"""Formulas: their results, and what is refused."""

import pytest

from analysis.audit.arithmetic.formulas import evaluate, names_of


def test_wilson_is_that_of_published_examples():
    low, high = (evaluate(f"wilson_{side}(15, 20)", {})[0] for side in ("low", "high"))
    assert (round(low, 4), round(high, 4)) == (0.5313, 0.8881)
    assert round(evaluate("wilson_high(0, 10)", {})[1], 4) == 0.2775


def test_exact_interval_of_no_event_is_that_of_the_textbook():
    # 1 - 0.025 ** (1 / 10)
    assert round(evaluate("exact_high(0, 10)", {})[0], 4) == 0.3085


def test_coefficients_of_two_coders_are_those_of_methods():
    # 0100000010 / 1110010000: five units in which a coder gave the code, four of them alone
    low, high = evaluate("alpha(5, {p}, 10)", {"p": (60.0, 60.0)})
    assert round(low, 4) == round(high, 4) == 0.0952
    # [[118, 5], [2, 0]] of the code that 125 - 118 = 7 have
    kappa = evaluate("kappa(7, {p}, 125)", {"p": (94.4, 94.4)})
    assert kappa[0] <= -0.0234 <= kappa[1]
    ac1 = evaluate("ac1(7, {p}, 125)", {"p": (94.4, 94.4)})
    assert round(ac1[0], 4) == round(ac1[1], 4) == 0.9408


@pytest.mark.parametrize(
    "formula", ["{a} / 0", "__import__('os')", "{b}", "{a}.real", "2 ** 9", "wilson_low(3, 2)", "("]
)
def test_what_is_no_formula_is_refused(formula):
    with pytest.raises(ValueError, match=r"formula|computed|unknown name|no share"):
        evaluate(formula, {"a": (1.0, 1.0)})


def test_names_stand_in_braces():
    assert names_of("{a} / ({b c} + {a})") == ["a", "b c"]
