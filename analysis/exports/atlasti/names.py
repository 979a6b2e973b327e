"""What ATLAS.ti calls things in its tables, in the languages of its interface."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = [
    "CODEBOOK",
    "COUNTED",
    "NUMBERED_GROUP",
    "QUOTATIONS",
    "TOTALS",
    "bare_name",
    "has_bullet",
    "label_parts",
]

BULLET = re.compile(r"^[●○•◦◉◯⚫⚪■□◆◇]\s+")
# Groundedness and group size inside a label, "P1\nGr=62;  GS=3"; other languages abbreviate
# other words, so that on a line of its own any short word will do.
LABEL = re.compile(
    r"^(?P<name>.*?)\s*(?:\n\s*[^\W\d]{1,4}|\s+Gr)\s*=\s*(?P<gr>\d{1,9})\s*"
    r"(?:;\s*[^\W\d]{1,4}\s*=\s*(?P<gs>\d{1,9}))?\s*$",
    re.S,
)

QUOTATIONS: Mapping[str, tuple[str, ...]] = {
    "codes": (
        "Codes",
        "Code(s)",
        "Applied Codes",
        "Kodes",
        "Códigos",
        "Codici",
        "编码",
        "代码",
        "コード",
    ),
    "document": (
        "Document",
        "Document Name",
        "Documents",
        "Dokument",
        "Dokumentname",
        "Documento",
        "Nombre del documento",
        "Nome do documento",
        "文档",
        "文件",
        "ドキュメント",
    ),
    "count": (
        "Number of Codes",
        "No. of Codes",
        "# Codes",
        "Code Count",
        "Anzahl der Kodes",
        "Anzahl der Codes",
        "Anzahl Kodes",
        "Anzahl Codes",
        "Número de códigos",
        "Cantidad de códigos",
        "Quantidade de códigos",
        "Nombre de codes",
        "Numero di codici",
        "编码数量",
        "编码数",
        "代码数量",
        "代码数",
    ),
    "number": ("Number", "ID", "Quotation ID", "Nummer", "Número", "Numéro", "Numero", "编号"),
    "reference": (
        "Reference",
        "Referenz",
        "Verweis",
        "Referencia",
        "Referência",
        "Référence",
        "引用",
    ),
    "name": (
        "Name",
        "Quotation Name",
        "Zitatname",
        "Nombre",
        "Nombre de la cita",
        "Nome",
        "Nome da citação",
        "Nom",
        "名称",
    ),
    "text": (
        "Text Content",
        "Quotation Content",
        "Quotation",
        "Quotation Text",
        "Quote",
        "Content",
        "Textinhalt",
        "Zitatinhalt",
        "Zitat",
        "Inhalt",
        "Contenido de texto",
        "Contenido del texto",
        "Contenido de la cita",
        "Contenido",
        "Cita",
        "Conteúdo de texto",
        "Conteúdo do texto",
        "Conteúdo textual",
        "Conteúdo da citação",
        "Conteúdo",
        "Citação",
        "Contenu du texte",
        "Citation",
        "文本内容",
        "引文内容",
        "引文",
        "内容",
    ),
    "comment": (
        "Comment",
        "Comments",
        "Quotation Comment",
        "Kommentar",
        "Comentario",
        "Comentário",
        "Commentaire",
        "Commento",
        "注释",
        "评论",
        "备注",
    ),
    "start": (
        "Start Position",
        "Initial Position",
        "Start",
        "Startposition",
        "Anfangsposition",
        "Anfang",
        "Posición inicial",
        "Posición de inicio",
        "Inicio",
        "Posição inicial",
        "Posição de início",
        "Início",
        "起始位置",
        "开始位置",
    ),
    "end": (
        "End Position",
        "Final Position",
        "End",
        "Endposition",
        "Ende",
        "Posición final",
        "Fin",
        "Final",
        "Posição final",
        "Fim",
        "结束位置",
        "终止位置",
    ),
    "extent": ("Extent", "Length", "Umfang", "Länge", "Extensión", "Extensão", "Étendue", "长度"),
    "creator": (
        "Creator",
        "Created by",
        "Author",
        "Ersteller",
        "Erstellt von",
        "Autor",
        "Creador",
        "Creado por",
        "Criador",
        "Criado por",
        "Créateur",
        "创建者",
        "作者",
    ),
    "created": (
        "Creation Date",
        "Date Created",
        "Created",
        "Created on",
        "Created at",
        "Erstellungsdatum",
        "Erstellt",
        "Erstellt am",
        "Fecha de creación",
        "Creado",
        "Data de criação",
        "Criado",
        "Date de création",
        "创建日期",
        "创建时间",
    ),
    "modified": (
        "Modification Date",
        "Date Modified",
        "Modified",
        "Last Modified",
        "Änderungsdatum",
        "Geändert",
        "Fecha de modificación",
        "Modificado",
        "Data de modificação",
        "Date de modification",
        "修改日期",
        "修改时间",
    ),
    "density": ("Density", "Dichte", "Densidad", "Densidade", "密度"),
}

CODEBOOK: Mapping[str, tuple[str, ...]] = {
    "code": ("Code", "Codes", "Code Name", "Kode", "Kodes", "Código", "Códigos", "编码", "代码"),
    "n": (
        "Groundedness",
        "Grounded",
        "Groundedness Degree",
        "Magnitude",
        "Magnitude Degree",
        "Grounded Degree",
        "Verankerung",
        "Verankertheit",
        "Fundiertheit",
        "Häufigkeit",
        "Enraizamiento",
        "Fundamentado",
        "Magnitud",
        "Enraizamento",
        "Fundamentação",
        "Grau de magnitude",
        "Enracinement",
        "扎根性",
        "扎根度",
    ),
    "density": ("Density", "Dichte", "Densidad", "Densidade", "Densité", "密度"),
    "groups": (
        "Groups",
        "Code Groups",
        "Code Group",
        "Gruppen",
        "Kodegruppen",
        "Codegruppen",
        "Grupos",
        "Grupos de códigos",
        "Groupes",
        "组",
        "编码组",
    ),
    "groups_n": (
        "Number of Groups",
        "Anzahl der Gruppen",
        "Anzahl Gruppen",
        "Número de grupos",
        "组数量",
    ),
    "comment": QUOTATIONS["comment"],
    "creator": QUOTATIONS["creator"],
    "created": QUOTATIONS["created"],
    "modified": QUOTATIONS["modified"],
    "colour": ("Color", "Colour", "Farbe", "Cor", "颜色"),
}

# Columns "Code Group 1", "Code Group 2" … of a codebook.
NUMBERED_GROUP = re.compile(
    r"^(code group|kodegruppe|codegruppe|grupo de códigos|groupe de codes|编码组) \d+$"
)

TOTALS = (
    "Totals",
    "Total",
    "Summen",
    "Summe",
    "Gesamt",
    "Totales",
    "Totais",
    "Totaux",
    "总计",
    "合计",
)

# What a table counts, as its information sheet says it.
COUNTED: Mapping[str, tuple[str, ...]] = {
    "codings": ("Quotations", "Zitate", "Citas", "Citações", "Citations", "引文"),
    "words": ("Words", "Wörter", "Palabras", "Palavras", "Mots", "字数", "单词"),
}


def has_bullet(label: str) -> bool:
    """Say whether a name is printed with the mark of a code."""
    return BULLET.match(label) is not None


def bare_name(label: str) -> str:
    """Return a name without the mark that the program prints before it.

    Examples
    --------
    >>> bare_name("● Time"), bare_name("Time")
    ('Time', 'Time')
    """
    return BULLET.sub("", label.strip()).strip()


def label_parts(label: str) -> tuple[str, int | None, int | None]:
    r"""Part a label of a table into its name, groundedness and group size.

    Examples
    --------
    >>> label_parts("P1\nGr=62;  GS=3"), label_parts("Totals")
    (('P1', 62, 3), ('Totals', None, None))
    """
    found = LABEL.match(label)
    if found is None:
        return label.strip(), None, None
    size = found["gs"]
    return found["name"].strip(), int(found["gr"]), None if size is None else int(size)
