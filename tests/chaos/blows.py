"""What befalls the processes and the database of a storm.

Which blow falls on whom comes from the seed; when exactly, from the machine.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.chaos.aftermath import connected
from tests.chaos.plan import Plan
from tests.chaos.processes import LINK, PEOPLE, TOLD, Processes

SERVER_ENDS = {"kill": signal.SIGKILL, "immediate": signal.SIGQUIT, "restart": signal.SIGINT}


class Blows:
    """Strikes until its time is over."""

    def __init__(
        self, var: Path, plan: Plan, processes: Processes, attach: Callable[[], None]
    ) -> None:
        self._var, self._plan, self._processes, self._attach = var, plan, processes, attach
        self._random = random.Random(plan.seed)
        self.counted: Counter[str] = Counter()
        self.wrong: list[str] = []

    def fall(self, seconds: float) -> None:
        """One blow after the other, that to the server among them, however slow the machine is."""
        end = time.monotonic() + seconds
        server_at = time.monotonic() + min(self._plan.server_every, seconds / 2)
        ended = False
        while (now := time.monotonic()) < end or not ended:
            self._processes.go_on(now)
            self.mourn()
            if now >= server_at:
                ended = True
                server_at = now + self._plan.server_every
                self._end_server()
            else:
                self._strike()
            pause = min(
                time.monotonic() + self._plan.blow_every * self._random.uniform(0.3, 1.7), end
            )
            while time.monotonic() < pause:
                time.sleep(0.05)

    def mourn(self) -> None:
        """Start what ended by itself again, as a supervisor would.

        A process may say in words that it cannot start without its database; anything else is a
        finding.
        """
        for name, status in self._processes.ended():
            if status == TOLD:
                self.counted[f"{name.partition('-')[0]} found no database"] += 1
            else:
                self.wrong.append(f"{name} ended by itself with {status}")
            self._processes.start(name)

    def _strike(self) -> None:
        kinds = {"kill": 5, "drop": 4, "pause": 2, "clock": 4 if self._plan.jump else 0}
        blow = self._random.choices(list(kinds), list(kinds.values()))[0]
        name = self._random.choice(self._processes.names)
        kind = name.partition("-")[0]
        if blow == "drop":
            self._drop_connections()
            kind = ""
        elif blow == "kill":
            self._processes.kill(name)
            if name == LINK:  # a network that stays away for a while
                time.sleep(self._random.uniform(0, 2))
            self._processes.start(name)
        elif blow == "pause":
            self._processes.pause(name, self._random.uniform(0.5, 3))
        else:
            # mostly a little, sometimes a lot
            seconds = self._plan.jump * self._random.random() ** 4
            self._processes.shift(name, self._random.choice([-seconds, seconds]))
            kind = "of people" if kind in PEOPLE else kind
        self.counted[f"{blow} {kind}".strip()] += 1

    def _drop_connections(self) -> None:
        try:
            with connected(self._var) as connection:
                pids = connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY 1"
                ).fetchall()
                for (pid,) in self._random.sample(pids, (len(pids) + 1) // 2):
                    connection.execute("SELECT pg_terminate_backend(%s)", [pid])
        except psycopg.OperationalError:
            self.counted["drop missed"] += 1

    def _end_server(self) -> None:
        """End PostgreSQL, at once or in good order, and start it again."""
        how = self._random.choices(list(SERVER_ENDS), [4, 3, 3])[0]
        self.counted[f"server {how}"] += 1
        pid = int((self._var / "postgres" / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
        os.kill(pid, SERVER_ENDS[how])
        deadline = time.monotonic() + 60
        while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        self._attach()
