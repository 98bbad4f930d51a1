"""The storm: worker and command processes on one embedded PostgreSQL, and what befalls them.

Which blow falls on whom comes from the seed; when exactly, from the machine. Afterwards everything
is left in peace until all instances have ended, and the checker has the last word. It looks once
more in the middle, when every process has just been killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import psycopg
from sqlalchemy.orm import Session

from engine.access.models import SystemRole
from engine.access.people import add_organisation, add_user, assign_role
from engine.clock import SystemClock
from engine.definitions.publication import publish
from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from engine.store.schema import upgrade
from tests.chaos.aftermath import ROOT, UNDER_WAY, connected, counts, keep, look, number, put_back
from tests.chaos.diagram import Pace, storm_package

TOLD = 2
"""The exit status of a command that says what is wrong."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything. ``seconds`` is the length of the storm itself.

    ``server_every``: how long the database lives between two of its own ends, in seconds.
    """

    seconds: float
    instances: int
    workers: int = 2
    commanders: int = 2
    seed: int = 1
    server_every: float = 30
    calm_seconds: float = 120
    pace: Pace = field(default_factory=Pace)


@dataclass
class Outcome:
    """What befell, what came of it, and what is wrong."""

    blows: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Storm:
    """One storm in a folder of its own; as a context manager it leaves no process behind."""

    def __init__(self, var: Path, plan: Plan, tell: Callable[[str], None] = lambda _: None) -> None:
        self.var, self.plan, self._tell = var, plan, tell
        self.outcome = Outcome()
        self._random = random.Random(plan.seed)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._started: Counter[str] = Counter()
        self._paused: list[tuple[float, subprocess.Popen[bytes]]] = []
        self._servers: list[EmbeddedServer] = []

    def __enter__(self) -> Storm:
        (self.var / "logs").mkdir(parents=True)
        self._attach()
        self._set_up()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._kill_all()
        for server in self._servers:
            server.release()

    def run(self) -> Outcome:
        """The storm, a look in the middle, the calm after it, and the last look."""
        for name in self._names():
            self._start(name)
        half = self.plan.seconds / 2
        self._blow(half)
        self._keep()
        self._kill_all()
        self._look("middle")
        for name in self._names():
            self._start(name)
        self._blow(half)
        self._go_on()
        self._calm()
        self._kill_all()
        self._look("end")
        self.outcome.wrong += put_back(self.var, self.var / "kept.zip", self.plan.pace)
        self.outcome.numbers, problems = counts(self.var)
        self.outcome.wrong += problems
        return self.outcome

    def _look(self, when: str) -> None:
        found = look(self.var, self.plan.pace)
        with connected(self.var) as connection:
            alive = number(connection, UNDER_WAY)
        self._tell(f"{when}: {alive} instances under way, {len(found)} things wrong")
        self.outcome.wrong += [f"{when}: {line}" for line in found]

    def _keep(self) -> None:
        """A backup while everybody works."""
        self._go_on()
        keep(self.var, self.var / "kept.zip")
        self.outcome.blows["backup"] += 1

    # --- processes --------------------------------------------------------------------------------

    def _names(self) -> list[str]:
        workers = [f"worker-{n}" for n in range(self.plan.workers)]
        return [*workers, *(f"commander-{n}" for n in range(self.plan.commanders))]

    def _start(self, name: str) -> None:
        kind, _, number = name.partition("-")
        self._started[name] += 1
        if kind == "worker":
            arguments = ["webui.cli", "worker"]
        else:
            seed = self.plan.seed * 1000 + int(number) * 100 + self._started[name]
            journal = self.var / "logs" / f"{name}.{self._started[name]}.journal"
            arguments = ["tests.chaos.commander", str(self.var), str(self.var / "setup.json"),
                         str(journal), str(seed), number, str(self.plan.commanders)]  # fmt: skip
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        environment |= {"KETENSPOOR_VAR": str(self.var), "KETENSPOOR_SWEEP_SECONDS": "2"}
        with (self.var / "logs" / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def _kill(self, name: str) -> None:
        process = self._processes.pop(name)
        process.kill()
        process.wait()

    def _kill_all(self) -> None:
        for name in list(self._processes):
            self._kill(name)
        self._paused.clear()

    def _go_on(self, now: float = float("inf")) -> None:
        for until, process in [p for p in self._paused if p[0] <= now]:
            self._paused.remove((until, process))
            process.send_signal(signal.SIGCONT)

    # --- blows ------------------------------------------------------------------------------------

    def _blow(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        server_at = time.monotonic() + min(self.plan.server_every, seconds / 2)
        while (now := time.monotonic()) < end:
            self._go_on(now)
            self._mourn()
            if now >= server_at:
                server_at = now + self.plan.server_every
                self._end_server(hard=self._random.random() < 0.7)
            else:
                self._strike()
            pause = min(time.monotonic() + self._random.uniform(0.2, 1.2), end)
            while time.monotonic() < pause:
                time.sleep(0.05)

    def _strike(self) -> None:
        name = self._random.choice(sorted(self._processes))
        blow = self._random.choices(["kill", "drop", "pause"], [5, 4, 2])[0]
        self.outcome.blows[
            f"{blow} {name.partition('-')[0] if blow != 'drop' else ''}".strip()
        ] += 1
        if blow == "kill":
            self._kill(name)
            self._start(name)
        elif blow == "pause":
            process = self._processes[name]
            process.send_signal(signal.SIGSTOP)
            self._paused.append((time.monotonic() + self._random.uniform(0.5, 3), process))
        else:
            self._drop_connections()

    def _drop_connections(self) -> None:
        try:
            with connected(self.var) as connection:
                pids = connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY 1"
                ).fetchall()
                for (pid,) in self._random.sample(pids, (len(pids) + 1) // 2):
                    connection.execute("SELECT pg_terminate_backend(%s)", [pid])
        except psycopg.OperationalError:
            self.outcome.blows["drop missed"] += 1

    def _end_server(self, *, hard: bool) -> None:
        """End PostgreSQL, at once or in good order, and start it again."""
        self.outcome.blows["server " + ("kill" if hard else "restart")] += 1
        pid = int((self.var / "postgres" / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
        os.kill(pid, signal.SIGKILL if hard else signal.SIGINT)
        deadline = time.monotonic() + 30
        while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        self._attach()

    def _mourn(self) -> None:
        """Start what ended by itself again, as a supervisor would.

        A process may say in words that it cannot start without its database; anything else is a
        finding.
        """
        for name, process in list(self._processes.items()):
            if process.poll() is None:
                continue
            if process.returncode == TOLD:
                self.outcome.blows[f"{name.partition('-')[0]} found no database"] += 1
            else:
                self.outcome.wrong.append(f"{name} ended by itself with {process.returncode}")
            self._start(name)

    # --- around it --------------------------------------------------------------------------------

    def _attach(self) -> None:
        server = EmbeddedServer(self.var)
        server.attach()
        self._servers.append(server)

    def _set_up(self) -> None:
        engine, now = open_engine(None, self.var), SystemClock().now()
        upgrade(engine)
        with Session(engine) as session:
            place = add_organisation(
                session, name="De Storm", kind="uitvoerder", at=now, is_runner=True
            )
            user = add_user(
                session, name="Wilma", email="wilma@storm.example", organisation_id=place.id, at=now
            )
            assign_role(session, user.id, SystemRole.WORKER, place.id, at=now)
            publish(session, storm_package(self.plan.pace), at=now)
            session.commit()
            setup = {"user": str(user.id), "seed": self.plan.seed}
        close_engine(engine)
        setup["instances"] = self.plan.instances
        (self.var / "setup.json").write_text(json.dumps(setup), "utf-8")

    def _calm(self) -> None:
        """Wait until all have started and ended; whoever does not is left standing."""
        began = time.monotonic()
        while time.monotonic() < began + self.plan.calm_seconds:
            self._mourn()
            with connected(self.var) as connection:
                alive = number(connection, UNDER_WAY)
                known = number(connection, "SELECT count(*) FROM trajectories")
            if known >= self.plan.instances and not alive:
                self._tell(f"calm: all ended after {time.monotonic() - began:.1f} s")
                return
            time.sleep(0.2)
        self.outcome.wrong.append(
            f"{alive} instances of {known} trajectories ({self.plan.instances} referred) had not "
            f"ended {self.plan.calm_seconds:g} s after the storm"
        )
