"""A form that is sent twice is kept once; drafts live until then."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.access.models import AccessLogEntry
from engine.access.permissions import Relation, RelationKind
from engine.families.errors import SubmissionReused
from engine.families.file.database import SqlFamilyFile
from engine.families.models import Contact, Document, Family
from engine.families.services import drop_draft, load_draft, save_draft
from tests.region import form, region

MAY_TAKE = Relation(RelationKind.MAY_TAKE)


@pytest.fixture
def place(db_session):
    made = region(db_session)
    made.ref = made.open()
    made.file().involve(
        made.ref.trajectory_id, "vertrouwenspersoon", made.users["wilma"], beside=False, at=made.now
    )
    db_session.commit()
    return made


def count(place, table) -> int:
    return place.session.scalars(select(func.count()).select_from(table)).one()


def test_a_repeated_contact_note_is_one_contact(place):
    note = form({"contact.soort": "telefoon"})
    first = place.file("wilma").record(place.ref.trajectory_id, note, place.now)
    assert place.file("wilma").record(place.ref.trajectory_id, note, place.now) == first
    assert count(place, Contact) == 1


def test_a_note_sent_twice_at_once_is_one_contact(place, engine_db):
    note, barrier = form({"contact.soort": "telefoon"}), Barrier(2)

    def send(_):
        with Session(engine_db) as session, session.begin():
            barrier.wait()
            file = SqlFamilyFile(session, None, place.clock)
            return file.record(place.ref.trajectory_id, note, place.now)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(send, range(2))
    assert first == second
    assert count(place, Contact) == count(place, Document) - 1 == 1


def test_a_repeated_referral_is_one_family(place):
    referral = form({"gezin.naam": "Familie Bakker"}, form_id="aanmelding")

    def refer():
        return place.file("paula").open_trajectory(
            package_key="tussen-in", package_version="0" * 64, channel="x",
            submission=referral, at=place.now,
        )  # fmt: skip

    assert refer() == refer()
    assert place.file().seen(referral.submission_id) == refer()
    assert place.file().seen(uuid4()) is None
    assert count(place, Family) == 2


def test_a_submission_id_belongs_to_one_form_of_one_trajectory(place):
    note = form({"contact.soort": "telefoon"})
    place.file().record(place.ref.trajectory_id, note, place.now)
    other = place.open()
    with pytest.raises(SubmissionReused):
        place.file().record(other.trajectory_id, note, place.now)
    with pytest.raises(SubmissionReused):
        place.file().record(
            place.ref.trajectory_id,
            form(form_id="anders", submission_id=note.submission_id),
            place.now,
        )


def test_a_repeat_is_no_way_around_permission(place):
    note = form({"contact.soort": "telefoon"})
    place.file("wilma").record(place.ref.trajectory_id, note, place.now)
    with pytest.raises(AccessDenied):
        place.file("hanna").record(place.ref.trajectory_id, note, place.now)


def test_who_may_take_a_task_submits_its_form_but_no_other(place):
    trajectory_id = place.ref.trajectory_id
    file = place.file("wouter", relation=MAY_TAKE)
    assert file.record(trajectory_id, form(task_id=uuid4()), place.now)
    with pytest.raises(AccessDenied):
        file.record(trajectory_id, form({"contact.soort": "telefoon"}), place.now)


def test_only_staff_with_a_role_refers(place):
    with pytest.raises(AccessDenied):
        place.file("niels").open_trajectory(
            package_key="tussen-in", package_version="0" * 64, channel="x",
            submission=form(form_id="aanmelding"), at=place.now,
        )  # fmt: skip


def save(place, name, task_id, answers, session=None):
    save_draft(
        session or place.session, place.actor(name), place.ref.trajectory_id, task_id, answers,
        relation=None, now=place.now,
    )  # fmt: skip


def test_a_draft_is_kept_for_its_writer_alone_until_the_form_is_sent(place):
    task_id = uuid4()
    save(place, "wilma", task_id, {"samenvatting": "half\x00"})
    assert load_draft(place.session, place.actor("wilma"), task_id) == {"samenvatting": "half"}
    assert load_draft(place.session, place.actor("paula"), task_id) is None
    place.file("wilma").record(place.ref.trajectory_id, form(task_id=task_id), place.now)
    assert load_draft(place.session, place.actor("wilma"), task_id) is None


def test_of_two_windows_the_last_to_save_wins(place, engine_db):
    task_id = uuid4()
    save(place, "wilma", task_id, {"venster": 1})
    place.session.commit()
    with Session(engine_db) as other:
        save(place, "wilma", task_id, {"venster": 2}, other)
        other.commit()
    assert load_draft(place.session, place.actor("wilma"), task_id) == {"venster": 2}
    drop_draft(place.session, place.actor("wilma"), task_id)
    assert load_draft(place.session, place.actor("wilma"), task_id) is None


def test_a_draft_that_is_kept_every_second_is_one_line_in_the_log(place):
    task_id = uuid4()
    for second in range(5):
        save(place, "wilma", task_id, {"s": second})
    place.session.commit()
    drafts = select(func.count()).where(AccessLogEntry.object_type == "draft")
    assert place.session.scalars(drafts).one() == 1


def test_a_draft_for_somebody_elses_family_is_refused(place):
    with pytest.raises(AccessDenied):
        save(place, "hanna", uuid4(), {})
