"""The family's pages: list, file, contact note, consents, agreements."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.access.permissions import Action
from engine.definitions.published import publication
from engine.families.file.agreements import complete_agreement
from engine.families.file.choices import datasets
from engine.families.file.overview import family_overview
from engine.families.rights.permission import permit
from engine.families.trajectories import FormNotValid, contact_form
from engine.runtime.published import PublishedPackages
from webui.forms import form_problems, given_answers, given_submission_id
from webui.gezinnen.list_page import family_list
from webui.gezinnen.pages import family_page, trajectory_of_family
from webui.listing import asked_page, asked_search
from webui.naast.pages import links_for_family
from webui.people import actor, only_for, signed_in
from webui.services import services
from webui.taken.prefill import drawn, known_answers, lists_used

bp = Blueprint("gezinnen", __name__)

FAMILY_ROLES = ("worker", "project_leader", "coordinator")
NOTING_ROLES = ("worker", "project_leader")


@bp.route("/gezinnen", methods=["GET", "POST"])
@only_for(*FAMILY_ROLES)
def families() -> ResponseReturnValue:
    """The families that the user may see."""
    return _list(for_note=False)


@bp.route("/contactnotitie", methods=["GET", "POST"])
@only_for(*NOTING_ROLES)
def choose_for_note() -> ResponseReturnValue:
    """For which family the contact note is."""
    return _list(for_note=True)


def _list(*, for_note: bool) -> ResponseReturnValue:
    with services().reading() as session:
        listed = family_list(
            session, services(), actor(),
            closed_too=not for_note, search=asked_search(), number=asked_page(),
        )  # fmt: skip
    here = "gezinnen.choose_for_note" if for_note else "gezinnen.families"
    return render_template(
        "gezinnen/lijst.html",
        listed=listed,
        here=url_for(here),
        address_of=lambda number: url_for(here, pagina=number),
        for_note=for_note,
        may_refer=True,
        now=services().clock.now(),
    )


def wanted_trajectory() -> UUID | None:
    """Which trajectory of the family was asked for (``?traject=``), if one was."""
    return request.args.get("traject", type=UUID)


@bp.get("/gezinnen/<uuid:family_id>")
@only_for(*FAMILY_ROLES)
def family(family_id: UUID) -> ResponseReturnValue:
    """Everything of one family."""
    whole = request.args.get("verloop") == "alles"
    with services().reading() as session:
        page = family_page(
            session, services(), actor(), family_id, whole=whole, wanted=wanted_trajectory()
        )
        return render_template("gezinnen/gezin.html", page=page, now=page.now)


@bp.get("/gezinnen/<uuid:family_id>/contactnotitie")
@only_for(*NOTING_ROLES)
def contact_note(family_id: UUID) -> ResponseReturnValue:
    """The contact note: the method's own form, with what is known filled in."""
    now = services().clock.now()
    with services().reading() as session:
        wanted = wanted_trajectory()
        trajectory_id = trajectory_of_family(session, actor(), family_id, now, wanted)
        permit(session, actor(), Action.RECORD_CONTACT, trajectory_id, now=now)
        overview = family_overview(session, actor(), trajectory_id, now=now)
        package = publication.load_version(session, overview.trajectory.package_version)
        form = contact_form(package, PublishedPackages(session))
        data = {}
        if form is not None:
            lists = datasets(session, actor(), trajectory_id, now=now)
            data = {**known_answers(form, overview, now), **lists_used(form, lists)}
        return render_template(
            "gezinnen/contactnotitie.html",
            family_id=family_id,
            family_name=overview.family.name,
            starts=links_for_family(session, actor(), trajectory_id),
            form=drawn(form) if form else None,
            data=data,
            task_key=f"{signed_in().id}:notitie:{wanted or family_id}",
            submission_id=uuid4(),
            send_address=url_for("gezinnen.save_note", family_id=family_id, traject=wanted),
        )


@bp.post("/gezinnen/<uuid:family_id>/contactnotitie")
@only_for(*NOTING_ROLES)
def save_note(family_id: UUID) -> ResponseReturnValue:
    """Save a contact note; who waits for a contact is told in the same transaction."""
    with services().reading() as session:
        wanted, now = wanted_trajectory(), services().clock.now()
        trajectory_id = trajectory_of_family(session, actor(), family_id, now, wanted)
    try:
        services().casework.note_contact(
            actor(), trajectory_id, given_answers(), submission_id=given_submission_id()
        )
    except FormNotValid as refused:
        return jsonify(errors=form_problems(refused)), 422
    flash(gettext("De contactnotitie is bewaard."), "ok")
    return jsonify(onward=url_for("gezinnen.family", family_id=family_id, traject=wanted))


@bp.post("/gezinnen/<uuid:family_id>/toestemmingen/<uuid:consent_id>/intrekken")
@only_for(*NOTING_ROLES)
def withdraw_consent(family_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    """Withdraw a consent; the trajectory is told, so that the diagram can act on it."""
    services().casework.withdraw_consent(actor(), consent_id)
    flash(gettext("De toestemming is ingetrokken."), "ok")
    return redirect(url_for("gezinnen.family", family_id=family_id))


@bp.post("/gezinnen/<uuid:family_id>/afspraken/<uuid:agreement_id>/afvinken")
@only_for(*NOTING_ROLES)
def tick_agreement(family_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    """An agreement was kept."""
    with services().reading() as session:
        complete_agreement(session, actor(), agreement_id, now=services().clock.now())
    flash(gettext("Mooi, de afspraak is nagekomen."), "ok")
    return redirect(url_for("gezinnen.family", family_id=family_id))
