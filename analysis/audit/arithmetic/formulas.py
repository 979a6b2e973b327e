"""Formulas by which one printed number follows from others.

``100 * {women} / {all}``, ``{pairs} / ({one} + {other} - {pairs})``: numbers, names of others in
braces, the four operations, and the functions below. A printed number stands for all true
values that print so; a formula gives the values that all of them together allow.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping

__all__ = ["FUNCTIONS", "NAME", "Span", "evaluate", "names_of"]

# the least and the largest value that a number may have
Span = tuple[float, float]
NAME = re.compile(r"\{([^{}]+)\}")
Z95 = 1.959963984540054
LONGEST = 400


def names_of(formula: str) -> list[str]:
    """Return the names that stand in braces, in order, each once."""
    return list(dict.fromkeys(name.strip() for name in NAME.findall(formula)))


def evaluate(formula: str, values: Mapping[str, Span]) -> Span:
    """Compute a formula.

    Parameters
    ----------
    formula : str
    values : mapping of str to (float, float)
        By name, the least and the largest value; equal for counts.

    Returns
    -------
    tuple of float
        The least and the largest result.

    Raises
    ------
    ValueError
        When it is no formula, a name is unknown, or nothing can be computed.

    Examples
    --------
    >>> evaluate("{a} / ({a} + {b})", {"a": (1, 1), "b": (3, 3)})
    (0.25, 0.25)
    """
    if len(formula) > LONGEST:
        raise ValueError("too long")
    spans: dict[str, Span] = {}

    def name(match: re.Match[str]) -> str:
        wanted = match[1].strip()
        if wanted not in values:
            raise ValueError(f"unknown name {wanted!r}")
        spans[f"v{len(spans)}"] = values[wanted]
        return f" v{len(spans) - 1} "

    text = NAME.sub(name, formula).replace("−", "-").replace("×", "*").replace("÷", "/")
    try:
        tree = ast.parse(text.strip(), mode="eval")
        return _value(tree.body, spans)
    except (SyntaxError, ZeroDivisionError, OverflowError, RecursionError, MemoryError):
        raise ValueError(f"cannot be computed: {formula!r}") from None


def _value(node: ast.expr, spans: Mapping[str, Span]) -> Span:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value), float(node.value)
    if isinstance(node, ast.Name) and node.id in spans:
        return spans[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        low, high = _value(node.operand, spans)
        return -high, -low
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        one, other = _value(node.left, spans), _value(node.right, spans)
        if isinstance(node.op, ast.Div) and other[0] <= 0 <= other[1]:
            raise ZeroDivisionError
        results = [OPERATIONS[type(node.op)](a, b) for a in one for b in other]
        return min(results), max(results)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        function = FUNCTIONS.get(node.func.id)
        if function is not None:
            return function(*(_value(argument, spans) for argument in node.args))
    raise ValueError("no formula")


OPERATIONS: dict[type, Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


def _counts(*spans: Span) -> list[int]:
    """Return counts that are known exactly."""
    if any(low != high or low != int(low) for low, high in spans):
        raise ValueError("counts are needed")
    return [int(low) for low, _ in spans]


def _of_share(end: Callable[[int, int, int], float], side: int) -> Callable[[Span, Span], Span]:
    """Make a function of a count and its whole: the lower (-1) or upper (1) end of an interval."""

    def bound(count: Span, whole: Span) -> Span:
        k, n = _counts(count, whole)
        if not 0 <= k <= n or not n:
            raise ValueError("no share")
        value = min(max(end(k, n, side), 0.0), 1.0)
        return value, value

    return bound


def _wilson(k: int, n: int, side: int) -> float:
    share, z = k / n, Z95
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle + side * half) / (1 + z * z / n)


def _exact(k: int, n: int, side: int) -> float:
    from scipy import special

    if side < 0:
        return 0.0 if k == 0 else float(special.betaincinv(k, n - k + 1, 0.025))
    return 1.0 if k == n else float(special.betaincinv(k + 1, n - k, 0.975))


def _wald(k: int, n: int, side: int) -> float:
    share = k / n
    return share + side * Z95 * math.sqrt(share * (1 - share) / n)


def _by_two_coders(of: Callable[[int, int, int, int], float]) -> Callable[[Span, Span, Span], Span]:
    """Make a function of units, of those in which a coder gave the code, and of agreement.

    Which of two coders gave a code alone is not printed: all ways are tried.
    """

    def coefficient(given: Span, agreement: Span, units: Span) -> Span:
        either, n = _counts(given, units)
        if not 0 < either <= n:
            raise ValueError("no units")
        low = math.ceil(n * (1 - agreement[1] / 100) - 1e-9)
        high = math.floor(n * (1 - agreement[0] / 100) + 1e-9)
        found = []
        for odd in range(max(low, 0), min(high, either, 10_000) + 1):
            for first in {0, odd // 2, odd}:
                both, second = either - odd, odd - first
                try:
                    found.append(of(both, first, second, n - either))
                except ZeroDivisionError:
                    continue
        if not found:
            raise ValueError("no agreement of that size")
        return min(found), max(found)

    return coefficient


def _alpha(a: int, b: int, c: int, d: int) -> float:
    """Krippendorff's α, nominal, of two coders: a and d units agree, b and c do not."""
    ones, zeros = 2 * a + b + c, 2 * d + b + c
    return 1 - (ones + zeros - 1) * (b + c) / (ones * zeros) if b + c else _one(ones * zeros)


def _kappa(a: int, b: int, c: int, d: int) -> float:
    n = a + b + c + d
    chance = ((a + b) * (a + c) + (d + b) * (d + c)) / (n * n)
    return ((a + d) / n - chance) / (1 - chance)


def _ac1(a: int, b: int, c: int, d: int) -> float:
    n = a + b + c + d
    share = (2 * a + b + c) / (2 * n)
    chance = 2 * share * (1 - share)
    return ((a + d) / n - chance) / (1 - chance)


def _one(defined: int) -> float:
    if not defined:
        raise ZeroDivisionError
    return 1.0


FUNCTIONS: dict[str, Callable[..., Span]] = {
    "wilson_low": _of_share(_wilson, -1),
    "wilson_high": _of_share(_wilson, 1),
    "exact_low": _of_share(_exact, -1),
    "exact_high": _of_share(_exact, 1),
    "wald_low": _of_share(_wald, -1),
    "wald_high": _of_share(_wald, 1),
    "alpha": _by_two_coders(_alpha),
    "kappa": _by_two_coders(_kappa),
    "ac1": _by_two_coders(_ac1),
}
