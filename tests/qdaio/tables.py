"""Tables written for tests, as programs and people write them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]

HEADERS = {
    "en": "Color,Comment,Document group,Document name,Code,Beginning,End,Weight score,Segment,"
    "Area,Coverage %,Created by,Created on,Modified by,Modified on",
    "de": "Farbe,Kommentar,Dokumentgruppe,Dokumentname,Code,Anfang,Ende,Gewicht,Segment,"
    "Fläche,Abdeckungsgrad %,Erstellt von,Erstellt am,Bearbeitet von,Bearbeitet am",
    "pl": "Color,Komentarz,Grupa dokumentów,Nazwa dokumentu,Kod,Początek,Koniec,Waga,Fragment,"
    "Objętość,Obszar %,Autor,Data utworzenia,Zmodyfikowane przez,Data modyfikacji",
}
SEGMENTS = {language: headers.split(",") for language, headers in HEADERS.items()}


def segment_rows(codings: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Give the rows of coded segments, in the order of columns that MAXQDA has by default."""
    rows = []
    for coding in codings:
        text = coding.get("text", "some words of an interview")
        rows.append(
            [
                "●",
                coding.get("comment", "\u00a0"),
                coding.get("group", ""),
                coding["document"],
                coding["code"],
                coding.get("start", 1),
                coding.get("end", 1),
                coding.get("weight", 0),
                text,
                len(text),
                0.5,
                coding.get("coder", "ann"),
                coding.get("created", "30.11.2017 20:55:14"),
                coding.get("modifier", "zoe"),
                coding.get("modified", "01.12.2017 08:00:00"),
            ]
        )
    return rows


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write sheets of cells; text stays text, whatever it starts with."""
    with xlsxwriter.Workbook(path, {"strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write(number, column, cell)
    return path


def write_csv(path: Path, rows: Rows, separator: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=separator).writerows(rows)
    return path
