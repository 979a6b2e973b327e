"""Code frequencies, a table of shares; and tables of MAXQDA that hold no codings, named as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from qdaio.files.cells import Sheet, as_text
from qdaio.files.source import Source
from qdaio.headers import SheetTable, find_table, table_at
from qdaio.labels import plain
from qdaio.model import make_frame
from qdaio.programs.maxqda.values import Path, separator_of, split_path
from qdaio.programs.maxqda.words import language_of, words_for
from qdaio.reader import Match, NamedFile
from qdaio.tables import CodeTable, Rows, best_sheet, headers

__all__ = ["FREQUENCIES", "OTHER_TABLES", "CodeFrequencies", "OtherTables"]

DEPTH = 20
SHARES = {  # canonical name -> headers, in the languages of the interface
    "share": (
        "% Percent|Percentage|Percentages|Prozent|Prozentsatz|Procent|Porcentaje|Pourcentage"
        "|Porcentagem|Percentual|Percentuale|Percentage|Yüzde|Процент|درصد|百分比|パーセント"
        "|% Codings|% Coded segments|% Codierte Segmente|% Documents|% Dokumente"
    ),
    "valid": (
        "Valid %|Valid percent|Valid percentage|Percentage (valid)|Percent (valid)|Prozent (gültig)"
        "|Gültige Prozente|Gültige %|Prozentsatz (gültig)|Procent (ważnych)|Porcentaje (válido)"
        "|Pourcentage (valide)|Porcentagem (válida)|Percentuale (valida)|Percentage (geldig)"
        "|Yüzde (geçerli)|Процент (валидный)|درصد معتبر|有效百分比|有効パーセント"
    ),
    "n": (
        "Segments|Segments with code|Coded segments|Frequency|Codings|Segmente|Segmente mit Code"
        "|Codierte Segmente|Häufigkeit|Częstość|Segmenty|Segmenty z kodem|Frecuencia|Segmentos"
        "|Segmentos con código|Segmentos codificados|Fréquence|Segments avec code|Segments codés"
        "|Frequência|Segmentos com código|Frequenza|Segmenti|Segmenti con codice|Frequentie"
        "|Segmenten|Segmenten met code|Sıklık|Frekans|Segmentler|Kodlu segmentler|Частота|Сегменты"
        "|Сегменты с кодом|فراوانی|频率|频数|頻度"
    ),
    "documents": (
        "Documents|Documents with code|Dokumente|Dokumente mit Code|Dokumenty|Dokumenty z kodem"
        "|Documentos|Documentos con código|Documentos com código|Documents avec code|Documenti"
        "|Documenti con codice|Documenten|Documenten met code|Belgeler|Kodlu belgeler|Dokümanlar"
        "|Документы|Документы с кодом|اسناد|文档|ドキュメント"
    ),
}
SUMMED = (  # rows that sum up or count what is no code
    "Total (valid)|Missing|Documents with code(s)|Documents without code(s)"
    "|Documents with codes|Documents without codes|Documents with code"
    "|Documents without code|Analyzed documents|Analysed documents|Segments with code"
    "|Segments without code|Gesamt (gültig)|Fehlend|Dokumente mit Code"
    "|Dokumente mit Codes|Dokumente mit Code(s)|Dokumente ohne Code"
    "|Dokumente ohne Codes|Dokumente ohne Code(s)|Analysierte Dokumente"
    "|Total (válido)|Perdidos|Documentos con código(s)|Documentos sin código(s)"
    "|Documentos analizados|Total (valide)|Manquant|Documents avec code(s)"
    "|Documents sans code(s)|Documents analysés|Total (válida)|Ausente"
    "|Documentos com código(s)|Documentos sem código(s)|Documentos analisados"
    "|Suma (ważnych)|Braki danych|Dokumenty z kodem|Dokumenty bez kodu"
    "|Przeanalizowane dokumenty|Toplam (geçerli)|Kayıp|Kodlu belgeler|Kodsuz belgeler"
    "|Analiz edilen belgeler|N (Documents)|N (Dokumente)|N = Documents|N = Dokumente"
)


class CodeFrequencies(CodeTable):
    """How many segments or documents have a code: counts and shares, and no codings."""

    format = "maxqda-code-frequencies"
    software = "MAXQDA"
    required = headers(code=[*words_for({"code"})["code"], "Codes", "Kody", "Códigos", "Kodlar"])
    reason = "codes with counts and shares"
    score = 0.75  # surer than a matrix, which whole percentages with their sum look like
    counted = "how many segments have the code"

    def find(self, sheet: Sheet) -> SheetTable | None:
        """Find the table; its column of codes can lack a header, and "%" is no word."""
        for index, row in enumerate(sheet.head(DEPTH)):
            labels = [(as_text(cell) or "").strip() for cell in row]
            roles = {place: role for place, label in enumerate(labels) if (role := _role(label))}
            code = next((place for place, role in roles.items() if role == "code"), None)
            if code is None and labels and not labels[0] and 0 not in roles:
                code = 0
            names = set(roles.values())
            shares = sum(role == "share" for role in roles.values())
            if code is None or not shares or not {"n", "documents"} & names:
                continue
            others = [at for at, text in enumerate(labels) if text and at not in {code, *roles}]
            if len(others) > 1:  # such as a parent; more is another table
                continue
            table = table_at(sheet, index, {})
            written = {f"column {code + 1}", labels[code]}
            columns, unknown = {}, {}
            for header, cells in table.unknown.items():
                role = "code" if header in written and "code" not in columns else _role(header)
                if role in {"code", "n", "documents"} and role not in columns:
                    columns[str(role)] = cells
                else:
                    unknown[header] = cells
            if "code" not in columns or not any(isinstance(c, str) for c in columns["code"]):
                return None
            known = {_role(label): label for label in reversed(labels) if _role(label)}
            named = {name: known.get(name, name) for name in columns}
            if "documents" not in columns and _counts_documents(sheet, columns["code"]):
                columns["documents"], named["documents"] = columns.pop("n"), named.pop("n")
            return replace(table, columns=columns, unknown=unknown, headers=named)
        return None

    def certainty(self, table: SheetTable) -> float:
        """Be surer of a sheet that counts segments than of one that counts documents."""
        return self.score if "n" in table.columns else self.score - 0.01

    def language(self, table: SheetTable) -> str | None:
        """Say which language the headers are in."""
        return language_of(table.all_headers)

    def paths(self, rows: Rows) -> list[Path]:
        """Read names, or paths "A > B"."""
        names = [
            None if name is None or plain(name) in SUMS else name for name in rows.texts("code")
        ]
        separator = separator_of(names)
        return [split_path(name, separator) if name else () for name in names]

    def kinds(self, paths: Sequence[Path], counts: Sequence[int | None]) -> list[str | None]:
        """Leave open whether subcodes are counted with a code: that is a setting."""
        return [None if count is None else "unknown" for count in counts]

    def attributes(self, rows: Rows, ids: Mapping[int, str]) -> pd.DataFrame:
        """Keep in how many documents a code is; shares can be computed from the counts."""
        cells = rows.texts("documents")
        stated = [place for place in ids if cells[place]]
        return make_frame(
            "attributes",
            {
                "entity": ["code"] * len(stated),
                "entity_id": [ids[place] for place in stated],
                "name": [rows.table.headers.get("documents")] * len(stated),
                "value": [cells[place] for place in stated],
                "source_file": [rows.notes.file] * len(stated),
                "source_row": [rows.numbers[place] for place in stated],
            },
        )


def _counts_documents(sheet: Sheet, cells: Sequence[object]) -> bool:
    """Say whether "Frequency" is of documents: the sheet or its last rows say so."""
    labels = {plain(cell) for cell in cells[-5:] if isinstance(cell, str)}
    return ROLES.get(plain(sheet.name)) == "documents" or bool(labels & OF_DOCUMENTS)


def _role(label: str) -> str | None:
    """Say what a column of a table of frequencies holds."""
    if label.startswith("%") or label.endswith("%"):
        words = plain(label)
        return "share" if not words or words in ROLES or len(words.split()) <= SHORT else None
    return ROLES.get(plain(label))


SUMS = {plain(label) for label in SUMMED.split("|")}
OF_DOCUMENTS = {label for label in SUMS if label.split()[0][:3] in {"doc", "dok", "kod", "ana"}}
SHORT = 3  # words of a header that begins or ends with %
ROLES = {
    **{
        plain(label): "share" if name == "valid" else name
        for name in SHARES
        for label in SHARES[name].split("|")
    },
    **{plain(label): "code" for label in CodeFrequencies.required["code"]},
}

DOCUMENT, CODE = words_for({"document"})["document"], words_for({"code"})["code"]
OF_CODINGS = {
    plain(label)
    for labels in words_for({"text", "start", "end", "area", "coverage"}).values()
    for label in labels
}
SUMMARY = (
    *("Summary", "Summaries", "Zusammenfassung", "Summary-Text", "Podsumowanie", "Resumen"),
    *("Résumé", "Resumo", "Riassunto", "Samenvatting", "Özet", "Резюме", "خلاصه", "摘要", "要約"),
)
PARAPHRASE = (
    *("Paraphrase", "Paraphrases", "Paraphrasen", "Parafraza", "Paráfrasis", "Paráfrase"),
    *("Parafrasi", "Parafrase", "Açımlama", "Парафраз", "释义", "パラフレーズ"),
)
SEGMENTS = (
    "Export the list of coded segments: activate all documents and codes, open Overview of Coded "
    "Segments, and save it as Excel."
)


class OtherTables(NamedFile):
    """Tables that list no codings: grids of summaries, paraphrases, crosstabs, words."""

    format = "maxqda-other-table"
    software = "MAXQDA"
    kind = "no-codings"
    expected = "coded segments, a code system, document variables or a code matrix"
    remedy = SEGMENTS

    def recognise(self, source: Source) -> Match | None:
        """Say which of the tables a sheet is."""
        return best_sheet(source, self._match)

    def _match(self, sheet: Sheet) -> Match | None:
        what = _kind(sheet)
        if what is None:
            return None
        # surer than a code matrix, which a crosstab looks like, and than document variables
        return Match(0.92, what, sheet.name, {"what": what})

    def found(self, match: Match) -> str:
        """Say which of the tables it is."""
        return f"{match.details['what']} of MAXQDA, which lists no codings"


def _kind(sheet: Sheet) -> str | None:
    """Name a table by its headers, or by the row that counts the documents of each column."""
    for what, required in (
        ("a table of summaries", {"document": DOCUMENT, "code": CODE, "summary": SUMMARY}),
        ("a table of paraphrases", {"document": DOCUMENT, "paraphrase": PARAPHRASE}),
        (
            "a list of word frequencies",
            {
                "word": ("Word", "Wort", "Słowo", "Palabra", "Mot", "Palavra", "Parola", "Woord"),
                "length": (
                    *("Word length", "Wortlänge", "Długość słowa", "Longitud de la palabra"),
                    *("Longueur du mot", "Comprimento da palavra", "Lunghezza della parola"),
                ),
            },
        ),
        (
            "a table of Smart Coding",
            {
                "text": words_for({"text"})["text"],
                "codes": ("Codes", "Codes (Smart Coding)", "Kody", "Códigos", "Codici", "Kodlar"),
                "document": DOCUMENT,
            },
        ),
    ):
        table = find_table(sheet, required)
        if table is None:
            continue
        others = {plain(header) for header in table.unknown}
        if "summary" in required and others & OF_CODINGS:
            continue  # coded segments with a column of the author's own
        return what
    labels = [plain(cell) for column in sheet.columns[:2] for cell in column[-3:] if _short(cell)]
    return "a crosstab of codes and groups" if set(labels) & CROSSED else None


CROSSED = {
    plain(label)
    for label in (
        *("N = Documents", "N (Documents)", "# N (Documents)", "N = Dokumente", "N (Dokumente)"),
        *("# N (Dokumente)", "N = Documentos", "N (Documentos)", "N (Dokumenty)", "N (Documenti)"),
        *("N (Documenten)", "N (Belgeler)", "N (Документы)"),
    )
}


def _short(cell: object) -> bool:
    return isinstance(cell, str) and len(cell) < 40


FREQUENCIES = CodeFrequencies()
OTHER_TABLES = OtherTables()
