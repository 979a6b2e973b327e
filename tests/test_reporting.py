"""What the manuscript is made of: no text of an author vanishes."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.reporting import prose_sections, read_prose
from qdaio.faults import StudyError

CODES = pd.DataFrame({"name": ["Law reform", "Money", "fees"], "level": [1, 1, 2]})
MAP = pd.DataFrame(
    {
        "category": ["Law reform", "Money", "Money"],
        "dimension": ["law", "financing", "services"],
        "is_primary": [True, True, False],
    }
)


def write(folder, *names):
    (folder / "prose").mkdir()
    for name in names:
        (folder / "prose" / f"{name}.md").write_text(f"\ufeffOn {name}.\n", encoding="utf-8")
    return folder


def test_prose_is_filed_under_the_first_dimension_of_a_category(tmp_path):
    sections = prose_sections(CODES, MAP)
    assert sections == {"Law reform": "law", "Money": "financing"}
    assert read_prose(write(tmp_path, "law"), sections) == {"law": "On law.\n"}


def test_without_a_framework_prose_is_filed_under_the_name_of_the_category(tmp_path):
    sections = prose_sections(CODES, MAP.iloc[:0])
    assert sections == {"Law reform": "law-reform", "Money": "money"}
    assert read_prose(write(tmp_path, "money"), sections) == {"money": "On money.\n"}


@pytest.mark.parametrize(("name", "near"), [("lwa", "law"), ("financng", "financing")])
def test_a_text_named_after_no_section_is_told_with_the_nearest(tmp_path, name, near):
    with pytest.raises(StudyError) as caught:
        read_prose(write(tmp_path, name, "law"), prose_sections(CODES, MAP))
    (fault,) = caught.value.faults
    assert fault.kind == "unknown-section"
    assert fault.file.endswith(f"prose/{name}.md")
    assert f'"{near}.md"' in fault.remedy


def test_the_second_dimension_of_a_category_has_no_text_of_its_own(tmp_path):
    with pytest.raises(StudyError, match="unknown section"):
        read_prose(write(tmp_path, "services"), prose_sections(CODES, MAP))
