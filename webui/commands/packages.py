"""``ketenspoor package``: check, publish and try packages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from engine.clock import BUSINESS_ZONE, SystemClock
from engine.definitions.checks import check_package, templates_that_misfit
from engine.definitions.errors import DefinitionError, PackageNotSound
from engine.definitions.manifest import FILE
from engine.definitions.model import Finding
from engine.definitions.neighbours import folders_in, packages_at, packages_beside
from engine.definitions.packages import Package, load_package
from engine.definitions.templates import templates_around
from webui.commands.opening import open_file
from webui.commands.printing import as_json, has_errors, print_findings, print_json

if TYPE_CHECKING:
    from engine.simulation.tryout import Tryout

beside = click.option(
    "--with",
    "more",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A folder with a package, or packages, that may be called.",
)


@click.group()
def package() -> None:
    """Check, publish and try process packages."""


package.add_command(open_file)


@package.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@beside
@as_json
def check(paths: tuple[Path, ...], more: tuple[Path, ...], json_output: bool) -> None:
    """Check packages (folder or zip) or single .bpmn, .dmn and .form files.

    What a package calls is looked for in the packages beside it in its tree of processes. Exit
    status 1 when something must be mended; warnings alone give 0.
    """
    load = cache(load_package)
    findings = [found for path in paths for found in findings_at(path, more, load)]
    findings += templates_offered_to(paths, more, load)
    if json_output:
        print_json({"findings": [found.as_dict() for found in findings]})
    else:
        print_findings(findings)
        errors = sum(found.level == "error" for found in findings)
        click.echo(f"{errors} fout(en), {len(findings) - errors} waarschuwing(en).")
    sys.exit(1 if has_errors(findings) else 0)


def findings_at(
    path: Path, more: Sequence[Path] = (), load: Callable[[Path], Package] = load_package
) -> list[Finding]:
    """What checks find at a path; an unreadable one is a finding as well.

    ``more`` are folders with packages that it may call, besides those of its tree.

    Raises:
        click.UsageError: there is nothing at the path.
    """
    if not path.exists():
        raise click.UsageError(f"{path}: bestaat niet.")
    if path.is_dir() and not (path / FILE).is_file() and (inside := folders_in(path)):
        return [found for one in inside for found in findings_at(one, more, load)]
    try:
        found = check_package(load(path.resolve()), packages_beside(path, more, load))
    except DefinitionError as error:
        return [Finding(str(path), "error", error.code, "", "", 1, error.message, error.remedy)]
    return [_of_lone_file(one) for one in found] if _is_lone(path) and not more else found


_ELSEWHERE: Final = frozenset({"unknown-process", "unknown-decision"})
"""What a file of a package may ask of one beside it; a file by itself has nothing beside it."""


def _is_lone(path: Path) -> bool:
    return path.is_file() and path.suffix != ".zip" and not (path.parent / FILE).is_file()


def _of_lone_file(found: Finding) -> Finding:
    return replace(found, level="error") if found.rule in _ELSEWHERE else found


def templates_offered_to(
    paths: Sequence[Path],
    more: Sequence[Path] = (),
    load: Callable[[Path], Package] = load_package,
) -> list[Finding]:
    """What is wrong in the element templates around some paths; each file is told once."""
    found: dict[Finding, None] = {}
    for one in _folders_of(paths):
        around = packages_beside(one, more, load)
        if around.templates is not None:
            whole = replace(around, packages=(*around.packages, load(one.resolve())))
            found.update(dict.fromkeys(templates_that_misfit(around.templates, whole)))
    return list(found)


def _folders_of(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if (path / FILE).is_file():
            yield path
        elif path.is_dir():
            yield from folders_in(path)


@package.command()
@click.argument("before", type=click.Path(exists=True, path_type=Path))
@click.argument("after", type=click.Path(exists=True, path_type=Path))
def compare(before: Path, after: Path) -> None:
    """Say what is different between two packages (folder or zip) or two single files.

    Exit status 1 when anything is.
    """
    from engine.definitions.difference import compare as compared
    from engine.definitions.difference.words import in_words

    try:
        found = compared(load_package(before).files, load_package(after).files)
    except DefinitionError as error:
        raise click.UsageError(f"{error.message} {error.remedy}") from None
    for line in in_words(found):
        click.echo(line)
    sys.exit(0 if found.is_empty else 1)


@package.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--reason", default="", help="Why these versions are published.")
@click.option(
    "--without-approval",
    "without",
    default="",
    metavar="REASON",
    help="Publish although an organisation wants a second pair of eyes, and say why.",
)
@as_json
def publish(folders: tuple[Path, ...], reason: str, without: str, json_output: bool) -> None:
    """Publish packages to the database: all of them, or none when a check finds errors.

    A folder with packages in it means all of those. Packages that are called come first. Where an
    organisation wants a second pair of eyes, ask for it in the Studio; --without-approval goes
    past it, and its reason is kept with the version.
    """
    from engine.definitions.drafts import approvals
    from engine.definitions.published.publication import publish_all
    from engine.store.database import close_engine
    from engine.store.unit_of_work import UnitOfWork
    from webui.commands.environment import open_database

    loaded = [load_package(place) for folder in folders for place in packages_at(folder)]
    engine = open_database()
    try:
        with UnitOfWork(engine) as session:
            at = SystemClock().now()
            missed = approvals.unapproved(session, loaded)
            if missed:
                reason = approvals.go_past(session, missed, reason, without.strip(), at)
            published = publish_all(
                session, loaded, at=at, by=None, reason=reason,
                templates=templates_around(folders[0]),
            )  # fmt: skip
            documents = [
                {
                    "published": True,
                    "package": one.version.key,
                    "version": one.version.version,
                    "number": one.version.number,
                    "findings": [found.as_dict() for found in one.findings],
                }
                for one in published
            ]
    except PackageNotSound as refused:
        if json_output:
            findings = [found.as_dict() for found in refused.findings]
            print_json({"published": False, "findings": findings})
        else:
            print_findings(refused.findings)
            click.echo("Niet gepubliceerd.")
        sys.exit(1)
    finally:
        close_engine(engine)
    if json_output:
        print_json(documents[0] if len(documents) == 1 else {"packages": documents})
        return
    for one in published:
        print_findings(one.findings)
    for told in documents:
        name = str(told["version"])[:12]
        click.echo(f"{told['package']} versie {told['number']} ({name}) is gepubliceerd.")


@package.command(name="try")
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--scenario", "names", multiple=True, help="A scenario by name or file stem.")
@click.option("--all", "every", is_flag=True, help="All scenarios, and what none of them reached.")
@beside
@as_json
def try_(
    folders: tuple[Path, ...],
    names: tuple[str, ...],
    every: bool,
    more: tuple[Path, ...],
    json_output: bool,
) -> None:
    """Run scenarios in memory under a virtual clock.

    A folder with packages in it means all of those. Exit status 1 when one does not pass.
    """
    if bool(names) == every:
        raise click.UsageError("Noem een of meer scenario's met --scenario, of gebruik --all.")
    load = cache(load_package)
    places = [place for folder in folders for place in packages_at(folder)]
    tried = [_try_one(place, names, more, load, json_output) for place in places]
    if json_output:
        print_json(tried[0] if len(tried) == 1 else {"packages": tried})
    sys.exit(0 if all(one["passed"] for one in tried) else 1)


def _try_one(
    place: Path,
    names: tuple[str, ...],
    more: tuple[Path, ...],
    load: Callable[[Path], Package],
    silent: bool,
) -> dict[str, Any]:
    """What comes of the scenarios of one package; told on the way unless ``silent``."""
    from engine.simulation.tryout import try_out

    loaded, around = load(place.resolve()), packages_beside(place, more, load)
    findings = [found for found in check_package(loaded, around) if found.level == "error"]
    if findings:
        if not silent:
            print_findings(findings)
        return {"passed": False, "findings": [found.as_dict() for found in findings]}
    misspelt = list(_faults_of_scenarios(loaded, names, around.packages))
    if misspelt:
        if not silent:
            print_findings(misspelt)
        return {"passed": False, "findings": [found.as_dict() for found in misspelt]}
    result = try_out(loaded, names or None, around.packages)
    if not silent:
        _print_tryout(result, loaded, timeline=bool(names))
    return result.as_dict()


def _faults_of_scenarios(
    loaded: Package, names: tuple[str, ...], others: Sequence[Package]
) -> Iterator[Finding]:
    """What the named scenarios, or all, say that no package knows: a play would pass it over."""
    from engine.simulation.scenario_help import faults, vocabulary

    words = vocabulary(loaded, others)
    for file, raw in loaded.scenarios.items():
        if names and Path(file).stem not in names and not any(_is_named(raw, n) for n in names):
            continue
        for fault in faults(raw, file, words):
            yield Finding(
                file, "error", "scenario", "", "", fault.line, fault.message, fault.remedy
            )


def _is_named(raw: bytes, name: str) -> bool:
    return name in raw.decode(errors="replace").partition("stappen:")[0]


def _print_tryout(result: Tryout, loaded: Package, *, timeline: bool) -> None:
    for played in result.plays:
        if timeline or not played.passed:
            for moment in played.timeline:
                local = moment.at.astimezone(BUSINESS_ZONE)
                click.echo(f"{local:%Y-%m-%d %H:%M}  {moment.kind:<11} {moment.text}")
        mark = "geslaagd" if played.passed else "MISLUKT"
        click.echo(f"[{mark}] {played.scenario.name} ({played.scenario.file})")
        if played.error is not None:
            click.echo(f"    {played.error.message} {played.error.remedy}")
    for process_id, element_id, reason in result.excused:
        click.echo(f"    niet beproefd, met reden: {process_id}/{element_id}: {reason}")
    for process_id, element_id, name in result.unreached:
        click.echo(f"    NIET BEREIKT: {process_id}/{element_id} {name}")
    passed = sum(played.passed for played in result.plays)
    click.echo(f"{loaded.key}: {passed} van {len(result.plays)} scenario's geslaagd.")
