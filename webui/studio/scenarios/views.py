"""The scenarios of a draft or version: run all, what they cover, and beside another version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.published import publication
from engine.simulation.errors import PlayRefused, ScenarioUnreadable
from engine.simulation.plays import keeping
from engine.simulation.plays.as_scenario import Wording, scenario_of
from engine.simulation.plays.outcomes import (
    Beside,
    ScenarioResult,
    alike,
    beside,
    elements_to_cover,
    scenario_result,
)
from engine.simulation.scenario import read_scenario
from webui.engine_texts import told
from webui.errors import NotThere
from webui.people import actor, only_for
from webui.presentation import show_sentence, show_span, show_word
from webui.services import services
from webui.studio.scenarios.models import Aligned, Rival, ScenarioLine, SideOfResult
from webui.studio.trying.board import play_as_far
from webui.studio.trying.subjects import VERSION, Subject, subject
from webui.studio.views import bp
from webui.words import process_name

PLACE = "/studio/<any(concepten,versies):kind>/<key>/scenarios"


@bp.get(PLACE)
@only_for("process_owner")
def scenarios(kind: str, key: str) -> ResponseReturnValue:
    """The scenarios, which the page's script runs one by one, and the diagrams they cover."""
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
        rivals = _rivals(session, found)
    rival = _rival(rivals, request.args.get("met", ""), default=found.is_draft)
    covers = {
        process: cover for process, cover in elements_to_cover(found.package).items() if cover
    }
    return render_template(
        "studio/scenarios.html",
        subject=found,
        lines=_lines(found),
        rivals=rivals,
        rival=rival,
        processes=[
            {
                "id": process,
                "name": process_name(found.package, process),
                "file": found.package.processes[process].file,
                "diagram": url_for(
                    "studio.played_diagram", kind=kind, key=key,
                    package=found.package.key, process=process,
                ),
                "elements": [
                    {"id": one.id, "name": one.name or one.id, "reason": one.reason}
                    for one in cover
                ],
            }
            for process, cover in covers.items()
        ],
    )  # fmt: skip


@bp.get(f"{PLACE}/uitkomst")
@only_for("process_owner")
def scenario_outcome(kind: str, key: str) -> ResponseReturnValue:
    """How one scenario goes; beside the version ``met`` whether it goes differently there."""
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
        rivals = _rivals(session, found)
        rival = _rival(rivals, request.args.get("met", ""), default=False)
        other = subject(session, VERSION, rival.version, actor().user_id) if rival else None
    file = request.args.get("bestand", "")
    result = _result(found, found, file)
    answer: dict[str, Any] = {
        "passed": result.passed,
        "words": end_in_words(result),
        "wrong": what_went_wrong(result),
        "reached": sorted(result.reached),
    }
    if other is not None:
        answer["same"] = alike(_result(other, found, file), result)
    return jsonify(answer)


@bp.get(f"{PLACE}/vergelijk")
@only_for("process_owner")
def scenario_beside(kind: str, key: str) -> ResponseReturnValue:
    """One scenario in this draft or version and in another version, beside each other."""
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
        rivals = _rivals(session, found)
        rival = _rival(rivals, request.args.get("met", ""), default=True)
        if rival is None:
            raise NotThere
        other = subject(session, VERSION, rival.version, actor().user_id)
        kept = keeping.kept_play(session, found.owner)
    file, of_play = request.args.get("bestand", ""), "proef" in request.args
    if of_play:
        if kept is None:
            return redirect(url_for("studio.play", kind=kind, key=key))
        try:
            played = play_as_far(found, kept, None)
            raw = scenario_of(played, Wording(gettext("Uw proef"), expected=())).encode()
        except PlayRefused as refused:
            flash(told(refused), "error")
            return redirect(url_for("studio.play", kind=kind, key=key))
    else:
        raw = _raw(found, file)
    before, after = _play(other, file, raw), _play(found, file, raw)
    lines = list(beside(before, after))
    return render_template(
        "studio/scenario_vergelijk.html",
        subject=found,
        file=file,
        name=after.name,
        of_play=of_play,
        rivals=rivals,
        rival=rival,
        sides=[_side(other, before, after), _side(found, after, before)],
        same=alike(before, after),
        groups=folded(lines),
        count=sum(one.kind != "same" for one in lines),
    )


NEAR = 3
"""How many lines that are the same stay in sight around a difference."""


def folded(lines: Sequence[Beside]) -> list[Aligned]:
    """The lines in groups: differences with some around them, and what is the same folded away."""
    shown = {
        place
        for at, line in enumerate(lines)
        if line.kind != "same"
        for place in range(at - NEAR, at + NEAR + 1)
    }
    groups: list[Aligned] = []
    for place, line in enumerate(lines):
        hidden = place not in shown
        if not groups or groups[-1].folded != hidden:
            groups.append(Aligned(hidden, []))
        groups[-1].lines.append(line)
    return groups


def _result(place: Subject, of: Subject, file: str) -> ScenarioResult:
    """A scenario of one subject, played in another."""
    return _play(place, file, _raw(of, file))


def _raw(of: Subject, file: str) -> bytes:
    raw = of.package.scenarios.get(file)
    if raw is None:
        raise NotThere
    return raw


def _play(place: Subject, file: str, raw: bytes) -> ScenarioResult:
    return scenario_result(place.package, place.others, file, raw)


def _side(place: Subject, result: ScenarioResult, other: ScenarioResult) -> SideOfResult:
    names = {
        (process.id, one.id): one.name or one.id
        for process in place.package.processes.values()
        for one in process.elements.values()
    }
    own = {key for key in result.reached if key in names}
    return SideOfResult(
        name=gettext("Concept")
        if place.is_draft
        else gettext("Versie %(number)d", number=place.number),
        passed=result.passed,
        words=end_in_words(result),
        wrong=what_went_wrong(result),
        only_here=sorted({names[key] for key in own - other.reached}),
    )


def end_in_words(result: ScenarioResult) -> str:
    """How long it lasted and how it ended, in a few words."""
    said = [show_span(result.lasted)]
    if result.phase:
        said.append(gettext("fase %(phase)s", phase=result.phase))
    if result.status:
        said.append(show_word(result.status, "trajectory_status"))
    if result.outcome:
        said.append(show_sentence(result.outcome))
    return " · ".join(said)


def what_went_wrong(result: ScenarioResult) -> list[str]:
    """Why it did not pass: the error, and what was expected but not found."""
    error = [told(result.error)] if result.error else []
    return [*error, *(one.text for one in result.outcomes if not one.held)]


def _lines(found: Subject) -> list[ScenarioLine]:
    lines = []
    for file, raw in found.package.scenarios.items():
        try:
            scenario = read_scenario(raw, file)
            lines.append(ScenarioLine(file, scenario.name, scenario.description))
        except ScenarioUnreadable:
            lines.append(ScenarioLine(file, file, ""))
    return lines


def _rivals(session: Session, found: Subject) -> list[Rival]:
    """The versions of the same package that this one can be put beside, the newest first."""
    return [
        Rival(row.version, row.number, row.retired_at is not None)
        for row in publication.versions(session, found.package.key)
        if row.version != found.key
    ]


def _rival(rivals: Sequence[Rival], asked: str, *, default: bool) -> Rival | None:
    chosen = next((one for one in rivals if one.version == asked), None)
    if not asked and default:
        return next((one for one in rivals if not one.retired), None)
    return chosen
