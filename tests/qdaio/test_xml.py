"""XML is read as a stream, and what could harm is refused."""

from __future__ import annotations

import io

import pytest

from qdaio.faults import StudyError
from qdaio.files.xml import Walker, root_of


def texts_of(content: bytes, element: str = "a") -> list[tuple[int, str]]:
    walker, found, lines = Walker(io.BytesIO(content), "f.qde", "project.qde"), [], []

    def start(_attributes):
        lines.append(walker.line)
        walker.keep_text()

    walker.starts[element] = start
    walker.ends[element] = lambda: found.append((lines[-1], walker.take_text()))
    walker.walk()
    return found


def fault_of(content: bytes):
    with pytest.raises(StudyError) as caught:
        texts_of(content)
    (fault,) = caught.value.faults
    return fault


@pytest.mark.parametrize(
    "content",
    [
        "<a>س &amp; ü</a>".encode(),
        "\ufeff<?xml version='1.0' encoding='UTF-8'?><a>س &amp; ü</a>".encode(),
        "\ufeff\n <?xml version='1.0'?><a>س &amp; ü</a>".encode(),
        "\ufeff<?xml version='1.0' encoding='utf-8'?><a>س &amp; ü</a>".encode("utf-16-le"),
        "\ufeff<a>س &amp; ü</a>".encode("utf-16-be"),
        "<q:a xmlns:q='urn:QDA-XML:project:1.0'>س <q:b>&amp;</q:b> ü</q:a>".encode(),
        "<undeclared:a>س <![CDATA[&]]> ü</undeclared:a>".encode(),
    ],
)
def test_elements_are_known_in_any_namespace_and_encoding(content):
    assert [text for _, text in texts_of(content)] == ["س & ü"]


def test_lines_are_counted_beyond_65535():
    found = texts_of(b"<r>" + b"\n" * 70_000 + b"<a>x</a></r>")
    assert found == [(70_001, "x")]


def test_elements_that_nobody_knows_are_counted():
    walker = Walker(io.BytesIO(b"<a><b/><n:b/><c/></a>"), "f.qde")
    walker.starts["a"] = None
    walker.walk()
    assert walker.unknown == {"b": 2, "c": 1}


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        b"<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://example.org/x'>%p;]><a/>",
        b"<r " + b" ".join(b'a%d=""' % n for n in range(5_000)) + b"/>" + b" " * 2_000_000,
        b"<r>" + b"".join(b"<e%d/>" % n for n in range(5_000)) + b"</r>",
        b'<a b="' + b"x" * 64 * 1024 * 1024,
    ],
    ids=["entity", "external", "parameter", "attributes", "elements", "endless"],
)
def test_what_could_harm_is_refused(content):
    assert fault_of(content).kind == "unsafe-xml"


@pytest.mark.parametrize("piece", [b"<a>", b"<Code guid='1' name='x'>"])
def test_a_million_nested_elements_are_refused(piece):
    fault = fault_of(piece * 1_000_000)
    assert fault.kind == "too-large"
    assert "nested" in fault.found


def test_more_text_than_any_study_has_is_refused():
    assert fault_of(b"<a>" + b"x" * 70_000_000 + b"</a>").kind == "too-large"


@pytest.mark.parametrize(
    ("content", "kind", "row"),
    [
        (b"<r>\n<a>x", "truncated-file", 2),
        (b"<r>\n<a", "truncated-file", 2),
        (b"", "truncated-file", 1),
        (b"<r>\n\n<a>x</b></r>", "wrong-format", 3),
        (b"<a>&nbsp;</a>", "wrong-format", 1),
        (b"<a>\x01</a>", "wrong-format", 1),
        (b"<a>\xff</a>", "wrong-format", 1),
        (b"<?xml version='1.0' encoding='klingon'?><a/>", "wrong-encoding", None),
    ],
)
def test_damage_is_told_with_its_line(content, kind, row):
    fault = fault_of(content)
    assert (fault.kind, fault.row) == (kind, row)
    assert (fault.file, fault.sheet) == ("f.qde", "project.qde")


def test_the_root_is_known_from_the_beginning_alone():
    name, attributes = root_of(b"\xef\xbb\xbf<q:Project origin='MAXQDA'>\n<Users><Us")
    assert (name, attributes["origin"]) == ("Project", "MAXQDA")
    assert root_of(b"no xml at all") is None
    assert root_of(b"<Project name='cut o") is None
