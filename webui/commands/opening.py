"""``ketenspoor package open``: a diagram of another tool, translated, with its decisions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engine.definitions.checks import check_package
from engine.definitions.errors import DefinitionError
from engine.definitions.model import Finding
from engine.definitions.opening import Note, NoteKind, open_diagram
from engine.definitions.packages import Package
from engine.definitions.reading.xml import MAX_BYTES
from webui.commands.printing import as_json, print_findings, print_json

_HEADINGS = {
    NoteKind.DECIDE: "Te beslissen",
    NoteKind.CHANGED: "Veranderd",
    NoteKind.KEPT: "Blijft staan",
}


@click.command(name="open")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    help="Where the translated diagram is written: a file, or a folder for several.",
)
@as_json
def open_file(files: tuple[Path, ...], target: Path | None, json_output: bool) -> None:
    """Open BPMN files of any tool: translate them, draw what is missing, tell what changed.

    Lines are those of the file as it came. Findings are those of the check of what came out. Exit
    status 1 when a file is refused.
    """
    folder = target is not None and (len(files) > 1 or target.is_dir() or target.suffix == "")
    documents = [_opened(file, _place(target, file, folder), json_output) for file in files]
    if json_output:
        print_json(documents[0] if len(documents) == 1 else {"files": documents})
    sys.exit(0 if all(document["opened"] for document in documents) else 1)


def _place(target: Path | None, file: Path, folder: bool) -> Path | None:
    if target is None:
        return None
    return target / f"{file.name.split('.')[0]}.bpmn" if folder else target


def _opened(file: Path, target: Path | None, json_output: bool) -> dict[str, object]:
    try:
        with file.open("rb") as stream:
            found = open_diagram(stream.read(MAX_BYTES + 1), file.name)
    except OSError as error:
        raise click.UsageError(f"{file}: {error.strerror}.") from None
    except DefinitionError as error:
        line = error.where.get("line")
        at = line if isinstance(line, int) and line > 0 else 1
        refused = Finding(str(file), "error", error.code, "", "", at, error.message, error.remedy)
        if not json_output:
            print_findings([refused])
        return {"file": str(file), "opened": False, "notes": [], "findings": [refused.as_dict()]}
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(found.content)
    checked = check_package(Package({f"{file.stem}.bpmn": found.content}, name=file.stem))
    if not json_output:
        _print(file, found.notes, checked)
    return {
        "file": str(file),
        "opened": True,
        "decisions": found.decisions,
        "notes": [note.as_dict() for note in found.notes],
        "findings": [finding.as_dict() for finding in checked],
    }


def _print(file: Path, notes: tuple[Note, ...], findings: list[Finding]) -> None:
    for kind, heading in _HEADINGS.items():
        told = [note for note in notes if note.kind is kind]
        if told:
            click.echo(f"{heading}:")
        for note in told:
            name = f" ({note.element_id})" if note.element_id else ""
            click.echo(f"  {file}:{note.line}: {note.rule}{name}")
            click.echo(f"    {note.message}")
            click.echo(f"    → {note.mend}")
    if findings:
        click.echo("Controle van wat eruit kwam:")
        print_findings(findings)
    errors = sum(finding.level == "error" for finding in findings)
    decisions = sum(note.kind is NoteKind.DECIDE for note in notes)
    click.echo(
        f"{file.name}: geopend; {decisions} te beslissen, {len(notes) - decisions} andere; "
        f"controle: {errors} fout(en), {len(findings) - errors} waarschuwing(en)."
    )
