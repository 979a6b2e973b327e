"""Small exports in the formats of which the project has no real file.

They stand in for real ones where `damage_exports.py` is run with ``--written``: the same forty
codings in each form, as the program writes it.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.qdaio.tables import SEGMENTS, segment_rows  # noqa: E402
from tests.qdaio.test_annotation_tools import catma, requal  # noqa: E402
from tests.qdaio.test_maxqda_project_file import CODINGS, project_file  # noqa: E402
from tests.support.pages import write_page  # noqa: E402
from tests.support.written_tables import write_csv  # noqa: E402

PEOPLE, CODES = ["Ann", "Ben", "Cem", "Dora"], ["Time", "Cost", "Trust", "Staff", "Hope"]
SPOKEN = "{name} said, number {n}: there was no {code} at all, and nobody asked."
TEXTS = {
    name: "\n".join(
        SPOKEN.format(name=name, n=n, code=CODES[n % 5].lower()) for n in range(10 * k, 10 * k + 10)
    )
    for k, name in enumerate(PEOPLE)
}
LINES = [(name, n, line) for name in PEOPLE for n, line in enumerate(TEXTS[name].split("\n"))]


def code(n: int) -> str:
    """Give the code of a line."""
    return CODES[n % 5]


def spans(name: str) -> list[tuple[int, int, str]]:
    """Give start, end and code of the lines of a text."""
    found, start = [], 0
    for n, line in enumerate(TEXTS[name].split("\n")):
        found.append((start, start + len(line), code(n)))
        start += len(line) + 1
    return found


def annotation_tools(folder: Path) -> None:
    """Write what annotation tools export."""
    records = [
        {"id": k, "text": TEXTS[name], "label": [list(span) for span in spans(name)]}
        for k, name in enumerate(PEOPLE)
    ]
    lines = "\n".join(json.dumps(record) for record in records)
    (folder / "doccano.jsonl").write_text(lines + "\n", encoding="utf-8")
    tasks = []
    for k, name in enumerate(PEOPLE):
        results = [
            {
                "value": {"start": a, "end": b, "text": TEXTS[name][a:b], "labels": [label]},
                "id": f"r{k}{a}",
                "from_name": "label",
                "to_name": "text",
                "type": "labels",
            }
            for a, b, label in spans(name)
        ]
        annotation = {"id": k, "completed_by": 3, "result": results, "was_cancelled": False}
        tasks.append({"id": k, "data": {"text": TEXTS[name]}, "annotations": [annotation]})
    (folder / "label-studio.json").write_text(json.dumps(tasks, indent=1), encoding="utf-8")
    rows = ["#FORMAT=WebAnno TSV 3.3", "#T_SP=webanno.custom.Codes|code", ""]
    start = 0
    for sentence, (_, n, line) in enumerate(LINES, 1):
        rows += ["", f"#Text={line}"]
        place = start
        for number, word in enumerate(line.split(" "), 1):
            end = place + len(word)
            rows.append(f"{sentence}-{number}\t{place}-{end}\t{word}\t{code(n)}[{sentence}]\t")
            place = end + 1
        start += len(line) + 1
    (folder / "inception.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    text, marks, start = "", "", 0
    for number, (_, n, line) in enumerate(LINES, 10):
        marks += (
            f'<custom:Codes xmi:id="{number}" sofa="2" begin="{start}" '
            f'end="{start + len(line)}" code="{code(n)}"/>\n'
        )
        text += line + "&#10;"
        start += len(line) + 1
    members = " ".join(str(number) for number, _ in enumerate(LINES, 10))
    (folder / "inception.xmi").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:cas="http:///uima/cas.ecore" '
        'xmlns:custom="http:///webanno/custom.ecore" xmlns:xmi="http://www.omg.org/XMI" '
        f'xmi:version="2.0">\n<cas:NULL xmi:id="0"/>\n{marks}<cas:Sofa xmi:id="2" sofaNum="1" '
        f'sofaID="_InitialView" mimeType="text" sofaString="{text}"/>\n'
        f'<cas:View sofa="2" members="{members}"/></xmi:XMI>\n',
        encoding="utf-8",
    )
    project = catma(folder / "CATMA_1_Study")
    with zipfile.ZipFile(folder / "catma.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(project.rglob("*.*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())
                file.unlink()
    requal(folder / "study.requal")
    said = "\n".join(f"[[cid={name}]] {line} [[Barriers>{code(n)}]]" for name, n, line in LINES)
    (folder / "interviews.rock").write_text(said + "\n", encoding="utf-8")


def reports(folder: Path) -> None:
    """Write what programs of qualitative analysis print as text, Word or web page."""
    table = [
        {"group": "G", "document": name, "code": f"Care > {code(n)}", "text": line}
        for name, n, line in LINES
    ]
    origins: list[object] = []
    for name, n, line in LINES:
        origins += [
            line,
            f"Code: Care > {code(n)}\tWeight score: 0\nG\\{name}, Pos. {n + 1}-{n + 1}",
        ]
    for kind in ("docx", "html"):
        write_page(folder / f"maxqda-table.{kind}", [[SEGMENTS["en"], *segment_rows(table)]])
        write_page(folder / f"maxqda-retrieved.{kind}", origins)
    entries = [
        [name, f"What people say of {name.lower()}.", f"There was no {name.lower()}.", 8]
        for name in CODES
    ]
    write_page(folder / "codebook.docx", [[["Code", "Definition", "Example", "n"], *entries]])
    report = ["Project: p", "Report created by A on 01/01/2024", "Code Report", "(5) codes"]
    nodes = [r"Name: Codes\\Care\Time", ""]
    for k, label in enumerate(CODES):
        own = [(name, n, line) for name, n, line in LINES if code(n) == label]
        report += [f"  ○ {label}", f"{len(own)} Quotations:"]
        for place, (name, n, line) in enumerate(own, 1):
            report += [f"  {PEOPLE.index(name) + 1}:{place} ¶ {n + 1}, in {name}", line]
        if k:
            continue
        for name in PEOPLE:
            mine = [line for who, _, line in own if who == name]
            shares = [round(len(line) / 40 + PEOPLE.index(name), 2) for line in mine]
            whole = f"{round(sum(shares), 2):.2f}% Coverage"
            nodes += [f"<Files\\\\{name}> - § {len(mine)} references coded  [{whole}]", ""]
            for number, (line, share) in enumerate(zip(mine, shares, strict=True), 1):
                nodes += [f"Reference {number} - {share:.2f}% Coverage", "", line, ""]
    (folder / "atlasti-report.txt").write_text("\n".join(report) + "\n", encoding="utf-8")
    (folder / "nvivo-references.txt").write_text("\n".join(nodes) + "\n", encoding="utf-8")


def write_all(folder: Path) -> Path:
    """Write a file of each format into a folder."""
    annotation_tools(folder)
    reports(folder)
    project_file(folder / "maxqda.mex", versioned=False, codings=CODINGS)
    rows: list[list[object]] = [["doc_name", "doc_id", "code_name", "code_id", "segment_text"]]
    rows += [[name, PEOPLE.index(name), code(n), n % 5, line] for name, n, line in LINES]
    write_csv(folder / "requal.csv", rows)
    return folder
