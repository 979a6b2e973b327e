"""Writes the made-up exports of this folder: what Taguette would write of 14 interviews.

    python make_example.py [FOLDER]

Every sentence was invented for this example. The seed fixes who says what, so that the same
files come out each time.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

SEED = 14
MEMBERS = [  # number, group, voice, age, years in the choir, way there
    ("C01", "New members", "Soprano", 24, 1, "bicycle"),
    ("C02", "New members", "Alto", 31, 1, "bus"),
    ("C03", "New members", "Tenor", 45, 2, "on foot"),
    ("C04", "New members", "Alto", 38, 1, "bus"),
    ("C05", "New members", "Bass", 52, 2, "car"),
    ("C06", "New members", "Soprano", 29, 1, "on foot"),
    ("C07", "Long-standing members", "Soprano", 61, 12, "car"),
    ("C08", "Long-standing members", "Alto", 67, 20, "on foot"),
    ("C09", "Long-standing members", "Bass", 58, 9, "bus"),
    ("C10", "Long-standing members", "Tenor", 73, 26, "car"),
    ("C11", "Long-standing members", "Alto", 49, 7, ""),
    ("C12", "Long-standing members", "Soprano", 55, 11, "bicycle"),
    ("C13", "Long-standing members", "Bass", 70, 18, "on foot"),
    ("C14", "Long-standing members", "Alto", 64, 15, "bus"),
]
# theme -> tag -> what it means, how much new members speak of it, sentences
TAGS: dict[str, dict[str, tuple[str, float, list[str]]]] = {
    "Body and breath": {
        "breathing calms": (
            "Breath as rest after the day",
            0.5,
            [
                "After ten minutes of breathing I have put the office down.",
                "The long notes slow me more than any tea does.",
                "I breathe out on the last chord and my shoulders drop.",
                "On bad days I come for the warm-up alone.",
                "I noticed that I count my breath on the stairs now.",
                "You cannot worry and hold a phrase at the same time.",
            ],
        ),
        "voice changes": (
            "How age and illness change a voice",
            0.1,
            [
                "I was a soprano for years, and one autumn the top was gone.",
                "My low notes came when I stopped smoking.",
                "Since the operation I sing softer and listen more.",
                "At seventy you learn where to leave a note out.",
                "A cold used to cost me a week, now it costs a month.",
                "I moved from first to second alto and liked it there.",
            ],
        ),
        "tired but awake": (
            "Energy on the way home",
            0.6,
            [
                "I arrive half asleep and go home whistling.",
                "I never fall asleep quickly after we have sung.",
                "My legs are tired from standing and my head is bright.",
                "The whole bus hears that I come from rehearsal.",
                "I tidy the kitchen at eleven on those nights.",
            ],
        ),
    },
    "Belonging": {
        "being missed": (
            "Somebody notices an absence",
            0.4,
            [
                "When I stayed away twice, three people rang.",
                "My chair was kept free, with a scarf on it.",
                "They had written my name on the card before I knew I was ill.",
                "I am missed here for my voice and not for my work.",
                "Somebody asked where I had been, and meant it.",
                "Nobody scolds, they only say that the chord was thin.",
            ],
        ),
        "standing beside": (
            "The neighbour in the row",
            0.5,
            [
                "I know the cough of the woman beside me better than her surname.",
                "We share one folder, so we turn pages together.",
                "He hums my first note for me, every time.",
                "If I lose the line I lean a little to the left.",
                "We have stood beside each other for nine years.",
                "She marks the breaths for both of us in pencil.",
                "In the row nobody asks what you earn.",
            ],
        ),
        "finding a way in": (
            "The first evenings of a new member",
            0.95,
            [
                "On my first evening I hid behind a pillar.",
                "Everybody knew the jokes, and I laughed a beat late.",
                "They gave me a folder with somebody else's name on it.",
                "It took me until spring to speak in the break.",
                "A badge with my name would have helped me.",
                "The second evening was harder than the first.",
                "I was asked to bring a cake, and then I knew I was in.",
            ],
        ),
        "quarrels and silence": (
            "Conflict in the choir",
            0.1,
            [
                "Two rows did not greet each other for a whole winter.",
                "We quarrelled about the uniform and never about the music.",
                "When the treasurer left, nobody said why.",
                "I have learnt which topics to leave at the door.",
            ],
        ),
    },
    "Learning to sing": {
        "reading music": (
            "Notes on paper as a hurdle or a help",
            0.75,
            [
                "I follow the dots up and down like a path on a map.",
                "I cannot read it, I learn it from the recording on the bus.",
                "At forty-five I bought a child's book of scales.",
                "Nobody says so, but half of us sing by ear.",
                "The first page frightened me more than the concert.",
                "I write the names of the notes under them, very small.",
                "The score tells me when the others will need me.",
            ],
        ),
        "mistakes allowed": (
            "Whether one may be wrong aloud",
            0.7,
            [
                "She laughs with us when it goes wrong, so we dare.",
                "I came in alone, a bar early, and they clapped.",
                "You are told once, kindly, and then it is forgotten.",
                "At school I was told to move my lips only.",
                "A wrong note sung boldly helps the neighbours.",
                "I needed a year before I sang the hard bar aloud.",
            ],
        ),
        "one conductor": (
            "What hangs on the person in front",
            0.3,
            [
                "With the one before her we sang faster and came less.",
                "She looks up at the very moment at which you doubt.",
                "If she left, I do not know how many would stay.",
                "He explained with his hands what I had read for weeks.",
                "She never sings our part for us, she waits.",
                "A conductor who is late makes a choir that is late.",
            ],
        ),
    },
    "Making room in the week": {
        "the fixed evening": (
            "One evening that is kept free",
            0.35,
            [
                "Tuesday is choir, my family stopped asking.",
                "I have turned down two promotions of other evenings.",
                "Without a fixed day I would do it next week, always.",
                "The week has a handle since I come here.",
                "My grandson knows that I cannot be rung on Tuesdays.",
                "I plan the holidays around the concert.",
            ],
        ),
        "getting there": (
            "Ways, buses, the dark, the cold hall",
            0.55,
            [
                "The last bus leaves before the last song.",
                "I do not like the path by the river after dark.",
                "Somebody drives me, and I pay in apples.",
                "The hall is so cold that we sing in coats.",
                "If the rehearsal were nearer I would come in winter, too.",
            ],
        ),
        "who looks after the children": (
            "Care that has to be arranged",
            0.85,
            [
                "I come when my mother can sit with the little one.",
                "We take turns, one evening he plays, one evening I sing.",
                "There was a corner with crayons once, and it was full.",
                "My daughter sleeps on the coats in the side room.",
                "A sitter costs more than the yearly fee.",
            ],
        ),
        "what it costs": (
            "Fees, scores, clothes",
            0.5,
            [
                "The fee is small, the black dress was not.",
                "There is a fund, but you have to ask aloud.",
                "I copied the score by hand, as it was thirty a piece.",
                "The trip was the first thing I could not afford.",
            ],
        ),
    },
}
SECOND_TAG = {  # a highlight with the first tag may carry the second, too
    "finding a way in": "mistakes allowed",
    "who looks after the children": "what it costs",
    "voice changes": "one conductor",
    "getting there": "the fixed evening",
}


def highlights() -> list[tuple[int, str, str, str]]:
    """Return one row for each tag of each highlight, in the order of the interviews."""
    chance = random.Random(SEED)
    by_group: dict[str, list[str]] = {}
    for number, group, *_ in MEMBERS:
        by_group.setdefault(group, []).append(number)
    new, old = by_group.values()
    said: dict[str, list[tuple[list[str], str]]] = {number: [] for number, *_ in MEMBERS}
    for tags in TAGS.values():
        for tag, (_, share, sentences) in tags.items():
            for at, sentence in enumerate(sentences):
                member = chance.choice(new if chance.random() < share else old)
                both = [tag, SECOND_TAG[tag]] if tag in SECOND_TAG and at % 3 == 0 else [tag]
                said[member].append((both, sentence))
    rows: list[tuple[int, str, str, str]] = []
    count = 0
    for number, *_ in MEMBERS:
        chance.shuffle(said[number])
        for both, sentence in said[number]:
            count += 1
            rows += [(count, f"{number} interview", tag, sentence) for tag in both]
    return rows


def write(path: Path, header: list[str], rows: list[tuple[object, ...]]) -> None:
    """Write a table as Taguette does: commas and UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(folder: Path) -> None:
    """Write the three files."""
    rows = highlights()
    write(folder / "highlights.csv", ["id", "document", "tag", "content"], list(rows))
    codebook: list[tuple[object, ...]] = []
    for theme, tags in TAGS.items():
        codebook.append((theme, "", "", 0, 0))
        for tag, (meaning, _, _) in tags.items():
            own = [row for row in rows if row[2] == tag]
            codebook.append((tag, meaning, theme, len(own), len({row[1] for row in own})))
    columns = ["tag", "description", "parent", "number of highlights", "number of documents"]
    write(folder / "codebook.csv", columns, codebook)
    known = ["Participant", "Group", "Voice", "Age", "Years in the choir", "Way there"]
    write(folder / "members.csv", known, list(MEMBERS))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
