"""The workbench of process owners over HTTP: open, edit, check, publish, and what is refused."""

from __future__ import annotations

import io
import zipfile
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.definitions.drafts.models import PackageDraft
from engine.definitions.package_files import to_zip
from tests.integration.definitions.test_publication import a_package
from tests.screens import Screens
from tests.studio import LIBRARY, Studio


def test_a_version_is_edited_checked_and_published_with_a_reason(studio: Studio):
    draft = studio.edit()
    page = studio.client.get(draft)
    assert page.status_code == 200
    assert 'data-path="p.bpmn"' in page.text

    saved = studio.put(draft, "README.md", b"uitleg", seen=1)
    assert (saved.status_code, saved.json) == (200, {"revision": 2})
    assert studio.client.get(f"{draft}/controle").json is not None

    refused = studio.post(f"{draft}/publiceren", reden="  ")
    assert (refused.status_code, "Schrijf in één zin waarom" in refused.text) == (422, True)
    assert studio.version().number == 1
    done = studio.post(f"{draft}/publiceren", reden="Uitleg toegevoegd")
    assert done.location == LIBRARY
    assert (studio.version().number, studio.version().reason) == (2, "Uitleg toegevoegd")


def test_what_is_not_sound_is_not_published_and_each_finding_has_its_place(studio: Studio):
    draft = studio.edit()
    model = studio.client.get(f"{draft}/bestanden/p.bpmn").get_data()
    broken = model.replace(b'targetRef="a"', b'targetRef="nergens"')
    assert studio.put(draft, "p.bpmn", broken, seen=1).status_code == 200

    found = studio.client.get(f"{draft}/controle").json
    assert found
    assert all(one["message"] and one["file"] for one in found)
    refused = studio.post(f"{draft}/publiceren", reden="Het moet toch vandaag")
    assert (refused.status_code, "Het moet toch vandaag" in refused.text) == (422, True)
    assert studio.version().number == 1


def test_who_saves_over_a_colleague_is_told_and_nothing_is_overwritten(studio: Studio):
    draft = studio.edit()
    assert studio.put(draft, "README.md", b"eerst", seen=1).status_code == 200
    second = studio.put(draft, "README.md", b"daarna", seen=1)
    assert second.status_code == 409
    assert second.json["revision"] == 2
    assert studio.client.get(f"{draft}/bestanden/README.md").get_data() == b"eerst"


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("p.bpmn", b"\x00\xff geen xml", 200),
        ("pakket.toml", b"geen = [toml", 200),
        ("p.bpmn", b"", 200),
        ("formulieren/x.form", b"{", 200),
        ("x.exe", b"x", 422),
        ("..%2f..%2fx.bpmn", b"x", 422),
        ("a%00.md", b"x", 400),
    ],
)
def test_rubbish_is_kept_or_refused_and_the_workbench_still_opens(
    studio: Studio, path: str, content: bytes, status: int
):
    draft = studio.edit()
    known = studio.client.get(f"{draft}/bestanden/{path}").status_code == 200
    assert studio.put(draft, path, content, seen=1 if known else None).status_code == status
    assert studio.client.get(f"{draft}?bestand={path}").status_code in (200, 400)
    assert studio.client.get(f"{draft}/controle").status_code == 200
    assert studio.client.get(f"{draft}/keuzes").status_code == 200
    expected = 422 if status == 200 else 302  # what was kept is not sound
    assert studio.post(f"{draft}/publiceren", reden="x").status_code == expected


def test_a_modeller_is_offered_the_element_templates_as_they_are_written(studio: Studio):
    offered = studio.client.get(f"{studio.edit()}/keuzes").json["sjablonen"]
    by_id = {one["id"]: one for one in offered}
    assert by_id["nl.ketenspoor.contactritme"]["elementType"] == {"value": "bpmn:CallActivity"}


def test_the_check_of_a_draft_tells_of_a_template_that_is_not_there(studio: Studio):
    draft = studio.edit()
    model = studio.client.get(f"{draft}/bestanden/p.bpmn").get_data()
    marked = model.replace(
        b'id="a"',
        b'id="a" xmlns:zb="http://camunda.org/schema/zeebe/1.0" zb:modelerTemplate="nergens"',
        1,
    )
    assert studio.put(draft, "p.bpmn", marked, seen=1).status_code == 200
    rules = [one["rule"] for one in studio.client.get(f"{draft}/controle").json]
    assert "template-unknown" in rules


def test_a_zip_comes_in_as_a_draft_and_goes_out_as_the_same_zip(studio: Studio):
    files = dict(a_package("ander").files)
    sent = {"bestanden": (io.BytesIO(to_zip(files)), "pakket.zip")}
    answer = studio.client.post(
        "/studio/concepten",
        data={"csrf_token": studio.token, **sent},
        content_type="multipart/form-data",
    )
    out = studio.client.get(f"{answer.location}.zip")
    with zipfile.ZipFile(io.BytesIO(out.get_data())) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


@pytest.mark.parametrize("content", [b"geen zip", b"PK\x03\x04stuk"])
def test_a_broken_zip_is_refused_with_a_reason(studio: Studio, content: bytes):
    answer = studio.client.post(
        "/studio/concepten",
        data={"csrf_token": studio.token, "bestanden": (io.BytesIO(content), "pakket.zip")},
        content_type="multipart/form-data",
    )
    assert answer.location == LIBRARY
    assert "geen leesbare zip" in studio.client.get(LIBRARY).text


def test_a_single_diagram_of_another_tool_opens(studio: Studio):
    model = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" '
        b'targetNamespace="x"><process id="vreemd" isExecutable="true">'
        b'<startEvent id="s"/></process></definitions>'
    )
    answer = studio.client.post(
        "/studio/concepten",
        data={"csrf_token": studio.token, "bestanden": (io.BytesIO(model), "vreemd.bpmn")},
        content_type="multipart/form-data",
    )
    assert answer.location.startswith("/studio/concepten/")
    draft = answer.location.removesuffix("/geopend")
    assert 'data-path="vreemd.bpmn"' in studio.client.get(draft).text


def test_what_is_put_away_can_be_taken_up_again(studio: Studio):
    draft = studio.edit()
    studio.put(draft, "README.md", b"half af", seen=1)
    assert studio.post(f"{draft}/wegleggen").location == LIBRARY
    assert studio.put(draft, "README.md", b"verder", seen=2).status_code == 422
    assert studio.post(f"{draft}/oppakken").location == draft
    assert studio.put(draft, "README.md", b"verder", seen=2).status_code == 200
    lines = studio.client.get(f"{draft}/geschiedenis?bestand=README.md").json
    assert [line["revisie"] for line in lines] == [3, 1]


def test_only_process_owners_come_in_and_a_draft_that_is_not_there_is_a_404(
    studio: Studio,
    screens: Screens,
    engine_db: Engine,
):
    draft = studio.edit()
    assert studio.client.get(f"/studio/concepten/{uuid4()}").status_code == 404
    assert studio.client.get(f"{draft}/bestanden/niets.md").status_code == 404
    studio.client.post("/afmelden", data={"csrf_token": studio.token})
    screens.sign_in("wilma")
    token = screens.token("/taken")
    for path in (draft, f"{draft}/controle", f"{draft}/keuzes", f"{draft}.zip"):
        assert studio.client.get(path).status_code == 403
    denied = studio.client.put(
        f"{draft}/bestanden/README.md", data=b"x", headers={"X-CSRFToken": token, "If-Match": '"1"'}
    )
    assert denied.status_code == 403
    with Session(engine_db) as session:
        found = session.get_one(PackageDraft, UUID(draft.rpartition("/")[2]))
        assert found.revision == 1
        assert session.scalars(select(PackageDraft)).all() == [found]


def test_the_page_of_the_modeller_lets_it_style_itself_and_no_other_page_does(studio: Studio):
    draft = studio.client.get(studio.edit()).headers["Content-Security-Policy"]
    library = studio.client.get(LIBRARY).headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in draft
    assert "'unsafe-inline'" not in library.replace("style-src-attr 'unsafe-inline'", "")
    assert "script-src 'self';" in draft


def test_an_administrator_sees_the_versions_and_nothing_to_edit_them_with(
    studio: Studio,
    screens: Screens,
):
    assert 'action="/studio/concepten"' in studio.client.get(LIBRARY).text
    studio.client.post("/afmelden", data={"csrf_token": studio.token})
    screens.sign_in("adam")
    page = studio.client.get("/beheer/pakketten")
    assert "Versie 1" in page.text
    assert 'action="/studio/concepten"' not in page.text


def test_a_diagram_of_another_engine_tells_what_changed_and_what_to_decide(studio: Studio):
    model = (
        b'<?xml version="1.0" encoding="ISO-8859-1"?>\n'
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" '
        b'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x">\n'
        b'<process id="oud" isExecutable="true"><startEvent id="s"/>\n'
        b'<userTask id="bel" name="Bel \xe9\xe9n keer" camunda:candidateGroups="leider" '
        b'camunda:formKey="embedded:app:x.html"/>\n'
        b'<sequenceFlow id="f" sourceRef="s" targetRef="bel"/></process></definitions>'
    )
    answer = studio.client.post(
        "/studio/concepten",
        data={"csrf_token": studio.token, "bestanden": (io.BytesIO(model), "oud.bpmn20.xml")},
        content_type="multipart/form-data",
    )
    assert answer.location.endswith("/geopend")
    page = studio.client.get(answer.location).text
    assert "Bel één keer" in page
    assert "regel 4" in page
    assert "embedded:app:x.html" in page
    draft = answer.location.removesuffix("/geopend")
    assert "geopend" in studio.client.get(draft).text
    now = studio.client.get(f"{draft}/bestanden/oud.bpmn").text
    assert 'candidateGroups="leider"' in now
    assert "BPMNShape" in now
    assert studio.client.get(f"{draft}/bestanden/oud.bpmn?revisie=1").get_data() == model


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("foto.bpmn", b"\x89PNG\r\n", "afbeelding"),
        ("bom.bpmn", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "veiligheidsredenen"),
        ("visio.vsdx", b"PK\x03\x04", "Exporteren als BPMN 2.0"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_words(
    studio: Studio, name: str, content: bytes, said: str
):
    answer = studio.client.post(
        "/studio/concepten",
        data={"csrf_token": studio.token, "bestanden": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )
    assert answer.location == LIBRARY
    assert said in studio.client.get(LIBRARY).text


def test_the_modeller_gets_a_drawing_where_a_version_has_none(studio: Studio):
    draft = studio.edit()
    address = f"{draft}/bestanden/p.bpmn"
    assert "BPMNShape" not in studio.client.get(address).text
    assert "BPMNShape" in studio.client.get(f"{address}?getekend=ja").text


def test_an_opened_diagram_becomes_a_package_with_roles(studio: Studio):
    model = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" '
        b'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x">'
        b'<process id="oud" name="Bezoek" isExecutable="true"><startEvent id="s"/>'
        b'<userTask id="bel" camunda:candidateGroups="leider"/>'
        b'<sequenceFlow id="f" sourceRef="s" targetRef="bel"/></process></definitions>'
    )
    answer = studio.client.post(
        "/studio/concepten",
        data={"csrf_token": studio.token, "bestanden": (io.BytesIO(model), "oud.bpmn")},
        content_type="multipart/form-data",
    )
    draft = answer.location.removesuffix("/geopend")
    assert studio.post(f"{draft}/pakket").location.endswith("bestand=pakket.toml")
    manifest = studio.client.get(f"{draft}/bestanden/pakket.toml").text
    assert "[rollen.leider]" in manifest
    assert 'sleutel = "bezoek"' in manifest


def test_a_file_of_many_megabytes_is_read(studio: Studio):
    model = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        b'<process id="p"><documentation>' + b"a" * 3_000_000 + b"</documentation></process>"
        b"</definitions>"
    )
    heads = (
        b'name="csrf_token"\r\n\r\n' + studio.token.encode(),
        b'name="bestanden"; filename="groot.bpmn"\r\n\r\n' + model,
    )
    parts = [b"--x\r\nContent-Disposition: form-data; " + head + b"\r\n" for head in heads]
    answer = studio.client.post(
        "/studio/concepten",
        data=b"".join(parts) + b"--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert (answer.status_code, answer.location.startswith("/studio/concepten/")) == (302, True)


def test_a_scenario_is_helped_with_while_it_is_written(studio: Studio):
    draft = studio.edit()
    words = studio.client.get(f"{draft}/scenariowoorden").json
    assert "stappen" in words["sleutels"]["bestand"]
    found = studio.client.post(
        f"{draft}/scenariocontrole/scenarios/x.yaml",
        data=b"naam: x\nbegin: 2026-01-05\nstapen: []\n",
        headers={"X-CSRFToken": studio.token},
    ).json
    assert [(one["line"], one["remedy"]) for one in found] == [(3, "Bedoelde u ‘stappen’?")]


def test_help_with_a_scenario_stands_rubbish_in_the_package(studio: Studio):
    draft = studio.edit()
    studio.put(draft, "p.bpmn", b"\x00\xff geen xml", seen=1)
    studio.put(draft, "pakket.toml", b"geen = [toml", seen=1)
    assert studio.client.get(f"{draft}/scenariowoorden").status_code == 200
    told = studio.client.post(
        f"{draft}/scenariocontrole/x.yaml",
        data=b"\xff\xfe\x00",
        headers={"X-CSRFToken": studio.token},
    )
    assert (told.status_code, bool(told.json)) == (200, True)


def test_the_dictionary_of_the_modeller_comes_in_dutch_only(studio: Studio):
    draft = studio.edit()
    dutch = studio.client.get(f"{draft}?bestand=p.bpmn").text
    assert "app/studio/dutch/diagram.js" in dutch
    assert "app/studio/dutch/form.js" not in dutch
    studio.post("/taal", taal="en")
    assert "app/studio/dutch/" not in studio.client.get(f"{draft}?bestand=p.bpmn").text
