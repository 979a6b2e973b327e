"""What stands around the codings: users, codes, and sources with their texts."""

from __future__ import annotations

from functools import partial

from qdaio.places import MISSING
from qdaio.programs.refi.collected import KINDS
from qdaio.programs.refi.context import SOURCE_LIKE, Context, position

__all__ = ["register_structure"]

SILENT = "Users Codes Variables Cases Sources Notes Sets Links Graphs Graph Vertex Edge MemberNote"
PARTS = {
    "Representation": "representation",
    "TextDescription": "representation",
    "Transcript": "transcript",
}


def register_structure(context: Context) -> None:
    """Register what is to be done at the root, users, codes and sources."""
    for name in SILENT.split():
        context.walker.starts[name] = None
    _register_root(context)
    _register_codes(context)
    _register_sources(context)
    _register_texts(context)


def _register_root(context: Context) -> None:
    out = context.out

    def project(attributes: dict[str, str]) -> None:
        if not out.root:
            out.root, out.origin = "Project", attributes.get("origin")

    def codebook(attributes: dict[str, str]) -> None:
        if not out.root:
            out.root, out.origin = "CodeBook", attributes.get("origin")

    def user(attributes: dict[str, str]) -> None:
        context.bound("users", len(out.users))
        name, initials = attributes.get("name"), attributes.get("id")
        out.users.append((attributes.get("guid") or name or initials or "", name, initials))

    def link(_: dict[str, str]) -> None:
        out.links += 1

    context.walker.starts.update(
        {"Project": project, "CodeBook": codebook, "User": user, "Link": link}
    )


def _register_codes(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def code(attributes: dict[str, str]) -> None:
        row = len(out.code_guid)
        context.bound("codes", row)
        owner, parent = stack[-1]
        out.code_guid.append(attributes.get("guid", ""))
        out.code_name.append(attributes.get("name"))
        out.code_parent.append(parent if owner == "code" else -1)
        out.code_codable.append(attributes.get("isCodable", "true").strip() in ("true", "1"))
        out.code_colour.append(attributes.get("color"))
        out.code_line.append(walker.line)
        stack.append(("code", row))

    walker.starts["Code"], walker.ends["Code"] = code, context.close


def _register_sources(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def source(kind: str, attributes: dict[str, str]) -> None:
        row = len(out.source_guid)
        context.bound("documents", row)
        out.source_guid.append(attributes.get("guid", ""))
        out.source_name.append(attributes.get("name"))
        out.source_kind.append(kind)
        out.source_first.append(len(out.selection_name))
        out.source_line.append(walker.line)
        if path := attributes.get("plainTextPath"):
            out.source_path[row] = path
        stack.append(("source", row))

    def part(role: str, attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        if owner != "source":
            stack.append(("quote" if owner == "selection" else "misplaced", row))
            return
        if path := attributes.get("plainTextPath"):
            out.source_path.setdefault(row, path)
        stack.append((role, row))

    for name, kind in KINDS.items():
        walker.starts[name], walker.ends[name] = partial(source, kind), context.close
    for name, role in PARTS.items():
        walker.starts[name], walker.ends[name] = partial(part, role), context.close


def _register_texts(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def sync_point(attributes: dict[str, str]) -> None:
        time, place = position(attributes, "timeStamp"), position(attributes, "position")
        out.sync_points[attributes.get("guid", "")] = (
            None if time == MISSING else time,
            None if place == MISSING else place,
        )

    def keep(_: dict[str, str]) -> None:
        walker.keep_text()

    def content() -> None:
        text = walker.take_text()
        owner, row = stack[-1]
        if owner in SOURCE_LIKE:
            out.source_text.setdefault(row, text)
        elif owner == "quote":
            out.selection_quote[row] = text
        elif owner == "note":
            out.note_text[row] = text

    def description() -> None:
        text = walker.take_text()
        owner, row = stack[-1]
        kept = {
            "code": out.code_description,
            "source": out.source_description,
            "representation": out.source_description,
            "transcript": out.source_description,
            "selection": out.selection_comment,
            "note": out.note_description,
        }.get(owner)
        if kept is not None and text:
            kept.setdefault(row, text)

    walker.starts["SyncPoint"] = sync_point
    walker.starts["PlainTextContent"], walker.ends["PlainTextContent"] = keep, content
    walker.starts["Description"], walker.ends["Description"] = keep, description
