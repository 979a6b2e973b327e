"""Rows of coded segments as MAXQDA writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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
