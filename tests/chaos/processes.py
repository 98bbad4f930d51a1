"""The processes of a storm: workers, web processes, people, and the link to the second machine."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.store.embedded import ROLE, EmbeddedServer
from tests.chaos.commander import Order
from tests.chaos.plan import Plan
from tests.chaos.shifted import set_clock
from tests.chaos.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
TOLD = 2
"""The exit status of a command that says what is wrong."""
LINK, POST = "link-0", "post-0"
MAILBOX = "mails"
OURS = ("DATABASE_URL", "KETENSPOOR_")
PEOPLE = ("commander", "visitor")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    user: str
    email: str
    password: str


class Processes:
    """Every process by its name, such as ``worker-0``; a name outlives those who bear it."""

    def __init__(self, var: Path, plan: Plan) -> None:
        self._var, self._plan = var, plan
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started: Counter[str] = Counter()
        self._paused: list[tuple[float, subprocess.Popen[bytes]]] = []
        self._ports = _free_ports(plan.web + 2)
        self._people: list[Person] = []
        self._furthest = 0.0
        for name in self.names:
            set_clock(self._clock(name), 0)

    def introduce(self, people: list[Person]) -> None:
        """Who the commanders and visitors are, in their order."""
        self._people = people

    def visitor(self) -> Visitor:
        """Somebody at a browser of the test's own."""
        person = self._people[0]
        ports = self._ports[: self._plan.web]
        return Visitor(ports, person.email, person.password, random.Random(0))

    @property
    def names(self) -> list[str]:
        """All of them, in the order in which they are started."""
        plan = self._plan
        links = [POST] if plan.pace.mails else []
        links += [LINK] if plan.machines > 1 else []
        kinds = ("worker", plan.workers), ("web", plan.web)
        kinds += ("commander", plan.commanders), ("visitor", plan.visitors)
        return links + [f"{kind}-{number}" for kind, many in kinds for number in range(many)]

    def start_all(self) -> None:
        """Start every one."""
        for name in self.names:
            self.start(name)

    def start(self, name: str) -> None:
        """Start one that does not run."""
        self._started[name] += 1
        environment = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        folder, url = self._machine(name)
        folder.mkdir(exist_ok=True)
        environment |= {
            "KETENSPOOR_VAR": str(folder),
            "KETENSPOOR_SWEEP_SECONDS": "2",
            "KETENSPOOR_SECRET_KEY": "the same for all web processes",
            "KETENSPOOR_SMTP_URL": f"smtp+plain://127.0.0.1:{self._ports[-2]}",
            "KETENSPOOR_MAIL_FROM": "storm@storm.example",
            "KETENSPOOR_PUBLIC_URL": "http://localhost",
        } | ({"DATABASE_URL": url} if url else {})
        with (self._var / "logs" / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", *self._command(name)],
                cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """``kill -9``."""
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def kill_all(self) -> None:
        """End everything at once."""
        for name in list(self._running):
            self.kill(name)
        self._paused.clear()

    def pause(self, name: str, seconds: float) -> None:
        """Let it stand still; ``go_on`` lets it go on when that time is over."""
        process = self._running[name]
        process.send_signal(signal.SIGSTOP)
        self._paused.append((time.monotonic() + seconds, process))

    def go_on(self, now: float = float("inf")) -> None:
        """Let those whose pause is over by ``now`` go on."""
        for until, process in [p for p in self._paused if p[0] <= now]:
            self._paused.remove((until, process))
            process.send_signal(signal.SIGCONT)

    def shift(self, name: str, seconds: float) -> None:
        """Let its clock be off by so much."""
        self._furthest = max(self._furthest, seconds)
        set_clock(self._clock(name), seconds)

    def agree(self) -> None:
        """Let all clocks tell what the furthest of them ever told: all that was set is due then."""
        for name in self.names:
            set_clock(self._clock(name), self._furthest)

    def ended(self) -> list[tuple[str, int]]:
        """Who ended by itself, with its exit status."""
        found = [(name, process.poll()) for name, process in self._running.items()]
        return [(name, status) for name, status in found if status is not None]

    # --- how they are started ---------------------------------------------------------------------

    def _command(self, name: str) -> list[str]:
        kind, number = name.split("-")
        if name == LINK:
            server = EmbeddedServer(self._var)
            return ["tests.chaos.link", str(self._ports[-1]), f"{server.socket_dir}/.s.PGSQL.5432"]
        if name == POST:
            box, seed = self._var / MAILBOX, self._started[name]
            return ["tests.chaos.post", str(self._ports[-2]), str(box), str(seed)]
        shifted = ["tests.chaos.shifted", str(self._clock(name))]
        if kind == "worker":
            return [*shifted, "webui.cli", "worker"]
        if kind == "web":
            return [*shifted, "webui.cli", "web", "--port", str(self._ports[int(number)])]
        return [*shifted, "tests.chaos.commander", json.dumps(asdict(self._order(name)))]

    def _order(self, name: str) -> Order:
        plan, (kind, number) = self._plan, name.split("-")
        person = int(number) + (plan.commanders if kind == "visitor" else 0)
        folder, url = self._machine(name)
        return Order(
            var=str(folder),
            database_url=url,
            ports=self._ports[: plan.web] if kind == "visitor" else [],
            **asdict(self._people[person]),
            journal=str(self._var / "logs" / f"{name}.{self._started[name]}.journal"),
            seed=plan.seed * 100_000 + person * 1_000 + self._started[name],
            storm=plan.seed,
            part=person,
            parts=plan.commanders + plan.visitors,
            leaves=kind == "commander" and plan.visitors > 0,
            instances=plan.instances,
            closing=str(closing_file(self._var)) if plan.lasting else None,
            mends=str(closing_file(self._var)) if plan.mends and kind == "commander" else None,
        )

    def _machine(self, name: str) -> tuple[Path, str | None]:
        """The folder and the database's address on the machine that it runs on."""
        number = int(name.split("-")[1])
        if name in (LINK, POST) or number % self._plan.machines == 0:
            return self._var, None
        url = f"postgresql://{ROLE}@127.0.0.1:{self._ports[-1]}/{ROLE}"
        return self._var.with_name(f"{self._var.name}-2"), url

    def _clock(self, name: str) -> Path:
        return self._var / f"{name}.clock"


def closing_file(var: Path) -> Path:
    """While it is there, nobody refers new families."""
    return var / "closing"


def _free_ports(many: int) -> list[int]:
    sockets = [socket.socket() for _ in range(many)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        with closing(one):
            pass
    return ports
