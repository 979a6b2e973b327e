"""Points on a line, moved aside where they would hide each other."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["swarm"]


def swarm(places: Sequence[float], diameter: float) -> list[float]:
    """Return how far each point moves aside so that no two overlap.

    Points are taken from left to right; each stays as near the line as those before it
    allow, alternately on either side. The same places give the same swarm.

    Parameters
    ----------
    places : sequence of float
        Along the line.
    diameter : float
        Of a point, in the same unit.

    Returns
    -------
    list of float
        Offsets, in the order of `places`; whole multiples of `diameter`.
    """
    offsets = [0.0] * len(places)
    last: dict[int, float] = {}
    for index in sorted(range(len(places)), key=lambda index: (places[index], index)):
        step = 0
        # 0, -1, 1, -2, 2, ...
        while step in last and places[index] - last[step] < diameter:
            step = -step - 1 if step >= 0 else -step
        last[step] = places[index]
        offsets[index] = step * diameter
    return offsets
