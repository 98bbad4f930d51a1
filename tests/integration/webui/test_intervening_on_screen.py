"""Acting against the drawn course, as sent from the pages: a look first, a reason, then done."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from engine.families.file.answers import local_day
from engine.families.models import Mend, Trajectory
from engine.runtime.models import ProcessInstance, UserTask
from tests.agreement import assert_healthy
from tests.integration.casework.conftest import office
from tests.integration.webui.test_mending_screens import Visitor, page, screens

__all__ = ["office", "screens"]

WHY = "Het gezin is weg."


def at(office, element_id):
    rows = office.practice.rows(UserTask)
    (found,) = [t for t in rows if t.element_id == element_id and t.status == "open"]
    return found


def hub(office) -> str:
    return f"/trajecten/{office.ref.trajectory_id}/ingrijpen"


def step(office, element_id) -> str:
    task = at(office, element_id)
    return f"{hub(office)}/{task.instance_id}/{task.id}"


def send(screens: Visitor, path: str, **data: object):
    token = screens.token_of_start()
    answer = screens.client.post(path, data={"csrf_token": token, **data}, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_step_is_skipped_after_a_look_with_a_reason_and_told_in_the_chronology(office, screens):
    screens.sign_in("paula")
    assert "kennismaken" in page(screens.client, hub(office))
    path = step(office, "kennismaken")
    data = {"doe": "overslaan", "v-keuze": "ja", "reden": WHY}
    code, told = send(screens, path, **data, stap="kijk")
    assert (code, "Er is nog niets veranderd" in told) == (200, True)
    assert "contactmoment" in told
    assert office.practice.open_elements() == ["kennismaken"]
    code, told = send(screens, path, **data, stap="doe")
    assert "De stap is overgeslagen." in told
    assert office.practice.open_elements() == ["contactmoment"]
    family = page(screens.client, f"/gezinnen/{office.ref.family_id}")
    assert "Overgeslagen: kennismaken" in family
    assert WHY in family
    assert "keuze: ja" in family
    code, told = send(screens, path, **data, stap="doe")
    assert "intussen verder gegaan" in told
    assert_healthy(office.practice.database)


@pytest.mark.parametrize("data", [
    {"doe": "overslaan"}, {"doe": "overslaan", "reden": "  "},
    {"doe": "overslaan", "reden": "x" * 600}, {"doe": "overslaan", "reden": WHY, "v-keuze": "bla"},
    {"doe": "verplaatsen", "reden": WHY}, {"doe": "verplaatsen", "reden": WHY, "naar": "begin"},
    {"doe": "verplaatsen", "reden": WHY, "naar": "<script>"},
])  # fmt: skip
def test_what_is_not_good_yet_is_told_and_changes_nothing(office, screens, data):
    screens.sign_in("paula")
    code, told = send(screens, step(office, "kennismaken"), **data, stap="doe")
    assert code == 422
    assert "utrecht-alert--error" in told
    assert office.practice.open_elements() == ["kennismaken"]
    assert office.practice.rows(Mend) == []


def test_a_process_owner_sees_ids_and_no_names(office, screens):
    screens.sign_in("olga")
    shown = page(screens.client, "/studio/lopend")
    assert str(office.ref.trajectory_id)[:8] in shown
    assert "Familie A" not in shown
    for path in (hub(office), f"{step(office, 'kennismaken')}?doe=opnieuw"):
        shown = page(screens.client, path)
        assert "kennismaken" in shown
        assert "Familie A" not in shown
        assert str(office.ref.family_id) not in shown
    _, told = send(screens, step(office, "kennismaken"), doe="opnieuw", reden=WHY, stap="doe")
    assert "De stap is opnieuw begonnen." in told
    assert "Opnieuw begonnen: kennismaken" in told
    assert WHY not in told, "why is for who may know the family"
    assert screens.client.get(f"/gezinnen/{office.ref.family_id}").status_code in (403, 404)


@pytest.mark.parametrize("name", ["wilma", "cora", "hanna", "adam"])
def test_others_are_refused(office, screens, name):
    path = step(office, "kennismaken")
    screens.sign_in(name)
    for address in (
        hub(office),
        f"{path}?doe=opnieuw",
        hub(office).replace("ingrijpen", "beeindigen"),
    ):
        assert screens.client.get(address).status_code in (403, 404)
    assert send(screens, path, doe="opnieuw", reden=WHY, stap="doe")[0] in (403, 404)
    assert office.practice.rows(Mend) == []


def test_a_variable_is_corrected_in_the_words_of_its_form(office, screens):
    office.until_contact()
    screens.sign_in("paula")
    (main,) = [r for r in office.practice.rows(ProcessInstance) if r.is_main]
    path = f"{hub(office)}/{main.id}/gegevens"
    shown = page(screens.client, path)
    assert 'name="v-keuze"' in shown
    assert "trajectId" not in shown
    data = {"v-keuze": "nee", "s-keuze": json.dumps("ja"), "reden": WHY}
    assert "Er begint en stopt niets" in send(screens, path, **data, stap="kijk")[1]
    assert "De gegevens zijn verbeterd." in send(screens, path, **data, stap="doe")[1]
    code, told = send(screens, path, **{**data, "v-keuze": "ja"}, stap="doe")
    assert (code, "net veranderd" in told) == (422, True)
    assert "Er is niets veranderd." in send(screens, path, reden=WHY, stap="doe")[1]
    assert "keuze: van ja naar nee" in page(screens.client, f"/gezinnen/{office.ref.family_id}")


def test_a_trajectory_is_put_aside_reviewed_and_taken_up(office, screens):
    office.until_contact()
    screens.sign_in("paula")
    base = f"/trajecten/{office.ref.trajectory_id}"
    far = local_day(office.practice.clock.now() + timedelta(days=14)).isoformat()
    for wrong in ("", "gisteren", "2020-01-01", "2999-01-01"):
        assert send(screens, f"{base}/stilleggen", dag=wrong, reden=WHY)[0] == 422
    seen = send(screens, f"{base}/stilleggen", dag=far, reden=WHY)[1]
    assert "Ligt stil: taak “contactmoment”" in seen
    assert "Gaat lopen: termijn “Beoordelen" in seen
    assert office.practice.open_elements() == ["contactmoment"], "only looked at"
    data = {"dag": far, "reden": WHY, "stap": "doe"}
    assert "Dit traject ligt stil" in send(screens, f"{base}/stilleggen", **data)[1]
    assert office.practice.open_elements() == []
    family = page(screens.client, f"/gezinnen/{office.ref.family_id}")
    assert "ligt stil sinds" in family
    assert "Traject stilgelegd" in family
    assert "Ligt stil" in page(screens.client, "/keten")
    (facts,) = office.practice.rows(Trajectory)
    office.practice.clock.advance_to(facts.review_at + timedelta(hours=8))
    assert office.sweep() == 1
    (review,) = [t for t in office.practice.rows(UserTask) if t.status == "open"]
    shown = page(screens.client, f"/taken/{review.id}")
    assert "Of: langer stil" in shown
    assert "Andere termijn" not in page(screens.client, base)
    shown = page(screens.client, f"{base}/verdergaan")
    assert "Termijnen schuiven op" in shown
    (token,) = re.findall(r'name="t" value="([^"]+)"[^>]*aria-label="contactmoment', shown)
    assert send(screens, f"{base}/verdergaan", termijnen="wat", reden=WHY)[0] == 422
    data = {"termijnen": "schuiven", "t": token, "reden": WHY}
    seen = send(screens, f"{base}/verdergaan", **data)[1]
    assert re.search("Komt terug: taak “contactmoment”, van .+ naar ", seen)
    assert office.practice.open_elements() != ["contactmoment"], "only looked at"
    assert "Het gaat weer verder." in send(screens, f"{base}/verdergaan", **data, stap="doe")[1]
    assert office.practice.open_elements() == ["contactmoment"]
    assert_healthy(office.practice.database)


def test_a_trajectory_is_ended_by_who_is_sure(office, screens):
    screens.sign_in("paula")
    base = f"/trajecten/{office.ref.trajectory_id}"
    assert "Stopt: kennismaken" in page(screens.client, f"{base}/beeindigen")
    assert send(screens, f"{base}/beeindigen", reden=WHY)[0] == 422
    ended = send(screens, f"{base}/beeindigen", reden=WHY, zeker="ja")[1]
    assert "Het is beëindigd." in ended
    assert [one.status for one in office.practice.rows(Trajectory)] == ["closed"]
    assert "afgelopen" in ended
    (back,) = re.findall(r'href="([^"]+/ongedaan/[^"]+)"', ended)
    assert "Begint: taak “kennismaken”" in page(screens.client, back)
    assert send(screens, back, reden=" ")[0] == 422
    told = send(screens, back, reden="Het verkeerde gezin.")[1]
    assert "Ongedaan gemaakt: Traject beëindigd" in told
    assert [one.status for one in office.practice.rows(Trajectory)] == ["referred"]
    assert office.practice.open_elements() == ["kennismaken"]
    assert "al ongedaan gemaakt" in send(screens, back, reden=WHY)[1]
    assert_healthy(office.practice.database)


def test_a_process_owner_gives_another_due_time_without_seeing_the_family(office, screens):
    screens.sign_in("olga")
    task = at(office, "kennismaken")
    path = f"/trajecten/{office.ref.trajectory_id}/termijnen/{task.id}"
    shown = page(screens.client, path)
    assert "kennismaken" in shown
    assert "Familie A" not in shown
    later = local_day(office.practice.clock.now() + timedelta(days=9)).isoformat()
    seen = task.due_at.isoformat()
    _, told = send(screens, path, datum=later, tijd="09:00", reden=WHY, gezien=seen)
    assert "De nieuwe termijn is" in told
    assert "Ingrijpen" in told
