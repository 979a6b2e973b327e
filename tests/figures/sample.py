"""A small study with the labels that break figures, and the means to measure text."""

import itertools
import re

import pandas as pd
from matplotlib.text import Text

from analysis.chapters.frequencies import code_frequencies, group_frequencies
from analysis.figures import (
    frequency_bars,
    group_heatmap,
    hierarchy_treemap,
    participants_figure,
    top_codes,
)

NAMES = [
    "Psychosocial and psychological interventions and psychotherapeutic drugs",
    "The service model and provision of community-based mental health services",
    "کمبود دارو و نبود خدمات پس از ترخیص در شهرهای کوچک و دورافتاده",
    "Costs ($5 to $10_a) & <others>",
    "Law reform",
    "Support («سلامت روان») at home",
]
GROUPS = ["Patients", "Healthcare providers", "Policymakers"]


class Study:
    """Codes on three levels, codings and participants; the first category is the largest."""

    def __init__(self, names=NAMES, children=3, cases=12):
        rows = []
        for name in names:
            self._add(rows, [name])
            for child in range(children):
                middle = f"{name}, part {child}"
                self._add(rows, [name, middle])
                for leaf in range(2):
                    self._add(rows, [name, middle, f"{middle}, code {leaf}"])
        self.codes = pd.DataFrame(rows).astype({"parent_id": "str"})
        leaves = [row["code_id"] for row in rows if row["level"] == 3]
        people = [f"P{place}" for place in range(cases)]
        pairs = [
            (code, people[(place * 5 + turn * 7) % cases])
            for place, code in enumerate(leaves)
            for turn in range(2 + (len(leaves) - place) ** 2 // 40)
        ]
        self.codings = pd.DataFrame(pairs, columns=["code_id", "case_id"])
        self.codings["document_id"] = self.codings["case_id"]
        self.frequencies = code_frequencies(self.codings, self.codes)
        groups = pd.Categorical([GROUPS[place % 3] for place in range(cases)], GROUPS, ordered=True)
        self.by_group = group_frequencies(self.codings, self.codes, pd.Series(groups, index=people))
        self.people = pd.DataFrame(
            {
                "case_id": people,
                "group": groups,
                "Age": [20 + (place * 17) % 45 for place in range(cases)],
                "Gender": pd.Categorical(["Female", "Male"] * (cases // 2), ["Female", "Male"]),
            }
        )
        self.cases = cases

    @staticmethod
    def _add(rows, path):
        rows.append(
            {
                "code_id": " > ".join(path),
                "parent_id": " > ".join(path[:-1]) or None,
                "label": path[-1],
                "level": len(path),
                "position": len(rows),
            }
        )

    def bars(self, level=1, **options):
        return frequency_bars(
            self.codes, self.frequencies, level=level, cases=self.cases,
            case_word="Participants", **{**PARTS, **options},
        )  # fmt: skip

    def top(self, n=10, **options):
        return top_codes(
            self.codes, self.frequencies, n=n, case_word="Participants", **{**PARTS, **options}
        )

    def heatmap(self, level=2, normalise="column", **options):
        return group_heatmap(
            self.codes, self.by_group, level=level, normalise=normalise, **{**PARTS, **options}
        )

    def treemap(self, depth=2, **options):
        return hierarchy_treemap(self.codes, self.frequencies, depth=depth, **{**PARTS, **options})

    def participants(self, number="Age", group="group", marker="Gender", **options):
        return participants_figure(
            self.people, number=number, group=group, marker=marker, **{**PARTS, **options}
        )


PARTS = {"label": "fig-sample", "caption": "A <caption> & more", "synthetic": True}
STUDY = Study()
FIGURES = {
    "bars": STUDY.bars,
    "bars of the second level": lambda **options: STUDY.bars(2, **options),
    "top codes": STUDY.top,
    "heat map": STUDY.heatmap,
    "heat map of counts": lambda **options: STUDY.heatmap(1, "none", **options),
    "tree map": STUDY.treemap,
    "tree map of one level": lambda **options: STUDY.treemap(1, **options),
    "participants": STUDY.participants,
    "participants to be counted": lambda **options: STUDY.participants(None, **options),
}


def shown_texts(figure):
    """Every text that is drawn, with its box in pixels."""
    drawing = figure.drawing
    renderer = drawing.canvas.get_renderer()
    drawing.draw(renderer)
    texts = [
        artist
        for artist in drawing.findobj(Text)
        if artist.get_visible() and artist.get_text().strip()
    ]
    return [
        (re.sub("[\u200e\u200f]", "", artist.get_text()), artist.get_window_extent(renderer))
        for artist in texts
    ]


def overlapping(figure, slack=1.5):
    """Pairs of texts whose boxes share more than `slack` pixels each way."""
    found = []
    for (one, box), (other, second) in itertools.combinations(shown_texts(figure), 2):
        wide = min(box.x1, second.x1) - max(box.x0, second.x0)
        high = min(box.y1, second.y1) - max(box.y0, second.y0)
        if wide > slack and high > slack:
            found.append((one, other))
    return found


def outside(figure, slack=1.5):
    """Texts that reach over the edge of the figure."""
    width, height = figure.drawing.bbox.size
    return [
        text
        for text, box in shown_texts(figure)
        if box.x0 < -slack or box.y0 < -slack or box.x1 > width + slack or box.y1 > height + slack
    ]
