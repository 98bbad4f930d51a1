"""The report of a safety concern as a document: what it holds, how it is tagged, who gets it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.models import AccessLogEntry
from engine.definitions.packages import load_package
from engine.definitions.published.publication import publish
from engine.families.file.documents import save_draft
from engine.families.models import Document, Family, FamilyMember
from engine.families.rights.visibility import relation_to
from engine.runtime.models import UserTask
from tests.integration.webui.test_starting_beside_on_screen import Screens, screens

__all__ = ["screens"]

MELDCODE = Path(__file__).resolve().parents[3] / "processes" / "gedeeld" / "meldcode"
START = "meldcode/zorg-om-veiligheid"
STORY = "Op 2 maart zag ik #blauwe plekken\nop *beide* armen, $ 5 \\ <x>."


@dataclass
class Report:
    """A family with a secret or open address, about which Wilma is about to report."""

    screens: Screens
    task_id: UUID
    mother: UUID
    child: UUID

    @property
    def answers(self) -> dict[str, Any]:
        return {
            "overWie": [str(self.child)],
            "anderen": "Een ongeboren kind",
            "meldFeiten": STORY,
            "meldDuiding": "Ik denk aan slaan.",
            "oudersIngelicht": "nee",
            "redenNietIngelicht": "Vader is dan gevaarlijk.",
            "meldKanaal": "meldinstantie",
            "ontvanger": "Dienstdoende Jansen",
            "gemeldOp": "2026-01-05T09:00",
            "zichtOp": "samen",
            "zichtAfspraak": "Wij gaan morgen langs.",
        }

    def complete(self) -> UUID:
        people = self.screens.people
        self.screens.services.casework.complete_task(
            people.actor("wilma"), self.task_id, self.answers
        )
        (document,) = [
            one for one in self.screens.rows(Document) if one.form_id == "meldcode-melding"
        ]
        return document.id

    def address(self, document_id: UUID) -> str:
        return f"/gezinnen/{self.screens.family_id}/formulieren/{document_id}/rapport.pdf"


@pytest.fixture
def report(screens: Screens, engine_db: Engine) -> Report:
    people = screens.people
    with Session(engine_db) as session:
        publish(session, load_package(MELDCODE), at=people.now)
        family = session.get_one(Family, screens.family_id)
        family.address, family.phone, family.language = "Lindelaan 7\n3511 AB", "06-1", "Arabisch"
        members = [
            FamilyMember(family_id=family.id, name=name, role=role, created_at=people.now)
            for name, role in (("Moeder Ahmadi", "moeder"), ("Kind Ahmadi", "kind"))
        ]
        session.add_all(members)
        session.flush()
        mother, child = (one.id for one in members)
        session.commit()
    screens.services.casework.start_beside(
        people.actor("wilma"), screens.trajectory_id, *START.split("/"), {"soortZorg": "acuut"}
    )
    (task,) = [one for one in screens.rows(UserTask) if one.element_id == "doe-melding"]
    return Report(screens, task.id, mother, child)


def pdf(client: Any, address: str) -> PdfReader:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    assert answer.mimetype == "application/pdf"
    return PdfReader(io.BytesIO(answer.data))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def tags(reader: PdfReader) -> list[str]:
    """The types of all structure elements, from the root down."""
    found: list[str] = []

    def visit(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                visit(one)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                visit(node["/K"])

    visit(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_it_holds_what_was_answered_and_who_it_is_about(report: Report) -> None:
    text = text_of(pdf(report.screens.of("wilma"), report.address(report.complete())))
    for part in (
        "Melding van een zorg om veiligheid", "Veilig Thuis", "Dienstdoende Jansen", "Wilma",
        "De Brug", "Familie Ahmadi", "Kind Ahmadi", "Lindelaan 7, 3511 AB", "Arabisch",
        "#blauwe plekken", "*beide*", "<x>", "Gemeld op", "Vader is dan gevaarlijk.",
        "Wij gaan morgen langs.",
    ):  # fmt: skip
        assert part in text, part


def test_it_holds_only_what_it_needs(report: Report) -> None:
    text = text_of(pdf(report.screens.of("wilma"), report.address(report.complete())))
    assert "Moeder Ahmadi" not in text
    assert "ontvangst" not in text
    assert "Concept" not in text


def test_a_secret_address_stays_out(report: Report) -> None:
    with Session(report.screens.database) as session:
        session.get_one(Family, report.screens.family_id).secret_address = True
        session.commit()
    text = text_of(pdf(report.screens.of("wilma"), report.address(report.complete())))
    assert "Lindelaan" not in text
    assert "geheim; alleen mondeling door te geven" in text


def test_it_is_tagged_for_reading_aloud_and_fit_to_be_kept(report: Report) -> None:
    reader = pdf(report.screens.of("wilma"), report.address(report.complete()))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    found = tags(reader)
    assert found.count("/H1") == 1
    assert {"/H2", "/P", "/Table", "/TH", "/TD", "/L", "/LI"} <= set(found)


def test_all_its_fonts_are_in_the_file(report: Report) -> None:
    reader = pdf(report.screens.of("wilma"), report.address(report.complete()))
    fonts = {
        font.get_object()["/BaseFont"]: font.get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("Libertinus" in name for name in fonts)
    for font in fonts.values():
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & descriptor.keys()


def test_neither_the_file_nor_its_address_names_the_family(report: Report) -> None:
    address = report.address(report.complete())
    answer = report.screens.of("wilma").get(address)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="melding.pdf"'
    assert "no-store" in answer.headers["Cache-Control"]
    reader = PdfReader(io.BytesIO(answer.data))
    assert "Ahmadi" not in str(reader.metadata)
    assert b"Ahmadi" not in reader.trailer["/Root"]["/Metadata"].get_data()


def test_a_draft_can_be_downloaded_from_the_task_and_says_so(report: Report) -> None:
    screens, wilma = report.screens, report.screens.people.actor("wilma")
    with Session(screens.database) as session:
        now = screens.people.now
        relation = relation_to(session, wilma, screens.trajectory_id, now)
        save_draft(
            session, wilma, screens.trajectory_id, report.task_id,
            {"meldFeiten": STORY, "overWie": [str(report.child)]}, relation=relation, now=now,
        )  # fmt: skip
        session.commit()
    client = screens.of("wilma")
    assert "/rapport.pdf" in client.get(f"/taken/{report.task_id}").get_data(as_text=True)
    text = text_of(pdf(client, f"/taken/{report.task_id}/rapport.pdf"))
    for part in ("Concept", "#blauwe plekken", "Veilig Thuis", "Kind Ahmadi"):
        assert part in text, part


def test_the_page_of_the_form_offers_it(report: Report) -> None:
    document_id = report.complete()
    address = report.address(document_id)
    page = report.screens.of("wilma").get(address.removesuffix("/rapport.pdf"))
    assert address in page.get_data(as_text=True)


def test_a_form_that_is_no_report_has_none(report: Report) -> None:
    (start,) = [one for one in report.screens.rows(Document) if one.form_id == "zorg-om-veiligheid"]
    client = report.screens.of("wilma")
    assert client.get(report.address(start.id)).status_code == 404
    page = client.get(f"/gezinnen/{report.screens.family_id}/formulieren/{start.id}")
    assert "rapport.pdf" not in page.get_data(as_text=True)


@pytest.mark.parametrize("name", ["wouter", "hanna", "verena"])
def test_who_may_not_read_the_file_gets_no_report_and_leaves_a_line(
    report: Report, name: str
) -> None:
    address = report.address(report.complete())
    client = report.screens.of(name)
    assert client.get(address).status_code == 403
    assert client.get(f"/taken/{report.task_id}/rapport.pdf").status_code == 403
    lines = [one for one in report.screens.rows(AccessLogEntry) if one.outcome == "refused"]
    assert next(one.object_type for one in lines) == "report"


def test_a_download_leaves_one_line_in_the_access_log(report: Report) -> None:
    address = report.address(report.complete())
    client = report.screens.of("wilma")
    before = len(report.screens.rows(AccessLogEntry))
    client.get(address)
    with Session(report.screens.database) as session:
        lines = session.scalars(select(AccessLogEntry).order_by(AccessLogEntry.id)).all()[before:]
    assert [(one.action, one.outcome, one.object_type) for one in lines] == [
        ("family.read", "allowed", "report")
    ]
