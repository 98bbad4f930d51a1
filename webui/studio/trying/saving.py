"""A play saved as a scenario, after it was played once to see that it goes the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts
from engine.errors import KetenspoorError
from engine.simulation.plays import keeping
from engine.simulation.plays.as_scenario import EXPECTED, Wording, expectations_of, scenario_of
from engine.simulation.plays.outcomes import ScenarioResult, scenario_result
from engine.store.unit_of_work import in_transaction
from webui.engine_texts import told
from webui.people import actor, only_for
from webui.presentation import show_sentence
from webui.services import services
from webui.studio.scenarios.views import what_went_wrong
from webui.studio.trying.board import play_as_far
from webui.studio.trying.subjects import Subject, subject
from webui.studio.trying.views import PLACE
from webui.studio.views import bp

LONGEST_NAME = 120
LONGEST_TEXT = 2000


@bp.route(f"{PLACE}/bewaren", methods=["GET", "POST"])
@only_for("process_owner")
def save_play(kind: str, key: str) -> ResponseReturnValue:
    """Name the scenario, see how it will read, and save it into the draft (or a new one)."""
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
        kept = keeping.kept_play(session, found.owner)
    here = url_for("studio.play", kind=kind, key=key)
    if kept is None or not kept.moves:
        return redirect(here)
    given = request.form
    wording = Wording(
        given.get("naam", "").strip()[:LONGEST_NAME] or gettext("Proef van mij"),
        " ".join(given.get("omschrijving", "").split())[:LONGEST_TEXT],
        [one for one in given.getlist("verwacht") if one in EXPECTED] if given else EXPECTED,
    )
    played = play_as_far(found, kept, None)
    try:
        text = scenario_of(played, wording)
    except KetenspoorError as refused:
        flash(told(refused), "error")
        return redirect(here)
    result = scenario_result(found.package, found.others, "scenarios/proef.yaml", text.encode())
    if request.method == "POST" and result.passed and given.get("naam", "").strip():
        try:
            draft_id = _save(found, wording.name, text.encode())
        except KetenspoorError as refused:
            flash(told(refused), "error")
            return redirect(here)
        flash(gettext("Het scenario ‘%(name)s’ is bewaard.", name=wording.name), "ok")
        return redirect(url_for("studio.scenarios", kind="concepten", key=draft_id))
    return render_template(
        "studio/proberen_bewaren.html",
        subject=found,
        wording=wording,
        expectations=_in_words(expectations_of(played)),
        text=text,
        wrong=[] if result.passed else _wrong(result),
        steps=len(played.made),
    )


def _save(found: Subject, name: str, content: bytes) -> UUID:
    by, at = actor().user_id, services().clock.now()

    def work(session: Session) -> UUID:
        draft_id = found.owner.draft_id
        if draft_id is None or not found.open:
            draft_id = drafts.draft_of(
                session, found.base or found.package.version, at=at, by=by
            ).id
        taken = drafts.files_of(session, draft_id)
        drafts.save(session, draft_id, _path(name, taken), content, seen=None, at=at, by=by)
        return draft_id

    return in_transaction(services().database, work)


def _path(name: str, taken: Mapping[str, object]) -> str:
    """A file of its own for the scenario, named after it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "scenario"
    number, path = 1, f"scenarios/{stem}.yaml"
    while path in taken:
        number += 1
        path = f"scenarios/{stem}-{number}.yaml"
    return path


def _wrong(result: ScenarioResult) -> list[str]:
    return what_went_wrong(result) or [gettext("Het liep anders af dan de proef.")]


def _in_words(expected: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What can be expected, each with its key."""
    words = {
        "taken": lambda v: gettext("Deze taken staan open: %(tasks)s", tasks=", ".join(v)),
        "fase": lambda v: gettext("Het gezin is in fase %(phase)s", phase=v),
        "status": lambda v: gettext("De status is ‘%(status)s’", status=show_sentence(v)),
        "uitkomst": lambda v: gettext("De uitkomst is ‘%(outcome)s’", outcome=show_sentence(v)),
    }
    return [(key, words[key](value)) for key, value in expected.items()]
