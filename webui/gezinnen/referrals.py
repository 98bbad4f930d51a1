"""New referrals: choose a method's way in, fill in its form."""

from __future__ import annotations

from uuid import uuid4

from flask import flash, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.errors import AccessDenied
from engine.definitions.published import publication
from engine.families.errors import NoRunningOrganisation
from engine.families.file.choices import referral_datasets
from engine.families.rights.visibility import relation_to
from engine.families.trajectories import FormNotValid, form_of
from webui.form_tables import rows_of_today
from webui.forms import form_problems, given_answers, given_submission_id
from webui.gezinnen.models import EntryChoice
from webui.gezinnen.views import FAMILY_ROLES, bp
from webui.people import actor, only_for, signed_in
from webui.services import services
from webui.taken.prefill import drawn, lists_used
from webui.words import in_language, method_name


@bp.get("/aanmeldingen/nieuw")
@only_for(*FAMILY_ROLES)
def new_referral() -> ResponseReturnValue:
    """Which way the family comes in."""
    with services().reading() as session:
        choices = entry_choices(session, actor())
    return render_template("gezinnen/aanmelding_kiezen.html", choices=choices)


@bp.get("/aanmeldingen/nieuw/<package>/<entry>")
@only_for(*FAMILY_ROLES)
def referral(package: str, entry: str) -> ResponseReturnValue:
    """The referral form."""
    now = services().clock.now()
    with services().reading() as session:
        choice = choice_of(session, package, entry)
        newest = publication.latest(session, package)
        if newest is None:
            raise AccessDenied
        opened = publication.load_version(session, newest.version)
        form = form_of(opened, opened.entries[entry].form_id or entry)
        lists = referral_datasets(session, actor().organisation_id, now=now)
        data = {**lists_used(form, lists), **rows_of_today(session, form, now)}
    return render_template(
        "gezinnen/aanmelding.html",
        choice=choice,
        form=drawn(form),
        data=data,
        task_key=f"{signed_in().id}:aanmelding:{package}:{entry}",
        submission_id=uuid4(),
        send_address=url_for("gezinnen.refer", package=package, entry=entry),
    )


@bp.post("/aanmeldingen/nieuw/<package>/<entry>")
@only_for(*FAMILY_ROLES)
def refer(package: str, entry: str) -> ResponseReturnValue:
    """Take in the referral."""
    with services().reading() as session:
        choice_of(session, package, entry)
    try:
        ref = services().casework.refer(
            actor(), package, entry, given_answers(), submission_id=given_submission_id()
        )
    except FormNotValid as refused:
        return jsonify(errors=form_problems(refused)), 422
    except NoRunningOrganisation as refused:
        return jsonify(message=f"{refused.message} {refused.remedy}"), 409
    flash(gettext("De aanmelding is verstuurd."), "ok")
    with services().reading() as session:
        may_read = relation_to(session, actor(), ref.trajectory_id, services().clock.now())
    if may_read is None:
        return jsonify(onward=url_for("gezinnen.new_referral"))
    return jsonify(onward=url_for("gezinnen.family", family_id=ref.family_id))


def entry_choices(session: Session, person: Actor) -> list[EntryChoice]:
    """The ways in that the person's roles may use, of the newest version of every package."""
    packages = [
        publication.load_version(session, row.version) for row in publication.all_latest(session)
    ]
    return [
        EntryChoice(
            package.key,
            method_name(package, package.key),
            entry.key,
            in_language(entry.names, entry.key),
        )
        for package in packages
        for entry in package.entries.values()
        if person.holds(*entry.by)
    ]


def choice_of(session: Session, package: str, entry: str) -> EntryChoice:
    """A way in that the user may use.

    Raises:
        AccessDenied: it is not there, or not for the user.
    """
    for choice in entry_choices(session, actor()):
        if (choice.package, choice.entry) == (package, entry):
            return choice
    raise AccessDenied
