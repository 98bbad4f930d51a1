"""``ketenspoor package``: check, publish and try packages."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engine.clock import BUSINESS_ZONE, SystemClock
from engine.definitions.checks import check_package
from engine.definitions.errors import DefinitionError
from engine.definitions.model import Finding
from engine.definitions.packages import Package, load_package
from engine.definitions.publication import publish as publish_package
from engine.simulation.tryout import Tryout, try_out
from engine.store.unit_of_work import UnitOfWork
from webui.commands.environment import open_database
from webui.commands.printing import as_json, has_errors, print_findings, print_json


@click.group()
def package() -> None:
    """Check, publish and try process packages."""


@package.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_json
def check(paths: tuple[Path, ...], json_output: bool) -> None:
    """Check packages (folder or zip) or single .bpmn, .dmn and .form files.

    Exit status 1 when something must be mended; warnings alone give 0.
    """
    findings = [found for path in paths for found in findings_at(path)]
    if json_output:
        print_json({"findings": [found.as_dict() for found in findings]})
    else:
        print_findings(findings)
        errors = sum(found.level == "error" for found in findings)
        click.echo(f"{errors} fout(en), {len(findings) - errors} waarschuwing(en).")
    sys.exit(1 if has_errors(findings) else 0)


def findings_at(path: Path) -> list[Finding]:
    """What checks find at a path; an unreadable one is a finding as well.

    Raises:
        click.UsageError: there is nothing at the path.
    """
    if not path.exists():
        raise click.UsageError(f"{path}: bestaat niet.")
    try:
        return check_package(load_package(path))
    except DefinitionError as error:
        return [Finding(str(path), "error", error.code, "", "", 0, error.message, error.remedy)]


@package.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--reason", default="", help="Why this version is published.")
@as_json
def publish(folder: Path, reason: str, json_output: bool) -> None:
    """Publish a package to the database; refused when its checks find errors."""
    loaded = load_package(folder)
    findings = check_package(loaded)
    if has_errors(findings):
        if json_output:
            print_json({"published": False, "findings": [f.as_dict() for f in findings]})
        else:
            print_findings(findings)
            click.echo("Niet gepubliceerd.")
        sys.exit(1)
    engine = open_database()
    with UnitOfWork(engine) as session:
        version = publish_package(session, loaded, at=SystemClock().now(), by=None, reason=reason)
        number = version.number
    document = {
        "published": True,
        "package": loaded.key,
        "version": loaded.version,
        "number": number,
    }
    if json_output:
        print_json({**document, "findings": [f.as_dict() for f in findings]})
    else:
        click.echo(f"{loaded.key} versie {number} ({loaded.version[:12]}) is gepubliceerd.")


@package.command(name="try")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--scenario", "names", multiple=True, help="A scenario by name or file stem.")
@click.option("--all", "every", is_flag=True, help="All scenarios, and what none of them reached.")
@as_json
def try_(folder: Path, names: tuple[str, ...], every: bool, json_output: bool) -> None:
    """Run scenarios in memory under a virtual clock."""
    if bool(names) == every:
        raise click.UsageError("Noem een of meer scenario's met --scenario, of gebruik --all.")
    loaded = load_package(folder)
    findings = [found for found in check_package(loaded) if found.level == "error"]
    if findings:
        if json_output:
            print_json({"passed": False, "findings": [f.as_dict() for f in findings]})
        else:
            print_findings(findings)
        sys.exit(1)
    result = try_out(loaded, None if every else names)
    if json_output:
        print_json(result.as_dict())
    else:
        _print_tryout(result, loaded, timeline=not every)
    sys.exit(0 if result.passed else 1)


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
