"""The worker of the queue: Procrastinate on a thread of its own, beside the sweep.

Procrastinate fetches (``SKIP LOCKED``), listens, counts attempts and schedules the next one. What
is done with a job is the desk's. Jobs that are done leave the queue; what was sent is on record.
Whatever goes wrong here, also a database that is away, is logged and begun again after a while.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from engine.runtime.outward_desk import OutwardDesk
from engine.runtime.outward_queue import QUEUE, TASK, take_up_again
from engine.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from procrastinate import App

log = structlog.get_logger("ketenspoor.outward")

AT_ONCE = 4
"""How many messages one worker sends at the same time: one slow receiver holds up no other."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker does what, in seconds.

    Attributes:
        look: looks for jobs, for what nobody announced.
        alive: shows that it lives.
        silent: after so long without a sign of life it counts as gone.
        endless: what takes longer has ended without the queue being told.
        rest: before it begins again after it broke off.
    """

    look: float = 5.0
    alive: float = 10.0
    silent: float = 40.0
    endless: float = 900.0
    rest: float = 5.0


Errand = Callable[..., datetime | None]
"""Other work of the queue: gets the job's arguments; says when to try again, ``None`` if done."""


class OutwardWorker:
    """Carries out what is in the queue from ``start`` until ``stop``.

    ``errands`` are tasks beside that of tokens, by name.
    """

    def __init__(
        self,
        database: Engine,
        desk: OutwardDesk,
        pace: Pace | None = None,
        errands: Mapping[str, Errand] | None = None,
    ) -> None:
        self._database = database
        self._desk = desk
        self._pace = pace or Pace()
        self._errands = errands or {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = threading.Event()
        self._wake: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="outward", daemon=True)

    def start(self) -> None:
        """Begin on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End when what is being sent has been sent, or was given up."""
        self._stopped.set()
        loop, wake = self._loop, self._wake
        if loop is not None and wake is not None:
            with contextlib.suppress(RuntimeError):  # it had ended by itself
                loop.call_soon_threadsafe(wake.set)
        self._thread.join()

    def drain(self) -> None:
        """Do what is due now, here, and return."""
        asyncio.run(self._rounds(self._app(), wait=False))

    # -- on the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        for quiet in ("procrastinate", "psycopg.pool"):  # they quote tracebacks; ours tell codes
            logging.getLogger(quiet).setLevel(logging.CRITICAL)
        asyncio.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(_tell)
        while not self._stopped.is_set():
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001 - a worker outlives what it works on
                log.error("outward-worker-failed", error=type(error).__name__)
            await _until(self._wake, self._pace.rest if not self._stopped.is_set() else 0)

    async def _work(self) -> None:
        """Work until told to stop, or until something of it ends by itself."""
        assert self._wake is not None
        app = self._app()
        async with app.open_async():
            work = asyncio.create_task(self._rounds(app, opened=True))
            others = (asyncio.create_task(self._wake.wait()), asyncio.create_task(self._tidy()))
            await asyncio.wait((work, *others), return_when=asyncio.FIRST_COMPLETED)
            for task in (work, *others):
                task.cancel()
            ended = await asyncio.gather(work, *others, return_exceptions=True)
        for one in ended:
            if isinstance(one, Exception):
                raise one

    async def _rounds(self, app: App, *, wait: bool = True, opened: bool = False) -> None:
        if not opened:
            async with app.open_async():
                await self._rounds(app, wait=wait, opened=True)
            return
        await app.run_worker_async(
            queues=[QUEUE],
            wait=wait,
            concurrency=AT_ONCE,
            delete_jobs="successful",
            install_signal_handlers=False,
            fetch_job_polling_interval=self._pace.look,
            update_heartbeat_interval=self._pace.alive,
            stalled_worker_timeout=self._pace.silent,
        )

    async def _tidy(self) -> None:
        """Take up again what other workers left behind."""
        while True:
            try:
                await asyncio.to_thread(self._take_up_again)
            except SQLAlchemyError as error:
                log.error("outward-tidying-failed", error=type(error).__name__)
            await asyncio.sleep(self._pace.silent / 4)

    def _take_up_again(self) -> None:
        pace = self._pace
        with UnitOfWork(self._database) as session:
            count = take_up_again(session, silent=pace.silent, endless=pace.endless)
        if count:
            log.warning("outward-taken-up-again", jobs=count)

    def _app(self) -> App:
        """Procrastinate on connections of its own to the same database."""
        import procrastinate

        url = self._database.url.set(drivername="postgresql")
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=url.render_as_string(hide_password=False),
                kwargs={"application_name": "ketenspoor-queue", "options": "-c timezone=UTC"},
                min_size=1,
                max_size=3,
                timeout=5,
                reconnect_timeout=10,
            )
        )

        @app.task(name=TASK, queue=QUEUE, retry=_later())
        async def carry_out(instance_id: str, token_id: str, job_type: str) -> None:
            again = await asyncio.to_thread(self._desk.carry_out, UUID(instance_id), UUID(token_id))
            if again is not None:
                raise _NotYet(again)

        for name, errand in self._errands.items():
            app.task(name=name, queue=QUEUE, retry=_later())(_run_by(errand))
        return app


def _run_by(errand: Errand) -> Callable[..., Awaitable[None]]:
    async def run(**arguments: str) -> None:
        again = await asyncio.to_thread(errand, **arguments)
        if again is not None:
            raise _NotYet(again)

    return run


class _NotYet(Exception):
    """The attempt did not succeed; the next one is at ``at``."""

    def __init__(self, at: datetime) -> None:
        super().__init__("not yet")
        self.at = at


def _later() -> Any:
    """How Procrastinate is told when to try again: by who knows, else in a minute, without end."""
    from procrastinate import BaseRetryStrategy, RetryDecision
    from procrastinate.jobs import Job

    class Later(BaseRetryStrategy):
        def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
            if isinstance(exception, _NotYet):
                return RetryDecision(retry_at=exception.at)
            return RetryDecision(retry_in={"seconds": 60})

    return Later()


def _tell(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Something ended with an error that nobody waited for: a job whose end could not be told."""
    log.error("outward-worker-failed", error=type(context.get("exception")).__name__)


async def _until(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
