"""The page to explore a study with 100,000 codings: its size, and how long people wait for it.

Prints one line for each size: seconds to write the page, megabytes, milliseconds until it can
be used in Chromium, and for a search, a filter, a sort and the choice of a code. Needs a
Chromium and Playwright: `python benchmarks/bench_explore.py [CODINGS ...]`.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from playwright.sync_api import Page, sync_playwright

from analysis.explore import write_explore_page
from analysis.studyfile import parse_study
from analysis.workspace import Workspace

STUDY = """
[study]
title = "A large study"
authors = [{ name = "N. N." }]
[data]
status = "synthetic"
exports = ["data-raw/codings.csv"]
[participants]
variable = "Participant"
group_order = ["A", "B", "C", "D"]
[[participants.variables]]
name = "Gender"
"""
WORDS = ("time", "money", "home", "ward", "nurse", "trust", "fear", "work", "family", "law")
SIZES = (10_000, 100_000)
SHARE_QUOTED = 0.1


def make_study(folder: Path, codings: int, chance: random.Random) -> Workspace:
    """Write the tables of a study with 2,000 codes in 4 levels, 500 people, 10% quoted."""
    workspace = Workspace(folder, parse_study(STUDY))
    names: list[list[str]] = []
    for a in range(10):
        names.append([f"Theme {a}"])
        for b in range(5):
            names.append([f"Theme {a}", f"Category {a}.{b}"])
            for c in range(4):
                names.append([f"Theme {a}", f"Category {a}.{b}", f"Sub {a}.{b}.{c}"])
                names += [[*names[-1][:3], f"Code {a}.{b}.{c}.{d}"] for d in range(10)]
    ids = [" > ".join(path) for path in names]
    workspace.write(
        "codes",
        pd.DataFrame(
            {
                "code_id": ids,
                "parent_id": [" > ".join(path[:-1]) or None for path in names],
                "name": [path[-1] for path in names],
                "label": [path[-1] for path in names],
                "path": names,
                "level": [len(path) for path in names],
                "position": range(1, len(names) + 1),
                "description": "",
            }
        ),
    )
    deep = [name for name, path in zip(ids, names, strict=True) if len(path) == 4]
    people = [f"P{n}" for n in range(500)]
    chosen = [chance.choice(people) for _ in range(codings)]
    frame = pd.DataFrame(
        {
            "coding_id": [f"c{n}" for n in range(codings)],
            "code_id": pd.Categorical([chance.choice(deep) for _ in range(codings)]),
            "case_id": chosen,
            "document_id": chosen,
            "people": None,
            "source_file": "data-raw/codings.csv",
            "source_sheet": None,
            "source_row": range(2, codings + 2),
        }
    )
    workspace.write("codings", frame)
    workspace.write("participants", pd.DataFrame({"case_id": people}))
    workspace.write(
        "documents",
        pd.DataFrame({"document_id": people, "case_id": people, "is_follow_up": False}),
    )
    levels = {"group": "ABCD", "Gender": "FM"}
    workspace.write(
        "groupings",
        pd.DataFrame(
            [
                (person, variable, chance.choice(values), 1)
                for person in people
                for variable, values in levels.items()
            ],
            columns=["case_id", "variable", "level", "position"],
        ),
    )
    quoted = frame.head(int(codings * SHARE_QUOTED))
    texts = [" ".join(chance.choices(WORDS, k=30)) for _ in range(len(quoted))]
    workspace.write("quotations", quoted.assign(text=texts))
    return workspace


def waited(page: Page, act: str) -> float:
    """Return the milliseconds from an action until the page has drawn again."""
    script = f"""() => new Promise((done) => {{
      const start = performance.now();
      {act};
      setTimeout(() => requestAnimationFrame(() => done(performance.now() - start)), 160);
    }})"""
    # the page waits 150 ms for more letters, which is no work of its own
    return float(page.evaluate(script)) - 160


def main(sizes: list[int]) -> None:
    """Measure each size."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        sys.exit("no Chromium")
    print("codings    write s   MB    usable ms  search  filter  sort  choose")
    with sync_playwright() as play, tempfile.TemporaryDirectory() as name:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for size in sizes:
            workspace = make_study(Path(name) / str(size), size, random.Random(1))
            start = time.perf_counter()
            write_explore_page(workspace, [])
            wrote = time.perf_counter() - start
            path = workspace.output / "supplement.html"
            page = browser.new_page()
            start = time.perf_counter()
            page.goto(path.as_uri())
            page.locator("#codings-table .tabulator-row").first.wait_for()
            usable = 1000 * (time.perf_counter() - start)
            steps = [
                waited(page, "search.value = 'trust'; search.dispatchEvent(new Event('input'))"),
                waited(
                    page,
                    "const one = document.getElementById('facet-0'); one.value = '1'; "
                    "one.dispatchEvent(new Event('change', { bubbles: true }))",
                ),
                waited(page, "document.querySelectorAll('#codings-table button')[1].click()"),
                waited(page, "document.getElementById('code-1').click()"),
            ]
            told = "".join(f"{step:8.0f}" for step in steps)
            megabytes = path.stat().st_size / 1e6
            print(f"{size:>7,}  {wrote:8.1f}  {megabytes:5.1f}  {usable:9.0f}{told}")
            page.close()
        browser.close()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
