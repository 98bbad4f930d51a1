"""Playing a trajectory in the Studio: moves, looking back, saving, and what is refused."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine.access.models import SystemRole, User
from engine.access.people import set_password
from engine.definitions.published import publication
from tests.screens import PASSWORD, Screens
from tests.unit.simulation.plays.test_playing_by_hand import CHOOSES, package
from tests.unit.simulation.test_playing import DIAGRAM, HEAD

SCENARIO = (HEAD + "stappen: [{wacht: 4 dagen}, {taak: bezoek, door: werker}]").encode()


class Tryer:
    """The process owner Olga, who tries a package out."""

    def __init__(self, screens: Screens) -> None:
        self.screens, self.session = screens, screens.region.session
        files = {**package(CHOOSES).files, "scenarios/bezoek.yaml": SCENARIO}
        self.version = publication.publish(
            self.session, type(package())(files), at=screens.region.now
        ).version
        self.session.commit()
        self.client = screens.client
        screens.sign_in("olga")
        self.token = screens.token("/studio/pakketten")

    def draft(self) -> str:
        """A draft of the version; the address of its page."""
        answer = self.client.post(
            "/studio/concepten", data={"csrf_token": self.token, "versie": self.version}
        )
        return str(answer.location)

    def place(self, of: str = "") -> str:
        """The address of the play of a draft, or of the version."""
        return f"{of or f'/studio/versies/{self.version}'}/proberen"

    def post(self, path: str, **data: object):
        return self.client.post(path, data={"csrf_token": self.token, **data})

    def send(self, path: str, answers: dict[str, object] | None = None):
        """What the form's script sends."""
        return self.client.post(
            path,
            json={"submission_id": str(uuid4()), "data": answers or {}},
            headers={"X-CSRFToken": self.token, "Accept": "application/json"},
        )

    def begin(self, of: str = "") -> str:
        """Begin with a referral; the address of the play."""
        place = self.place(of)
        sent = self.send(
            f"{place}/begin/ingang/aanmelding?begin=2026-01-05T09:00", {"gezinsnaam": "Proef"}
        )
        assert sent.json == {"onward": place}
        return place


@pytest.fixture
def tryer(screens: Screens) -> Tryer:
    return Tryer(screens)


def test_a_play_begins_goes_on_tells_why_and_is_taken_back(tryer: Tryer):
    place = tryer.place()
    assert "Een gezin wordt aangemeld" in tryer.client.get(place).text
    assert "gezinsnaam" in tryer.client.get(f"{place}/begin/ingang/aanmelding").text
    tryer.begin()
    assert "Bezoek" in tryer.client.get(place).text

    tryer.post(f"{place}/tijd", tot="volgende", gezien=1)
    page = tryer.client.get(place).text
    assert "Taak verschijnt: Herinner" in page
    assert "do 8 jan 2026, 09:00" in page

    assert tryer.client.get(f"{place}/taken/bezoek/0").status_code == 200
    done = tryer.send(f"{place}/taken/bezoek/0?gezien=2")
    assert done.json == {"onward": place}
    page = tryer.client.get(place).text
    assert "Waarom het zo ging" in page
    assert "is waar" in page

    back = tryer.client.get(f"{place}?stap=1").text
    assert "U kijkt terug" in back
    tryer.post(f"{place}/terug", gezien=3, tot=1)
    assert "stap 1 van 1" in tryer.client.get(place).text


def test_a_colleague_has_a_play_of_their_own_and_a_second_tab_is_told(tryer: Tryer):
    place = tryer.begin()
    tryer.post(f"{place}/tijd", duur="P1D", gezien=1)
    late = tryer.client.post(
        f"{place}/tijd",
        data={"csrf_token": tryer.token, "duur": "P1D", "gezien": 1},
        follow_redirects=True,
    )
    assert "intussen verder gegaan" in late.text
    assert "stap 2 van 2" in late.text
    sent = tryer.send(f"{place}/taken/bezoek/0?gezien=1")
    assert sent.status_code == 409

    region = tryer.screens.region
    oscar = region.add_person("oscar", SystemRole.PROCESS_OWNER, "brug")
    set_password(tryer.session, tryer.session.get_one(User, oscar), PASSWORD, at=region.now)
    tryer.session.commit()
    tryer.post("/afmelden")
    tryer.screens.sign_in("oscar")
    assert "Een gezin wordt aangemeld" in tryer.client.get(place).text


def test_a_draft_that_changed_plays_as_far_as_it_goes(tryer: Tryer):
    draft = tryer.draft()
    place = tryer.begin(draft)
    tryer.post(f"{place}/tijd", duur="P7D", gezien=1)
    tryer.post(f"{place}/taken/herinner/0/voorbeeld", gezien=2)
    assert "stap 3 van 3" in tryer.client.get(place).text
    tryer.client.put(
        f"{draft}/bestanden/proef.bpmn",
        data=DIAGRAM.replace(b"P3D", b"P30D"),
        headers={"X-CSRFToken": tryer.token, "If-Match": '"1"', "Accept": "application/json"},
    )
    page = tryer.client.get(place).text
    assert "Verder dan stap 2 kan deze proef niet meer" in page
    tryer.post(f"{place}/terug", gezien=3, tot=2)
    assert "stap 2 van 2" in tryer.client.get(place).text


def test_a_play_is_saved_as_a_scenario_that_passes(tryer: Tryer):
    draft = tryer.draft()
    place = tryer.begin(draft)
    tryer.post(f"{place}/taken/bezoek/0/voorbeeld", gezien=1)
    assert "taak: bezoek" in tryer.client.get(f"{place}/bewaren").text
    saved = tryer.post(
        f"{place}/bewaren", naam="Één bezoek", omschrijving="Kort", verwacht=["status"]
    )
    assert saved.location == f"{draft}/scenarios"
    text = tryer.client.get(f"{draft}/bestanden/scenarios/een-bezoek.yaml").text
    assert "naam: Één bezoek" in text
    found = tryer.client.get(f"{draft}/scenarios/uitkomst?bestand=scenarios/een-bezoek.yaml").json
    assert found["passed"]
    assert ["proef", "bezoek"] in found["reached"]
    again = tryer.post(f"{place}/bewaren", naam="Één bezoek")
    assert again.location == f"{draft}/scenarios"
    assert "een-bezoek-2.yaml" in tryer.client.get(again.location).text


def test_what_is_played_of_a_published_version_is_saved_in_a_new_draft(tryer: Tryer):
    place = tryer.begin()
    saved = tryer.post(f"{place}/bewaren", naam="Van versie 1")
    assert saved.location.startswith("/studio/concepten/")
    assert "Van versie 1" in tryer.client.get(saved.location).text


def test_scenarios_are_played_step_by_step_and_beside_another_version(tryer: Tryer):
    draft = tryer.draft()
    file = "scenarios/bezoek.yaml"
    walked = tryer.client.get(f"{draft}/proberen?scenario={file}&stap=1").text
    assert "U loopt een scenario na" in walked
    assert "stap=2&amp;scenario=scenarios/bezoek.yaml" in walked.replace("%2F", "/")
    tryer.post(f"{draft}/proberen/scenario", bestand=file, tot=2)
    assert "stap 2 van 2" in tryer.client.get(f"{draft}/proberen").text
    tryer.client.put(
        f"{draft}/bestanden/proef.bpmn",
        data=CHOOSES.replace(b"P3D", b"P2D"),
        headers={"X-CSRFToken": tryer.token, "If-Match": '"1"', "Accept": "application/json"},
    )
    found = tryer.client.get(f"{draft}/scenarios/uitkomst?bestand={file}&met={tryer.version}").json
    assert (found["passed"], found["same"]) == (True, False)
    for what in (f"bestand={file}", "proef=1"):
        beside = tryer.client.get(f"{draft}/scenarios/vergelijk?{what}").text
        assert "3 dagen" in beside
        assert "2 dagen" in beside


ADDRESSES = [
    "?stap=-5",
    "?stap=99999",
    "?deel=99",
    "?als=nergens",
    "?stap=x&deel=y",
    "?scenario=nergens",
    "?scenario=scenarios/bezoek.yaml&stap=999&deel=7&als=x",
    "/bewaren",
    "/taken/nergens/0",
    "/taken/bezoek/7",
    "/begin/ingang/nergens",
    "/begin/x/y",
    "/begin/ingang/aanmelding?begin=9999-99-99&voorbeeld=99999999999999999999",
    "/begin/ingang/aanmelding?voorbeeld=zelf",
    "/doen/naast/x",
    "/doen/contact/x",
    "/doen/taak/bezoek",
    "/diagrammen/proef/nergens",
    "/diagrammen/x/proef",
]
SENT = [
    ("/tijd", {"duur": "eeuwig"}),
    ("/tijd", {"duur": "P9999Y"}),
    ("/tijd", {"dag": "gisteren"}),
    ("/tijd", {"dag": "2025-01-01"}),
    ("/tijd", {"tot": "volgende", "gezien": "x"}),
    ("/bericht", {"bericht": "", "naam": ["a"], "waarde": ["[[["]}),
    ("/bericht", {"bericht": "x", "voor": "=stuk(("}),
    ("/terug", {"tot": "-3", "gezien": 1}),
    ("/terug", {"tot": "x"}),
    ("/scenario", {"bestand": "nergens"}),
    ("/taken/nergens/0/voorbeeld", {"gezien": 1}),
    ("/wissen", {}),
]


def test_rubbish_in_an_address_never_breaks_the_page(tryer: Tryer):
    place = tryer.begin()
    for path in ADDRESSES:
        assert tryer.client.get(f"{place}{path}").status_code in (200, 302, 404), path


def test_rubbish_that_is_sent_is_refused_and_the_play_still_opens(tryer: Tryer):
    for path, data in SENT:
        place = tryer.begin()
        answer = tryer.post(f"{place}{path}", **{"gezien": 1, **data})
        assert answer.status_code in (302, 404), path
        assert tryer.client.get(place).status_code == 200, path


def test_where_a_play_is_stuck_it_says_why_and_where_to_mend_it(tryer: Tryer):
    draft = tryer.draft()
    tryer.client.put(
        f"{draft}/bestanden/proef.bpmn",
        data=CHOOSES.replace(b'=kanaal = "aanmelding" and trajectId != null', b"=nergens"),
        headers={"X-CSRFToken": tryer.token, "If-Match": '"1"', "Accept": "application/json"},
    )
    place = tryer.begin(draft)
    tryer.post(f"{place}/taken/bezoek/0/voorbeeld", gezien=1)
    page = tryer.client.get(place).text
    assert "Loopt vast bij: Hoe nu?" in page
    assert "Open dit diagram in de werkbank" in page
    assert "vastgelopen" in page


def test_a_broken_draft_says_so_and_its_scenarios_fail_with_a_reason(tryer: Tryer):
    draft = tryer.draft()
    tryer.client.put(
        f"{draft}/bestanden/proef.bpmn",
        data=b"<geen bpmn",
        headers={"X-CSRFToken": tryer.token, "If-Match": '"1"', "Accept": "application/json"},
    )
    sent = tryer.send(f"{draft}/proberen/begin/ingang/aanmelding", {"gezinsnaam": "x"})
    assert sent.status_code == 422
    assert sent.json["message"]
    assert tryer.client.get(f"{draft}/scenarios").status_code == 200
    found = tryer.client.get(f"{draft}/scenarios/uitkomst?bestand=scenarios/bezoek.yaml").json
    assert not found["passed"]
    assert found["wrong"]


def test_only_process_owners_play_and_what_is_not_there_is_a_404(tryer: Tryer):
    place = tryer.begin()
    for gone in (f"/studio/concepten/{uuid4()}", "/studio/concepten/x", "/studio/versies/x"):
        for page in ("proberen", "scenarios"):
            assert tryer.client.get(f"{gone}/{page}").status_code == 404
    tryer.post("/afmelden")
    tryer.screens.sign_in("wilma")
    for path in (place, f"{place}/bewaren", place.replace("proberen", "scenarios")):
        assert tryer.client.get(path).status_code == 403
