"""What is different, over HTTP: a draft and versions next to each other, and what is refused."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from engine.access.models import Organisation, SystemRole, User
from engine.access.people import add_user, assign_role, set_password
from engine.definitions.drafts import approvals
from engine.definitions.published import owners
from tests.screens import PASSWORD, Screens
from tests.studio import Studio

COMPARE, LIBRARY = "/studio/vergelijken", "/studio/pakketten"


def renamed(studio: Studio, draft: str) -> None:
    """Give the task of the draft's diagram a name."""
    model = studio.client.get(f"{draft}/bestanden/p.bpmn").get_data()
    named = model.replace(b'id="a"', b'id="a" name="Bel de huisarts"')
    assert studio.put(draft, "p.bpmn", named, seen=1).status_code == 200


def reference(draft: str) -> str:
    return draft.removeprefix("/studio/")


def test_a_draft_is_told_next_to_the_version_that_is_in_use(studio: Studio):
    draft = studio.edit()
    page = studio.client.get(f"{COMPARE}?naar={reference(draft)}")
    assert "tot op de letter hetzelfde" in page.text

    renamed(studio, draft)
    page = studio.client.get(f"{COMPARE}?naar={reference(draft)}")
    assert page.status_code == 200
    assert "Bel de huisarts" in page.text
    assert "Versie 1" in page.text


def test_who_is_late_is_told_that_another_version_was_published_meanwhile(
    studio: Studio,
):
    early, late = studio.edit(), studio.edit()
    renamed(studio, early)
    assert "begon als" not in studio.client.get(f"{late}/publiceren").text
    studio.post(f"{early}/publiceren", reden="Eerst")
    page = studio.client.get(f"{late}/publiceren").text
    assert "Dit concept begon als versie 1. Nu geldt versie 2." in page
    assert "Bel de huisarts" in studio.client.get(f"{early}/publiceren").text


def test_a_version_tells_what_it_changed(studio: Studio):
    draft = studio.edit()
    renamed(studio, draft)
    studio.post(f"{draft}/publiceren", reden="Een naam")
    second = studio.version().version
    answer = studio.client.get(f"/studio/versies/{second}/verschil", follow_redirects=True)
    assert "Bel de huisarts" in answer.text


def test_the_pictures_get_each_side_as_it_was(studio: Studio):
    draft = studio.edit()
    renamed(studio, draft)
    now = studio.client.get(f"{COMPARE}/bestand?bron={reference(draft)}&pad=p.bpmn")
    before = studio.client.get(
        f"{COMPARE}/bestand?bron=versies/{studio.version().version}&pad=p.bpmn"
    )
    assert b"Bel de huisarts" in now.get_data()
    assert b"Bel de huisarts" not in before.get_data()


def test_a_file_goes_back_to_an_earlier_save_and_nothing_of_the_history_goes(
    studio: Studio,
):
    draft = studio.edit()
    readme = f"{draft}/bestanden/README.md"
    studio.put(draft, "README.md", b"eerst", seen=1)
    studio.put(draft, "README.md", b"daarna", seen=2)
    back = {"bestand": "README.md", "gezien": 3}
    studio.post(f"{draft}/bewaringen/1/terug", **back)
    assert studio.client.get(readme).get_data() == b""
    studio.post(f"{draft}/bewaringen/3/terug", **back)  # as it was seen: somebody was first
    assert studio.client.get(readme).get_data() == b""
    page = studio.client.get(f"{draft}/bewaringen?bestand=README.md").text
    assert "Iemand anders heeft dit bestand intussen veranderd" in page
    changed = studio.client.get(
        f"{COMPARE}?van={reference(draft)}@1&naar={reference(draft)}@3&bestand=README.md"
    )
    assert "<ins>daarna</ins>" in changed.text


def test_two_people_in_one_file_see_what_each_of_them_changed(studio: Studio):
    draft = studio.edit()
    studio.put(draft, "README.md", b"van de ander", seen=1)
    answer = studio.client.post(
        f"{draft}/botsing/README.md?gezien=1",
        data=b"van mij",
        headers={"X-CSRFToken": studio.token},
    )
    assert "<ins>van de ander</ins>" in answer.text
    assert "<ins>van mij</ins>" in answer.text
    assert studio.client.get(f"{draft}/bestanden/README.md").get_data() == b"van de ander"


def test_a_package_tells_who_owns_it_and_what_became_of_its_versions(
    studio: Studio,
    screens: Screens,
):
    draft = studio.edit()
    renamed(studio, draft)
    studio.post(f"{draft}/publiceren", reden="Een naam erbij")
    second, page = studio.version().version, f"{LIBRARY}/proef"
    olga = screens.region.users["olga"]
    studio.post(f"{page}/eigenaar", eigenaar=str(olga))
    studio.post(f"{page}/eigenaar", eigenaar=str(screens.region.users["wilma"]))
    told = studio.client.get(page).text
    assert "Een naam erbij" in told
    assert "Kies een proceseigenaar" in told
    assert owners.owner_of(studio.session, "proef") == olga

    studio.post(f"/studio/versies/{second}/gebruik", reden=" ")
    assert studio.version().number == 2
    studio.post(f"/studio/versies/{second}/gebruik", reden="Te vroeg")
    assert studio.version().number == 1
    assert "Te vroeg" in studio.client.get(page).text
    assert studio.client.get(f"/studio/versies/{second}/gebruik").status_code == 200
    studio.post(f"/studio/versies/{second}/gebruik", reden="Nu wel", gebruik="weer")
    assert studio.version().number == 2
    assert studio.client.get(f"/studio/versies/{second}.zip").data[:2] == b"PK"
    for missing in (f"{LIBRARY}/nee", "/studio/versies/x.zip", "/studio/versies/x/gebruik"):
        assert studio.client.get(missing).status_code == 404


def test_what_is_not_there_is_a_404(studio: Studio):
    draft = reference(studio.edit())
    for query in (
        "", "naar=iets", "naar=versies/onbekend", "naar=concepten/geen-id",
        f"naar=concepten/{uuid4()}", "naar=concepten/@1", f"naar={draft}@nul", f"naar={draft}@0",
        f"naar={draft}&van=versies/", f"naar={draft}&van=%C3%28",
    ):  # fmt: skip
        assert studio.client.get(f"{COMPARE}?{query}").status_code == 404, query


def test_only_process_owners_compare(studio: Studio, screens: Screens):
    draft = reference(studio.edit())
    studio.client.post("/afmelden", data={"csrf_token": studio.token})
    screens.sign_in("wilma")
    assert studio.client.get(f"{COMPARE}?naar={draft}").status_code == 403
    assert studio.client.get(f"{COMPARE}/bestand?bron={draft}&pad=p.bpmn").status_code == 403


def test_where_it_is_wanted_a_colleague_approves_and_nobody_their_own(
    studio: Studio,
    screens: Screens,
):
    session, region = studio.session, screens.region
    olga = session.get_one(User, region.users["olga"])
    colleague = add_user(
        session, name="Otto", email="otto@x.nl", organisation_id=olga.organisation_id, at=region.now
    )
    assign_role(
        session, colleague.id, SystemRole.PROCESS_OWNER, olga.organisation_id, at=region.now
    )
    set_password(session, colleague, PASSWORD, at=region.now)
    region.users["otto"] = colleague.id
    session.commit()
    _as(studio, screens, "adam", "/beheer/pakketten")
    careful = session.get_one(Organisation, olga.organisation_id)
    assert careful.name in studio.client.get("/beheer/pakketten").text
    studio.post("/beheer/tweede-ogen", organisatie=careful.name, wens="ja")
    studio.post("/beheer/tweede-ogen", organisatie="niemand", wens="ja")
    _as(studio, screens, "olga", LIBRARY)
    draft = studio.edit()
    renamed(studio, draft)
    page = f"{draft}/publiceren"

    studio.post(page, reden="Een naam")
    assert studio.version().number == 1
    studio.post(page, reden="Een naam erbij", vragen="ja")
    asked = _asked(session, draft)
    assert "Wacht op een collega" in studio.client.get(page).text
    studio.post(f"{draft}/goedkeuren", vraag=asked)
    refused = studio.post(f"{draft}/goedkeuren", vraag=asked, opmerking="Ik vind het goed")
    assert (refused.status_code, studio.version().number) == (422, 1)
    assert "Goedkeuren doet een collega" in refused.text

    _as(studio, screens, "otto", LIBRARY)
    assert "Bekijk en keur goed" in studio.client.get(LIBRARY).text
    assert "Een naam erbij" in studio.client.get(page).text
    studio.post(f"{draft}/terugsturen", vraag=asked, opmerking=" ")
    studio.post(f"{draft}/goedkeuren", vraag="geen id")
    studio.post(f"{draft}/goedkeuren", vraag=asked)
    assert "Goedgekeurd door Otto" in studio.client.get(page).text
    studio.post(page, goedgekeurd="ja")
    assert (studio.version().number, studio.version().reason) == (2, "Een naam erbij")


def _as(studio: Studio, screens: Screens, name: str, page: str) -> None:
    """Go on as somebody else."""
    studio.client.post("/afmelden", data={"csrf_token": studio.token})
    screens.sign_in(name)
    studio.token = screens.token(page)


def _asked(session: Session, draft: str) -> str:
    session.expire_all()
    request = approvals.standing(session, UUID(draft.rpartition("/")[2])).request
    assert request is not None
    return str(request.id)
