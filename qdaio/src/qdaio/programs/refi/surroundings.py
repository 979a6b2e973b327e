"""What is said about documents: cases, variables, sets and memos."""

from __future__ import annotations

from qdaio.programs.refi.context import Context, target

__all__ = ["register_surroundings"]

VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")


def register_surroundings(context: Context) -> None:
    """Register what is to be done at cases, variables, sets and memos."""
    _register_cases(context)
    _register_values(context)
    _register_sets(context)
    _register_notes(context)


def _register_cases(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def case(attributes: dict[str, str]) -> None:
        row = len(out.cases)
        context.bound("cases", row)
        out.cases.append((attributes.get("guid"), attributes.get("name"), walker.line))
        stack.append(("case", row))

    def source_ref(attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        if owner == "case" and (guid := target(attributes)):
            out.case_sources.append((row, guid))

    def selection_ref(_: dict[str, str]) -> None:
        out.case_selections += 1

    walker.starts["Case"], walker.ends["Case"] = case, context.close
    walker.starts["SourceRef"] = source_ref
    walker.starts["SelectionRef"] = selection_ref


def _register_values(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker
    variable: list[str] = []
    value: list[str] = []
    line = [0]

    def define(attributes: dict[str, str]) -> None:
        guid, name = attributes.get("guid", ""), attributes.get("name")
        out.variables[guid] = name or guid
        stack.append(("variable", -1))

    def begin(_: dict[str, str]) -> None:
        variable.clear()
        value.clear()
        line[0] = walker.line

    def refer(attributes: dict[str, str]) -> None:
        if guid := target(attributes):
            variable.append(guid)

    def keep(_: dict[str, str]) -> None:
        walker.keep_text()

    def take() -> None:
        value.append(walker.take_text())

    def end() -> None:
        owner, row = stack[-1]
        kept = {"source": out.source_values, "case": out.case_values}.get(owner)
        if kept is not None and variable:
            kept.append((row, variable[0], value[0] if value else None, line[0]))

    walker.starts["Variable"], walker.ends["Variable"] = define, context.close
    walker.starts["VariableValue"], walker.ends["VariableValue"] = begin, end
    walker.starts["VariableRef"] = refer
    for name in VALUES:
        walker.starts[name], walker.ends[name] = keep, take


def _register_sets(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def group(attributes: dict[str, str]) -> None:
        out.sets.append(attributes.get("name") or attributes.get("guid") or "")
        stack.append(("set", len(out.sets) - 1))

    def member_source(attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        if owner == "set" and (guid := target(attributes)):
            out.set_sources.append((row, guid))

    def member_code(_: dict[str, str]) -> None:
        owner, row = stack[-1]
        if owner == "set":
            out.set_codes[row] = out.set_codes.get(row, 0) + 1

    walker.starts["Set"], walker.ends["Set"] = group, context.close
    walker.starts["MemberSource"] = member_source
    walker.starts["MemberCode"] = member_code


def _register_notes(context: Context) -> None:
    out, stack, walker = context.out, context.stack, context.walker

    def note(attributes: dict[str, str]) -> None:
        row = len(out.note_guid)
        out.note_guid.append(attributes.get("guid", ""))
        out.note_name.append(attributes.get("name"))
        if path := attributes.get("plainTextPath"):
            out.note_path[row] = path
        stack.append(("note", row))

    def note_ref(attributes: dict[str, str]) -> None:
        owner, row = stack[-1]
        kept = {
            "code": out.code_notes,
            "selection": out.selection_notes,
            "coding": out.coding_notes,
        }.get(owner)
        if kept is not None and (guid := target(attributes)):
            kept.setdefault(row, []).append(guid)

    walker.starts["Note"], walker.ends["Note"] = note, context.close
    walker.starts["NoteRef"] = note_ref
