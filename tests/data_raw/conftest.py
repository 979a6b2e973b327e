"""The shipped data as frames, read without the package that is held against them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.data_raw.published import read_text


@pytest.fixture(scope="session")
def raw(repository: Path) -> Path:
    return repository / "data-raw"


@pytest.fixture(scope="session")
def segments(raw: Path) -> pd.DataFrame:
    table = pd.read_excel(raw / "exports" / "coded-segments.xlsx", engine="calamine", dtype="str")
    parts = table["Code"].str.split(" > ", expand=True)
    return table.assign(generic=parts[0], main=parts[1], sub=parts[2], primary=parts[3])


@pytest.fixture(scope="session")
def variables(raw: Path) -> pd.DataFrame:
    return pd.read_excel(
        raw / "exports" / "document-variables.xlsx", engine="calamine", dtype="str"
    )


@pytest.fixture(scope="session")
def people(variables: pd.DataFrame) -> pd.DataFrame:
    return variables.drop_duplicates("Participant").set_index("Participant")


@pytest.fixture(scope="session")
def codings(segments: pd.DataFrame, variables: pd.DataFrame) -> pd.DataFrame:
    """Return the main coder's codings with the number of the participant."""
    participant = variables.set_index("Document name")["Participant"].astype(int)
    main = segments[segments["Created by"] == "Coder A"]
    return main.assign(participant=main["Document name"].map(participant))


@pytest.fixture(scope="session")
def printed_name(raw: Path) -> dict[str, str]:
    """Return the printed name of each coded category, by its own name."""
    labels = read_text(raw / "labels.csv")
    return dict(zip(labels["code"].str.rpartition(" > ")[2], labels["label"], strict=True))


@pytest.fixture(scope="session")
def table2(raw: Path) -> pd.DataFrame:
    return read_text(raw / "published" / "table2.csv")


@pytest.fixture(scope="session")
def table4(raw: Path) -> pd.DataFrame:
    return read_text(raw / "published" / "table4.csv")


@pytest.fixture(scope="session")
def quotations(raw: Path) -> pd.DataFrame:
    return read_text(raw / "published" / "quotations.csv")


@pytest.fixture(scope="session")
def concessions(raw: Path) -> pd.DataFrame:
    return read_text(raw / "published" / "concessions.csv")
