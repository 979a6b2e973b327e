"""`study inspect` and `study convert`: what needs no study, only coded exports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.cli.terminal import print_json, say, show

COUNTS = ("documents", "codes", "codings", "coders", "segments", "cases", "set_aside", "repeats")


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def inspect(files: tuple[Path, ...], as_json: bool) -> None:
    """Recognise coded exports that belong together, and count what is in them."""
    from qdaio.inspection import inspect as look

    found = look(*files, names=[path.name for path in files])
    if as_json:
        print_json(found)
        return
    for line in inspection_lines(found):
        show(line)
    for warning in found["warnings"]:
        say(f"Note: {warning}")


def inspection_lines(found: dict[str, Any]) -> list[str]:
    """Return an inspection as lines for people."""
    about = " ".join(str(part) for part in (found["software"], found["version"]) if part)
    lines = [f"{about} ({found['format']})"]
    lines += [
        f"  {item['name']}: {item['format']}"
        + (f', sheet "{item["sheet"]}"' if item["sheet"] else "")
        for item in found["files"]
    ]
    width = max(map(len, COUNTS)) + 2
    lines += [f"  {name.replace('_', ' '):{width}}{found[name]:>10,}" for name in COUNTS]
    for reason in found["set_aside_reasons"]:
        lines.append(f"    {reason['count']:,} × {reason['what']}: {reason['why']}")
    offsets = ", ".join(f"{n:,} {name}" for name, n in found["offsets"].items() if n)
    if offsets:
        lines.append(f"  positions: {offsets}")
    if found["is_partial"]:
        lines.append("  This export is a part of its project.")
    if proposal := found.get("participants"):
        lines.append(f"  participants: try pattern = '{proposal['pattern']}' in study.toml")
    return lines


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option(
    "-o",
    "out",
    required=True,
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="A folder for tidy tables, or a file ending in .qdpx, .qdc or .xlsx.",
)
@click.option(
    "--tables",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="Of tidy tables.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def convert(files: tuple[Path, ...], out: Path, tables: str, as_json: bool) -> None:
    """Write coded exports that belong together as one project in another form."""
    from qdaio.conversion import convert as write

    done = write(*files, to=out, kind="parquet" if tables == "parquet" else "csv")
    if as_json:
        print_json({"files": [path.name for path in done.files], "losses": list(done.losses)})
        return
    for sentence in done.losses:
        say(f"Note: {sentence}")
    say(f"Written: {out}")
