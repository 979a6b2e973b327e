"""Authors: how names are parted, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.authors import AuthorError, named, orcid_number, read_authors


@pytest.mark.parametrize(
    ("name", "given", "family", "suffix"),
    [
        ("Ada Alto", "Ada", "Alto", ""),
        ("Vincent van der Berg", "Vincent", "van der Berg", ""),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven", ""),
        ("van der Berg, Vincent", "Vincent", "van der Berg", ""),
        ("Martin Luther King Jr.", "Martin Luther", "King", "Jr."),
        ("Martin Luther King, Jr.", "Martin Luther", "King", "Jr."),
        ("bell hooks", "bell", "hooks", ""),
        ("Sukarno", "", "Sukarno", ""),
        ("سارا محمدی", "سارا", "محمدی", ""),
        ("Jean-Paul Sartre", "Jean-Paul", "Sartre", ""),
    ],
)
def test_names_are_parted_as_a_catalogue_does(name, given, family, suffix):
    author = named(name)
    assert (author.given, author.family, author.suffix) == (given, family, suffix)
    assert not author.is_group


def test_a_family_name_that_no_rule_finds_is_said():
    author = named("Gabriel García Márquez", family="García Márquez")
    assert (author.given, author.family) == ("Gabriel", "García Márquez")
    with pytest.raises(AuthorError):
        named("Gabriel García Márquez", family="Garcia")


def test_a_group_has_no_parts():
    author = named("The Lancet Commission on Global Mental Health", is_group=True)
    assert author.is_group
    assert author.literal == "The Lancet Commission on Global Mental Health"


# numbers of the identifiers' own documentation
@pytest.mark.parametrize(
    "text",
    [
        "0000-0002-1825-0097",
        "0000000218250097",
        "https://orcid.org/0000-0002-1825-0097",
        "orcid.org/0000-0002-1825-0097",
        "http://www.orcid.org/0000-0002-1825-0097/",
    ],
)
def test_an_orcid_is_a_number_or_an_address(text):
    assert orcid_number(text) == "0000-0002-1825-0097"


def test_the_last_sign_may_be_an_x():
    assert orcid_number("0000-0002-1694-233x") == "0000-0002-1694-233X"


@given(st.integers(0, 14), st.integers(1, 9))
def test_each_mistyped_digit_is_found(place, more):
    digits = list("000000021825009")
    digits[place] = str((int(digits[place]) + more) % 10)
    with pytest.raises(AuthorError):
        orcid_number("".join(digits) + "7")


@pytest.mark.parametrize("text", ["", "1", "0000-0002-1825-00977", "x" * 16, "ORCID"])
def test_what_is_no_orcid_is_refused(text):
    with pytest.raises(AuthorError):
        orcid_number(text)


def test_affiliations_are_places_or_refer_to_them():
    places = [{"id": "a", "name": "University A", "city": "Leiden"}, {"id": "b", "name": "B"}]
    author = {"name": "Ada Alto", "affiliations": [{"ref": "b"}, {"ref": "a"}, "C"]}
    (read,) = read_authors(author, places)
    assert read.affiliations == ("B", "University A, Leiden", "C")


@pytest.mark.parametrize(
    ("author", "found"),
    [
        ({"name": "A B", "affiliations": [{"ref": "x"}]}, "ref: x"),
        ({"name": "A B", "twitter": "x"}, "twitter"),
        ({"name": ""}, "without a name"),
        ({"name": "A B", "email": "not one"}, "not one"),
        ({"name": "A B", "affiliations": [{"city": ""}]}, "affiliation without a name"),
    ],
)
def test_what_cannot_be_is_named(author, found):
    with pytest.raises(AuthorError) as caught:
        read_authors(author, [])
    assert found in caught.value.found
