"""Label Studio: its JSON export, whole or "min", of texts, dialogues, recordings and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qdaio.files.json import first_records, read_records, text_of
from qdaio.files.source import Source
from qdaio.model import CodedProject, ExportFile, ExportInfo, Notes
from qdaio.places import Counter
from qdaio.reader import Match
from qdaio.spans import Marks

__all__ = ["READER", "LabelStudioExport"]

TEXT_KEYS = ("text", "content", "document", "body", "dialogue", "html", "transcript")
MEDIA = {"audio": "audio", "video": "video", "image": "image", "pdf": "pdf"}
NAMES = ("name", "title", "filename", "file", "id")  # of a document, among its data
# Results that hold codes: under their own type, among the values. All others are answers.
CODES = (
    "labels",
    "hypertextlabels",
    "paragraphlabels",
    "timeserieslabels",
    "timelinelabels",
    "rectanglelabels",
    "polygonlabels",
    "ellipselabels",
    "keypointlabels",
    "brushlabels",
    "videorectangle",
    "choices",
    "taxonomy",
)
SIDES = ("x", "y", "width", "height")
OF_MIN = ("annotation_id", "annotator", "lead_time")  # only the small form has these
JAVASCRIPT = Counter("utf-16")


class LabelStudioExport:
    """Reads tasks with their annotations."""

    format = "label-studio"
    software = "Label Studio"

    def recognise(self, source: Source) -> Match | None:
        """Know a task by its data and its annotations."""
        if source.kind != "json":
            return None
        for record in first_records(source.path):
            if _is_task(record):
                return Match(0.97, "tasks with data and annotations")
            if isinstance(record, dict) and sum(name in record for name in OF_MIN) > 1:
                return Match(0.97, "tasks with an annotator and annotation_id")
        return None

    def read(self, source: Source, match: Match) -> CodedProject:
        """Read the tasks; what a model predicted is set aside.

        Raises
        ------
        StudyError
            When the file is damaged, or holds something else than tasks.
        """
        notes = Notes(source.name)
        found: list[tuple[int, dict[str, Any]]] = []
        with source.path.open("rb") as stream:
            for row, record in enumerate(read_records(stream, source.name), 1):
                if isinstance(record, dict):
                    found.append((row, record if _is_task(record) else _as_task(record)))
                else:
                    notes.faults.add(
                        kind="wrong-format",
                        file=source.name,
                        row=row,
                        found="an element that is no task",
                        expected="an object with data and annotations",
                        remedy="Export the project again as JSON.",
                    )
        notes.faults.raise_if_any()
        marks = Marks(notes, JAVASCRIPT)
        tags = {tag for _, task in found for *_, tag in _results(task)}
        for row, task in found:
            _read_task(marks, task, row, is_tagged=len(tags) > 1)
        return marks.project(
            ExportInfo(
                format=self.format,
                software=self.software,
                files=(ExportFile(source.name, source.sha256, self.format),),
            )
        )


READER = LabelStudioExport()


def _is_task(record: object) -> bool:
    return (
        isinstance(record, dict)
        and isinstance(record.get("data"), dict)
        and any(isinstance(record.get(name), list) for name in ("annotations", "completions"))
    )


def _as_task(record: dict[str, Any]) -> dict[str, Any]:
    """Bring the small form into the whole one: each control stands under its own name."""
    results: list[dict[str, Any]] = []
    data: dict[str, Any] = {}
    for name, value in record.items():
        items = value if isinstance(value, list) else [value]
        typed = [
            (item, kind)
            for item in items
            if isinstance(item, dict)
            for kind in CODES
            if isinstance(item.get(kind), list)
        ]
        for item, kind in typed:
            results.append({"type": kind, "from_name": name, "value": item})
        if isinstance(value, dict) and isinstance(value.get("choices"), list):
            continue
        if not typed and name not in (*OF_MIN, "created_at", "updated_at"):
            data[name] = value
    annotation = {
        "result": results,
        "completed_by": record.get("annotator"),
        "created_at": record.get("created_at"),
    }
    return {"id": record.get("id"), "data": data, "annotations": [annotation]}


def _results(task: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
    """Give each annotation with each result that holds codes, and the name of its control."""
    for annotation in task.get("annotations") or task.get("completions") or ():
        if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
            continue
        for result in annotation.get("result") or ():
            if isinstance(result, dict) and result.get("type") in CODES:
                yield annotation, result, text_of(result.get("from_name")) or ""


def _read_task(marks: Marks, task: dict[str, Any], row: int, *, is_tagged: bool) -> None:
    notes = marks.notes
    document, name, kind = _add_document(marks, task, row)
    for annotation, result, tag in _results(task):
        value = result.get("value")
        value = value if isinstance(value, dict) else {}
        coder = _person(annotation.get("completed_by"))
        placed = _place(value, str(result["type"]), is_timed=kind in ("audio", "video"))
        paths = _paths(value.get(str(result["type"])))
        if not paths:
            notes.aside("annotation", "no label was given to it", row, document=name)
        for path in paths:
            marks.mark(
                document,
                (tag, *path) if is_tagged else path,
                row,
                coder=coder,
                date=text_of(annotation.get("created_at")),
                **placed,
            )
    stated, held = task.get("total_annotations"), task.get("annotations") or ()
    kept = sum(isinstance(item, dict) and not item.get("was_cancelled") for item in held)
    if type(stated) is int and stated != kept:
        notes.warn(f"element {row} states {stated} annotations and holds {kept}.")
    for annotation in held:
        if not isinstance(annotation, dict):
            continue
        others = [
            str(result.get("type"))
            for result in annotation.get("result") or ()
            if isinstance(result, dict) and result.get("type") not in CODES
        ]
        if annotation.get("was_cancelled"):
            notes.aside("annotation", "it was cancelled in the program", row, document=name)
        elif others:
            why = f"answers that are no codes: {', '.join(sorted(set(others)))}"
            notes.aside("answer", why, row, document=name)
    predicted = sum(
        len(item.get("result") or ())
        for item in task.get("predictions") or ()
        if isinstance(item, dict)
    )
    if predicted:
        why = f"{predicted} labels that a model predicted and no person confirmed"
        notes.aside("prediction", why, row, document=name)


def _add_document(marks: Marks, task: dict[str, Any], row: int) -> tuple[int, str, str]:
    data = task["data"]
    key = next((key for key in TEXT_KEYS if isinstance(data.get(key), str | list)), None)
    if key is None:
        long = {key: len(value) for key, value in data.items() if isinstance(value, str)}
        key = max(long, key=lambda name: long[name], default=None)
    media = next((kind for name, kind in MEDIA.items() if name in data), None)
    if media is not None and key not in TEXT_KEYS:
        key = None
    given = next((text_of(data[key]) for key in NAMES if text_of(data.get(key))), None)
    upload = text_of(task.get("file_upload"))
    number = text_of(task.get("id")) or str(row)
    name = given or (f"{upload} {number}" if upload else number)
    text = data.get(key) if key else None
    if isinstance(text, list):  # a dialogue: its turns are places of their own
        text = "\n".join(filter(None, map(_turn, text)))
    document = marks.document(name, text_of(text), kind=media or "text")
    for label, value in data.items():
        plain = text_of(value)
        if plain and label != key and plain != name and label not in MEDIA:
            marks.attribute(document, text_of(label) or "", plain, row)
    return document, name, media or "text"


def _turn(item: object) -> str | None:
    return text_of(item.get("text")) if isinstance(item, dict) else text_of(item)


def _person(stated: object) -> str | None:
    if isinstance(stated, dict):
        return text_of(stated.get("email")) or text_of(stated.get("id"))
    return text_of(stated)


def _paths(stated: object) -> list[tuple[str, ...]]:
    """Return the codes of a result; those of a taxonomy are paths already."""
    paths = []
    for item in stated if isinstance(stated, list) else [stated]:
        names = item if isinstance(item, list) else [item]
        path = tuple(name for part in names if (name := text_of(part)))
        if path:
            paths.append(path)
    return paths


def _place(value: dict[str, Any], kind: str, *, is_timed: bool) -> dict[str, Any]:
    """Return where a result stands: in characters, milliseconds, turns or a picture."""
    start, end = value.get("start"), value.get("end")
    text = text_of(value.get("text"))
    offsets = value.get("globalOffsets")
    if isinstance(offsets, dict):
        start, end = offsets.get("start"), offsets.get("end")
    elif kind in ("hypertextlabels", "paragraphlabels"):
        first, last = value.get("startOffset"), value.get("endOffset")
        return {"place": f"{start}:{first}–{end}:{last}", "text": text, "unit": "turn"}
    if all(side in value for side in ("x", "y")):
        sides = " ".join(f"{side}={value[side]}" for side in SIDES if side in value)
        return {"place": f"{sides} %", "unit": "page rectangle"}
    if type(start) is int and type(end) is int and not is_timed:
        return {"start": start, "end": end, "text": text}
    if isinstance(start, int | float) and isinstance(end, int | float):
        return {"start": round(start * 1000), "end": round(end * 1000), "unit": "ms"}
    return {"text": text} if kind not in ("choices", "taxonomy") else {}
