"""The worker's pages: list, task, claim, draft, completion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.access.actors import Actor
from engine.access.errors import AccessDenied
from engine.families.file.documents import save_draft
from engine.families.tasks.lists import my_tasks, tasks_for, team_tasks
from engine.families.trajectories import FormNotValid
from engine.runtime.errors import TaskClaimed, TaskNotOpen
from engine.runtime.models import UserTask
from webui.forms import form_problems, given_answers, given_submission_id
from webui.people import actor, confirms_actor, only_for, wants_json
from webui.presentation import show_count, show_moment
from webui.services import services
from webui.taken.models import TaskFilter
from webui.taken.pages import draft_relation, item_card, person_name, task_page
from webui.taken.pages import task_list as make_list

bp = Blueprint("taken", __name__)

WORKING_ROLES = ("worker", "project_leader", "coordinator", "partner")
MOST_PAGES = 10_000


@bp.get("/taken")
@only_for(*WORKING_ROLES)
def task_list() -> ResponseReturnValue:
    """My tasks, and those of my team that anyone may take."""
    asked = request.args
    wish = TaskFilter(
        tab="team" if asked.get("tab") == "team" else "mijn",
        family=asked.get("gezin", type=UUID),
        role=asked.get("rol", ""),
        method=asked.get("methode", ""),
        page=min(max(asked.get("pagina", 1, type=int), 1), MOST_PAGES),
    )
    with services().reading() as session:
        page = make_list(session, services(), actor(), wish)
        if wish.page > 1 and not page.total:  # others did what stood there
            first: dict[str, Any] = {**wish.at(1)}
            return redirect(url_for("taken.task_list", **first))
        return render_template("taken/lijst.html", page=page, now=page.now)


@bp.get("/taken/aantal")
@only_for(*WORKING_ROLES)
def count() -> ResponseReturnValue:
    """How many tasks the other tab has; the page asks for it once it is there."""
    listed = team_tasks if request.args.get("tab") == "team" else my_tasks
    with services().reading() as session:
        found = listed(session, actor(), services().clock.now())
    return show_count(found.total, found.more)


@bp.get("/taken/<uuid:task_id>")
@only_for(*WORKING_ROLES)
def task(task_id: UUID) -> ResponseReturnValue:
    """One task with its guidance, form and what is known of the family."""
    with services().reading() as session:
        page = task_page(session, services(), actor(), task_id)
        if page.reviews:
            return redirect(
                url_for("traject.look_again", trajectory_id=page.trajectory_id, deel=page.reviews)
            )
        return render_template("taken/taak.html", page=page, now=page.now)


@bp.post("/taken/<uuid:task_id>/oppakken")
@only_for(*WORKING_ROLES)
def take(task_id: UUID) -> ResponseReturnValue:
    """Take a task."""
    return _hand_over(services().casework.claim, task_id)


@bp.post("/taken/<uuid:task_id>/teruggeven")
@only_for(*WORKING_ROLES)
def release(task_id: UUID) -> ResponseReturnValue:
    """Give a task back."""
    return _hand_over(services().casework.unclaim, task_id)


def _hand_over(command: Callable[[Actor, UUID], None], task_id: UUID) -> ResponseReturnValue:
    try:
        command(actor(), task_id)
    except (TaskClaimed, TaskNotOpen):
        flash(gettext("Een collega was je voor. Dit is hoe de taak er nu bij staat."), "warning")
    if not request.headers.get("HX-Request"):
        return redirect(url_for("taken.task", task_id=task_id))
    now = services().clock.now()
    with services().reading() as session:
        task = session.get_one(UserTask, task_id)
        items = tasks_for(session, actor(), UUID(task.business_key), now)
        found = next((item for item in items if item.task_id == task_id), None)
        if found is None:
            return ""
        card = item_card(session, found, actor(), now)
        return render_template("taken/kaart.html", task=card, now=now)


@bp.put("/taken/<uuid:task_id>/concept")
@only_for(*WORKING_ROLES)
def draft(task_id: UUID) -> ResponseReturnValue:
    """Keep what was filled in so far."""
    answers = given_answers()
    now = services().clock.now()
    with services().reading() as session:
        found = session.get(UserTask, task_id)
        if found is None or found.business_key is None:
            raise AccessDenied
        if found.status != "open":
            abort(409)
        trajectory_id = UUID(found.business_key)
        relation = draft_relation(session, actor(), found, trajectory_id, now)
        save_draft(session, actor(), trajectory_id, task_id, answers, relation=relation, now=now)
    return "", 204


@bp.post("/taken/<uuid:task_id>/afronden")
@confirms_actor
@only_for(*WORKING_ROLES)
def complete(task_id: UUID) -> ResponseReturnValue:
    """Complete a task. Answers in JSON to the page's script, else with a page."""
    onward = url_for("taken.task_list")
    try:
        services().casework.complete_task(
            actor(),
            task_id,
            given_answers(),
            submission_id=given_submission_id(),
            confirms=True,
        )
    except FormNotValid as refused:
        return jsonify(errors=form_problems(refused)), 422
    except (TaskNotOpen, TaskClaimed) as late:
        message = _who_was_first(late)
        if wants_json():
            return jsonify(message=message), 409
        flash(message, "warning")
        return redirect(url_for("taken.task", task_id=task_id))
    flash(gettext("De taak is afgerond."), "ok")
    if wants_json():
        return jsonify(onward=onward)
    return make_response(redirect(onward))


def _who_was_first(late: TaskNotOpen | TaskClaimed) -> str:
    if isinstance(late, TaskClaimed):
        return f"{late.message} {late.remedy}"
    by, at = late.where.get("by"), late.where.get("at")
    if late.where.get("status") == "suspended":
        return gettext("Dit traject ligt stil. Wat je invulde staat hieronder nog; bewaar het "
                       "zelf, of schrijf een contactnotitie.")  # fmt: skip
    if late.where.get("status") == "cancelled":
        return gettext(
            "Deze taak is vervallen: het traject is ondertussen verder gegaan of gestopt. "
            "Je hoeft niets meer te doen."
        )
    with services().reading() as session:
        name = person_name(session, by if isinstance(by, UUID) else None)
    moment = show_moment(at) if at is not None else ""  # type: ignore[arg-type]
    return gettext(
        "%(name)s heeft deze taak al afgerond (%(moment)s). "
        "Wat jij invulde is niet verstuurd en staat hieronder nog.",
        name=name or gettext("Een collega"),
        moment=moment,
    )
