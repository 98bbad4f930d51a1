"""A family of De Brug with a care meeting of the shared package, and the people who take part."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.sax.saxutils import quoteattr

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.clock import VirtualClock
from engine.definitions.packages import Package, load_package
from engine.definitions.published.publication import publish_all
from engine.families.casework import Casework
from engine.families.composition import process_workbench
from engine.families.models import Consent
from engine.runtime.models import Timer, UserTask
from tests.region import Region, region
from tests.rows import rows_of
from tests.screens import PASSWORD, application, let_all_sign_in
from tests.two_packages import call, form, manifest, package, process
from webui.services import Services

SHARED = Path(__file__).parent.parent / "processes" / "gedeeld" / "zorgoverleg"
FAMILY = "Familie Geheim"
ENTRY = """
[ingangen.aanmelding]
bericht = "aanmelding"
formulier = "verslag"
naam = {nl = "Aanmelding", en = "Referral"}
door = ["project_leader"]
"""


def method(called: str = "gedeeld-zorgoverleg", given: Mapping[str, Any] | None = None) -> Package:
    """A method that calls one shared process; it holds a care meeting for a joint plan."""
    given = {"doelOverleg": "gezamenlijk-plan"} if given is None else given
    asked = "".join(
        f'<zeebe:input source={quoteattr("=" + json.dumps(value))} target="{name}" />'
        for name, value in given.items()
    )
    mapped = f"<zeebe:ioMapping>{asked}</zeebe:ioMapping>" if asked else ""
    drawn = process("Traject", call(called, more=mapped), ids="roep").decode()
    by_message = '><bpmn:messageEventDefinition messageRef="M" /></bpmn:startEvent>'
    drawn = drawn.replace(
        '<bpmn:startEvent id="start" />', f'<bpmn:startEvent id="start"{by_message}'
    )
    end = "</bpmn:definitions>"
    drawn = drawn.replace(end, f'<bpmn:message id="M" name="aanmelding" />{end}')
    roles = {
        "vertrouwenspersoon": "worker",
        "projectleider": "project_leader",
        "ketencoordinator": "coordinator",
    }
    named = form("Hoe heet het gezin?").replace(
        b'"procesvariabele": "ja"', b'"dossier": "gezin.naam"'
    )
    files = {"t.bpmn": drawn.encode(), "formulieren/verslag.form": named}
    return package("methode", files, manifest("methode", **roles) + ENTRY)


@dataclass
class Office:
    """The product with the family; ``as_`` signs somebody in."""

    database: Engine
    place: Region
    casework: Casework
    app: Any
    family_id: UUID
    trajectory_id: UUID
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    @property
    def clock(self) -> VirtualClock:
        return self.place.clock

    def user(self, name: str) -> str:
        return str(self.place.users[name])

    def email(self, name: str) -> str:
        with Session(self.database) as session:
            return session.get_one(User, self.place.users[name]).email

    def withdraw_all(self) -> None:
        """The family takes back every consent that it gave."""
        with Session(self.database) as session:
            given = session.scalars(rows_of(Consent).where(Consent.agreed)).all()
        for consent in given:
            self.casework.withdraw_consent(self.actor("paula"), consent.id)

    def actor(self, name: str) -> Any:
        with Session(self.database) as session:
            self.place.session = session
            return self.place.actor(name)

    def tasks(self, element_id: str | None = None) -> list[UserTask]:
        query = rows_of(UserTask).where(UserTask.status == "open")
        if element_id is not None:
            query = query.where(UserTask.element_id == element_id)
        with Session(self.database) as session:
            return list(session.scalars(query))

    def do(self, name: str, element_id: str, **answers: Any) -> None:
        """Complete the first open task of an element as somebody, a minute later."""
        self.clock.advance_to(self.clock.now() + timedelta(minutes=1))
        task = self.tasks(element_id)[0]
        self.casework.complete_task(self.actor(name), task.id, answers)

    def fire_due(self) -> None:
        """Fire the timers that are due."""
        while True:
            with Session(self.database) as session:
                due = session.scalars(
                    select(Timer)
                    .where(Timer.due_at <= self.clock.now())
                    .order_by(Timer.due_at, Timer.token_id)
                ).first()
                if due is None:
                    return
                runtime = process_workbench(session, self.clock).runtime
                runtime.fire_timer(due.instance_id, due.token_id)
                session.commit()

    def client(self, name: str) -> FlaskClient:
        """The browser of somebody, signed in."""
        if name not in self.clients:
            client = self.app.test_client()
            email = self.email(name)
            page = client.get("/aanmelden").get_data(as_text=True)
            token = re.search(r'name="csrf-token" content="([^"]+)"', page)
            assert token
            given = {"csrf_token": token[1], "gebruikersnaam": email, "wachtwoord": PASSWORD}
            client.post("/aanmelden", data={**given, "verder": "/"})
            self.clients[name] = client
        return self.clients[name]

    def page(self, name: str, address: str) -> str:
        answer = self.client(name).get(address)
        assert answer.status_code == 200, answer.status
        return answer.get_data(as_text=True)


def office(database: Engine) -> Office:
    """A family that was referred, for whom a meeting is to be prepared."""
    with Session(database, expire_on_commit=False) as session:
        place = region(session)
        let_all_sign_in(session)
        publish_all(session, [method(), load_package(SHARED)], at=place.now)
        session.commit()
        casework = Casework(database, place.clock)
        services = Services(database=database, clock=place.clock, casework=casework)
        app = application(services)
        ref = casework.refer(place.actor("paula"), "methode", "aanmelding", {"gezegd": FAMILY})
        place.file().involve(
            ref.trajectory_id, "vertrouwenspersoon", place.users["wilma"], beside=False,
            at=place.now,
        )  # fmt: skip
        session.commit()
        return Office(database, place, casework, app, ref.family_id, ref.trajectory_id)


def plan(made: Office, **more: Any) -> Mapping[str, Any]:
    """How the meeting is prepared: Petra on money and upbringing, a neighbour on upbringing."""
    return {
        "overlegNodig": "ja",
        "overlegWanneer": (made.clock.now() + timedelta(days=14)).isoformat(),
        "overlegPlaats": "Buurthuis De Linde",
        "overlegVoorzitter": "Paula",
        "gezinAanwezig": "ja",
        "overlegWoordvoerder": "De moeder",
        "deelnemers": [
            {"persoon": made.user("petra"), "onderwerpen": ["huishouding", "opvoeding"]},
            {"naam": "Buurvrouw Ria", "onderwerpen": ["opvoeding"]},
        ],
        "agenda": [
            {"onderwerp": "huishouding", "punt": "De schulden op een rij"},
            {"onderwerp": "opvoeding", "punt": "Rust voor het slapen"},
        ],
        **more,
    }
