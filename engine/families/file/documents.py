"""Submitted forms, kept whole; drafts of forms, kept until then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action, Relation
from engine.families.errors import SubmissionReused
from engine.families.file import answers, bindings
from engine.families.file.recording import Recording
from engine.families.file.submissions import Submission
from engine.families.models import Document, DocumentDraft, Trajectory
from engine.families.rights.permission import permit
from engine.keys import new_key
from engine.store.late_session import turn_of
from engine.store.round_trips import Rows, Statement, read_together, write_later


def of_submission(session: Session, submission_id: UUID) -> Document | None:
    """The document of a submission; from now on the same one elsewhere waits for this one."""
    asked = _asked(session)
    if submission_id not in asked:
        rows = read_together(session, *asking(submission_id))
        asked = _asked(session)
        asked[submission_id] = rows[1][0].id if rows[1] else None
    found = asked[submission_id]
    return None if found is None else session.get(Document, found)


def asking(submission_id: UUID) -> list[tuple[Statement, dict[str, Any]]]:
    """The two statements of ``of_submission``, to be read together with others."""
    lock = int.from_bytes(submission_id.bytes[:8], signed=True)
    return [(_LOCK, {"lock": lock}), (_OF_SUBMISSION, {"submission_id": submission_id})]


def note_answer(session: Session, submission_id: UUID, rows: Sequence[Any]) -> None:
    """Remember what the second statement told: within the transaction only we can change it."""
    _asked(session)[submission_id] = rows[0].id if rows else None


def _asked(session: Session) -> dict[UUID, UUID | None]:
    transaction = turn_of(session)
    kept: tuple[Any, dict[UUID, UUID | None]] | None = session.info.get(_ASKED)
    if kept is None or kept[0] is not transaction:
        kept = session.info[_ASKED] = (transaction, {})
    return kept[1]


def find(
    session: Session, submission: Submission, trajectory_id: UUID | None = None
) -> Document | None:
    """The document that this submission made before, if it did.

    Raises:
        SubmissionReused: the id belongs to another trajectory or form.
    """
    if submission.submission_id is None:
        return None
    document = of_submission(session, submission.submission_id)
    if document is None:
        return None
    if document.form_id != submission.form_id or trajectory_id not in (
        None,
        document.trajectory_id,
    ):
        raise SubmissionReused(
            "Dit formulier is al voor iets anders gebruikt.",
            "Open het formulier opnieuw en verstuur het nog eens.",
            submission_id=submission.submission_id,
        )
    return document


def store(session: Session, trajectory: Trajectory, submission: Submission, at: datetime) -> UUID:
    """Keep the form whole, write its bound fields into the file, drop the task's drafts.

    Gives the document's id.
    """
    handover_id = submission.handover_id
    document_id = new_key()
    row = {
        "id": document_id,
        "trajectory_id": trajectory.id,
        "family_id": trajectory.family_id,
        "form_id": submission.form_id,
        "form_name": submission.form_name,
        "answers": answers.storable(submission.answers),
        "by_user_id": submission.by,
        "at": at,
        "task_id": submission.task_id,
        "element_id": submission.element_id,
        "handover_id": handover_id,
        "submission_id": submission.submission_id,
    }
    _DOCUMENTS.write(session, [row])
    if submission.submission_id is not None:
        _asked(session)[submission.submission_id] = document_id
    if submission.bindings:
        recording = Recording(
            session, trajectory, document_id, submission.by, at, handover_id, submission.about
        )
        bindings.write(recording, submission.bindings)
    if submission.task_id is not None:
        write_later(session, _DROP_DRAFTS, {"task_id": submission.task_id})
    return document_id


def save_draft(
    session: Session,
    actor: Actor,
    trajectory_id: UUID,
    task_id: UUID,
    filled_in: Mapping[str, object],
    *,
    relation: Relation | None,
    now: datetime,
) -> None:
    """Keep what the actor filled in of a task's form so far; the last one to save wins.

    ``relation`` is that of ``visibility.may_work_on``. Only the first draft of a task is logged.

    Raises:
        AccessDenied: the actor may not work on the task.
    """
    known = session.get(DocumentDraft, (task_id, actor.user_id)) is not None
    permit(
        session, actor, Action.WORK_ON_TASK, trajectory_id, now=now, relation=relation,
        object_type="draft", object_id=task_id, log_if_allowed=not known,
    )  # fmt: skip
    kept = answers.storable(filled_in)
    values = {"answers": kept, "updated_at": now}
    session.execute(
        insert(DocumentDraft)
        .values(task_id=task_id, user_id=actor.user_id, trajectory_id=trajectory_id, **values)
        .on_conflict_do_update(
            index_elements=[DocumentDraft.task_id, DocumentDraft.user_id],
            set_=values,
            where=DocumentDraft.trajectory_id == trajectory_id,
        )
    )


def load_draft(session: Session, actor: Actor, task_id: UUID) -> dict[str, Any] | None:
    """What the actor filled in of a task's form, if anything. One's own words: not logged."""
    draft = session.get(DocumentDraft, (task_id, actor.user_id), populate_existing=True)
    return None if draft is None else draft.answers


def drop_draft(session: Session, actor: Actor, task_id: UUID) -> None:
    """Throw the actor's draft of a task away."""
    session.execute(
        delete(DocumentDraft).where(
            DocumentDraft.task_id == task_id, DocumentDraft.user_id == actor.user_id
        )
    )


_ASKED = "ketenspoor-submissions"
_LOCK = Statement(select(func.pg_advisory_xact_lock(bindparam("lock", type_=BigInteger()))))
_OF_SUBMISSION = Statement(
    select(Document.id, Document.trajectory_id, Document.by_user_id, Document.task_id).where(
        Document.submission_id == bindparam("submission_id", type_=Uuid())
    )
)
_DROP_DRAFTS = Statement(
    delete(DocumentDraft).where(DocumentDraft.task_id == bindparam("task_id", type_=Uuid()))
)
_DOCUMENTS = Rows(Document)
