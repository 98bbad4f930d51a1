"""Two who change a trajectory's people or contacts at once leave its facts for lists right.

A trigger of 0017 works out what follows from rows that the other has not committed yet. It now
locks first what both come by, and looks afterwards.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MET = """
CREATE OR REPLACE FUNCTION keep_last_contact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest timestamptz;
BEGIN
    IF TG_OP = 'INSERT' THEN
        FOR attempt IN 1..2 LOOP
            UPDATE trajectories SET last_contact_at = NEW.at,
                last_contact_day = (NEW.at AT TIME ZONE 'Europe/Amsterdam')::date
            WHERE id = NEW.trajectory_id AND (last_contact_at IS NULL OR last_contact_at < NEW.at);
            EXIT WHEN FOUND;
            PERFORM 1 FROM trajectories WHERE id = NEW.trajectory_id FOR NO KEY UPDATE;
        END LOOP;
        RETURN NULL;
    END IF;
    PERFORM 1 FROM trajectories WHERE id = OLD.trajectory_id FOR NO KEY UPDATE;
    SELECT max(at) INTO latest FROM contacts
    WHERE trajectory_id = OLD.trajectory_id AND NOT no_show;
    UPDATE trajectories SET last_contact_at = latest,
        last_contact_day = (latest AT TIME ZONE 'Europe/Amsterdam')::date
    WHERE id = OLD.trajectory_id AND last_contact_at IS DISTINCT FROM latest;
    RETURN NULL;
END $$
"""
INVOLVED = """
CREATE OR REPLACE FUNCTION keep_worker() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.trajectory_id ELSE NEW.trajectory_id END;
    person uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
BEGIN
    PERFORM 1 FROM users WHERE id = person FOR SHARE;
    PERFORM 1 FROM trajectories WHERE id = changed FOR NO KEY UPDATE;
    UPDATE trajectories SET worker_id = worker_of(id, organisation_id)
    WHERE id = changed AND worker_id IS DISTINCT FROM worker_of(id, organisation_id);
    RETURN NULL;
END $$
"""
HELD = """
CREATE OR REPLACE FUNCTION keep_workers_of_role() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held role_assignments := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    works_for uuid[];
BEGIN
    PERFORM 1 FROM users WHERE id = held.user_id FOR NO KEY UPDATE;
    works_for := ARRAY(SELECT trajectory_id FROM involvements
                       WHERE user_id = held.user_id AND until IS NULL);
    PERFORM 1 FROM trajectories
    WHERE organisation_id = held.organisation_id AND id = ANY (works_for)
    ORDER BY id FOR NO KEY UPDATE;
    UPDATE trajectories SET worker_id = worker_of(id, organisation_id)
    WHERE organisation_id = held.organisation_id AND id = ANY (works_for)
      AND worker_id IS DISTINCT FROM worker_of(id, organisation_id);
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    for function in (MET, INVOLVED, HELD):
        op.execute(function)


def downgrade() -> None:
    """The functions of before differ only where two change the same at once; these may stay."""
