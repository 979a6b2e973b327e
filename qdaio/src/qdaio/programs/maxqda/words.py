"""The headers that MAXQDA writes, by language of its interface.

English, German and Polish are those of real exports and of the program's manual. The
stems serve to tell columns apart in languages whose exact headers are not known here;
they count only together with what the columns hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qdaio.labels import normalise

__all__ = [
    "DOTS",
    "HEADERS",
    "ROOTS",
    "SEGMENT_OPTIONAL",
    "SEGMENT_REQUIRED",
    "STEMS",
    "TOTALS",
    "language_of",
]

DOTS = frozenset("●•○◉⬤")  # how a code's colour is shown

# canonical name -> language -> headers
HEADERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "document": {
        "en": ("Document name", "Document"),
        "de": ("Dokumentname", "Dokument"),
        "pl": ("Nazwa dokumentu", "Dokument"),
    },
    "group": {
        "en": ("Document group",),
        "de": ("Dokumentgruppe",),
        "pl": ("Grupa dokumentów",),
    },
    "code": {"en": ("Code",), "de": ("Code",), "pl": ("Kod",)},
    "parent": {
        "en": ("Parent code",),
        "de": ("Obercode", "Übergeordneter Code"),
        "pl": ("Kod nadrzędny",),
    },
    "colour": {"en": ("Color", "Colour"), "de": ("Farbe",), "pl": ("Color", "Kolor")},
    "comment": {"en": ("Comment",), "de": ("Kommentar",), "pl": ("Komentarz",)},
    "start": {"en": ("Beginning", "Begin"), "de": ("Anfang",), "pl": ("Początek",)},
    "end": {"en": ("End",), "de": ("Ende",), "pl": ("Koniec",)},
    "weight": {"en": ("Weight score", "Weight"), "de": ("Gewicht",), "pl": ("Waga",)},
    "text": {
        "en": ("Segment", "Coded segment", "Coded segments"),
        "de": ("Segment", "Codiertes Segment"),
        "pl": ("Fragment",),
    },
    "area": {"en": ("Area",), "de": ("Fläche",), "pl": ("Objętość",)},
    "coverage": {"en": ("Coverage %",), "de": ("Abdeckungsgrad %",), "pl": ("Obszar %",)},
    "coder": {"en": ("Created by",), "de": ("Erstellt von",), "pl": ("Autor",)},
    "created": {
        "en": ("Created on", "Created"),
        "de": ("Erstellt am",),
        "pl": ("Data utworzenia",),
    },
    "modifier": {
        "en": ("Modified by",),
        "de": ("Bearbeitet von", "Geändert von"),
        "pl": ("Zmodyfikowane przez",),
    },
    "modified": {
        "en": ("Modified on", "Modified"),
        "de": ("Bearbeitet am", "Geändert am"),
        "pl": ("Data modyfikacji",),
    },
}
SEGMENT_REQUIRED = ("document", "code")
SEGMENT_OPTIONAL = tuple(name for name in HEADERS if name not in SEGMENT_REQUIRED)

ROOTS = frozenset(
    map(
        normalise,
        (
            "Code System",
            "Codesystem",
            "Code-System",
            "Lista kodów",
            "System kodów",
            "Sistema de códigos",
            "Système de codes",
            "Sistema di codici",
            "コードシステム",
            "代码系统",
            "Система кодов",
            "Kod sistemi",
        ),
    )
)
TOTALS = frozenset(
    map(
        normalise,
        (
            "SUM",
            "SUMME",
            "SUMA",
            "SOMME",
            "SOMMA",
            "SOMA",
            "Σ",
            "合計",
            "总和",
            "СУММА",
            "TOPLAM",
            "Total",
            "Gesamt",
        ),
    )
)

STEMS: Mapping[str, tuple[str, ...]] = {
    "group": ("group", "grup", "groep", "групп", "グループ", "组", "組", "گروه"),
    "document": (
        "doc",
        "dok",
        "doküman",
        "belge",
        "файл",
        "文書",
        "ドキュメント",
        "文档",
        "文件",
        "سند",
    ),
    "code": ("cod", "kod", "код", "コード", "代码", "編碼", "编码", "کد"),
    "text": ("seg", "frag", "сегмент", "セグメント", "片段", "段"),
    "comment": ("com", "kom", "opm", "yorum", "комм", "コメント", "评论", "注释"),
    "coder": (
        "cre",
        "aut",
        "erst",
        "автор",
        "作成者",
        "作者",
        "oluştur",
        "by",
        "von",
        "por",
        "par",
    ),
}


def language_of(headers: Iterable[str]) -> str | None:
    """Return the language that knows most of some headers, ISO 639-1; None at a tie of none."""
    seen = {normalise(header) for header in headers}
    score = {
        language: sum(
            any(normalise(label) in seen for label in by_language.get(language, ()))
            for by_language in HEADERS.values()
        )
        for language in ("en", "de", "pl")
    }
    best = max(score, key=lambda language: score[language])
    return best if score[best] else None
