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
from typing import Any

import psycopg
from sqlalchemy.orm import Session

from engine.access.models import SystemRole
from engine.access.people import add_organisation, add_user, assign_role
from engine.clock import SystemClock
from engine.definitions.publication import publish
from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from engine.store.schema import upgrade
from tests.chaos.checker import check
from tests.chaos.diagram import Pace, storm_package

ROOT = Path(__file__).resolve().parents[2]
ALIVE = "SELECT count(*) FROM process_instances WHERE status = 'active'"


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
        self._kill_all()
        self._look("middle")
        for name in self._names():
            self._start(name)
        self._blow(half)
        self._go_on()
        self._calm()
        self._kill_all()
        self._look("end")
        self._count()
        return self.outcome

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
        environment |= {"KETENSPOOR_VAR": str(self.var), "KETENSPOOR_SWEEP_SECONDS": "0.3"}
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
            with self._connect() as connection:
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
        """A process that ended by itself is a finding; it is started again."""
        for name, process in list(self._processes.items()):
            if process.poll() is not None:
                self.outcome.wrong.append(f"{name} ended by itself with {process.returncode}")
                self._start(name)

    # --- around it --------------------------------------------------------------------------------

    def _attach(self) -> None:
        server = EmbeddedServer(self.var)
        server.attach()
        self._servers.append(server)

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(EmbeddedServer(self.var).conninfo(), autocommit=True)

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
            with self._connect() as connection:
                (alive,) = connection.execute(ALIVE).fetchone() or (0,)
                (known,) = connection.execute("SELECT count(*) FROM trajectories").fetchone() or (
                    0,
                )
            if known >= self.plan.instances and not alive:
                self._tell(f"calm: all ended after {time.monotonic() - began:.1f} s")
                return
            time.sleep(0.2)
        self.outcome.wrong.append(
            f"{alive} instances of {known} trajectories ({self.plan.instances} referred) had not "
            f"ended {self.plan.calm_seconds:g} s after the storm"
        )

    def _look(self, when: str) -> None:
        with self._connect() as connection:
            self._wait_for_silence(connection)
            journals = [p.read_text("utf-8") for p in (self.var / "logs").glob("*.journal")]
            found = check(connection, self.plan.pace, journals)
            (alive,) = connection.execute(ALIVE).fetchone() or (0,)
        self._tell(f"{when}: {alive} instances under way, {len(found)} things wrong")
        self.outcome.wrong += [f"{when}: {line}" for line in found]

    def _wait_for_silence(self, connection: psycopg.Connection[Any]) -> None:
        """A killed client's last commit may still be under way in the server."""
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        deadline = time.monotonic() + 30
        while connection.execute(query).fetchone() != (0,) and time.monotonic() < deadline:
            time.sleep(0.05)

    def _count(self) -> None:
        queries = {
            "instances": "SELECT count(*) FROM process_instances",
            "audit lines": "SELECT count(*) FROM audit_events",
            "timers fired": "SELECT count(*) FROM audit_events WHERE type = 'triggered' OR "
            "(type = 'completed' AND element_id IN ('rust', 'pauze'))",
            "tasks completed": "SELECT count(*) FROM user_tasks WHERE status = 'completed'",
            "tasks withdrawn": "SELECT count(*) FROM user_tasks WHERE status = 'cancelled'",
        }
        with self._connect() as connection:
            for name, query in queries.items():
                self.outcome.numbers[name] = int((connection.execute(query).fetchone() or (0,))[0])
        said: Counter[str] = Counter()
        for journal in (self.var / "logs").glob("*.journal"):
            for line in journal.read_text("utf-8").splitlines():
                entry = json.loads(line) if line.endswith("}") else {"what": "cut off"}
                said[entry["what"]] += 1
                if entry["what"] == "problem":
                    self.outcome.wrong.append(f"{journal.name}: {line}")
        self.outcome.numbers |= {f"commands: {what}": count for what, count in said.items()}
