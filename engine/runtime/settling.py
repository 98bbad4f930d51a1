"""Settling: carrying out what touched instances ask for until every one of them is at rest."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Protocol

from engine.errors import KetenspoorError
from engine.execution.effects import (
    ChildCancelled,
    ChildRequested,
    DecisionRequested,
    Effect,
    ErrorPropagated,
    EscalationPropagated,
    Happening,
    JobRequested,
    MessageThrown,
    PropertyReached,
    SignalThrown,
)
from engine.execution.errors import ConnectorCrashed, UncaughtError
from engine.execution.variables import stored
from engine.runtime.connectors import ConnectorCall, ConnectorRegistry
from engine.runtime.correlation import Correlation
from engine.runtime.errors import BpmnError, ChildEnded
from engine.runtime.motion import Motion, plain
from engine.runtime.store import Instance
from engine.runtime.undoing import Beyond

THROWN_MESSAGE_LIFE = timedelta(hours=1)
"""How long a message thrown by a diagram waits for its receiver; Camunda 8's default."""


class Listener(Protocol):
    """Who wants to know what a trajectory reaches."""

    def reached(self, business_key: str, properties: dict[str, str], at: datetime) -> None:
        """An element with properties of ours was entered."""
        ...

    def ended(self, business_key: str, status: str, at: datetime) -> None:
        """The main instance of a trajectory ended, ``completed`` or ``cancelled``."""
        ...


class Settlement:
    """Carries out effects: connectors, children, messages, what goes up to a parent."""

    def __init__(
        self,
        motion: Motion,
        correlation: Correlation,
        connectors: ConnectorRegistry,
        listener: Listener | None,
    ) -> None:
        self._motion = motion
        self._correlation = correlation
        self._connectors = connectors
        self._listener = listener

    def settle(self) -> None:
        """Go on until nothing moves."""
        moved = True
        while moved:
            moved = False
            for instance in self._motion.instances:
                effects = self._carry_out_all(instance)
                told = not instance.execution.effects  # what it did last goes before its end
                ended = told and self._report_end(instance)
                moved = moved or bool(effects) or ended
            received = self._correlation.receive_kept()
            if received:
                self._motion.beyond(Beyond.MESSAGE)
            moved = received or moved or self._take_up()

    def _carry_out_all(self, instance: Instance) -> list[Effect]:
        effects = instance.execution.take_effects()
        for effect in effects:
            self._carry_out(instance, effect)
        return effects

    def _take_up(self) -> bool:
        """Let go on what paused behind something it threw, now that everyone has heard it."""
        now = self._now
        return any(instance.execution.go_on(now) for instance in self._motion.instances)

    @property
    def _now(self) -> datetime:
        return self._motion.clock.now()

    def _carry_out(self, instance: Instance, effect: Effect) -> None:
        match effect:
            case Happening():
                self._motion.happened(instance, effect)
            case JobRequested():
                self._do_job(instance, effect)
            case DecisionRequested():
                self._decide(instance, effect)
            case ChildRequested():
                self._start_child(instance, effect)
            case ChildCancelled():
                child_id = self._motion.store.child_of(instance.id, effect.token_id)
                if child_id is not None:
                    self._motion.touch(child_id).execution.cancel(self._now)
            case MessageThrown(name, key, variables, kept):
                self._motion.beyond(Beyond.MESSAGE)
                life = THROWN_MESSAGE_LIFE if kept else timedelta(0)
                self._correlation.publish(name, key, variables, life)
            case SignalThrown(name, variables):
                self._motion.beyond(Beyond.MESSAGE)
                self._correlation.broadcast(name, variables, thrower=instance)
            case ErrorPropagated():
                self._propagate_error(instance, effect)
            case EscalationPropagated():
                self._propagate_escalation(instance, effect)
            case PropertyReached():
                if self._listener is not None and instance.business_key is not None:
                    properties = dict(effect.properties)
                    self._listener.reached(instance.business_key, properties, self._now)

    # -- connectors ----------------------------------------------------------------------------

    def _do_job(self, instance: Instance, job: JobRequested) -> None:
        execution, now = instance.execution, self._now
        if not instance.stands_at(job.token_id):
            return
        if self._connectors.defers(job.job_type):
            self._motion.beyond(Beyond.SENT)
            return
        if not self._connectors.reads(job.job_type):
            self._motion.beyond(Beyond.CONNECTOR)
        call = ConnectorCall(
            job.job_type,
            job.headers,
            job.variables,
            instance.business_key,
            instance.id,
            job.element_id,
            now,
            job.token_id,
            instance.package_version,
            instance.process_id,
        )
        try:
            whole = self._connectors.is_whole(call.job_type)
            savepoint = nullcontext() if whole else self._motion.store.savepoint()
            with self._motion.attempt(), savepoint:
                result = plain(self._connectors.call(call))
        except BpmnError as thrown:
            code = thrown.error_code
            given, outward = plain(thrown.variables), thrown.cause is None
            if not execution.throw_error(job.token_id, code, given, now, outward=outward):
                uncaught = thrown.cause or UncaughtError(
                    f"De fout '{code}' van de koppeling wordt nergens opgevangen.",
                    "Teken een foutgebeurtenis op de rand van de servicetaak.",
                    element_id=job.element_id,
                )
                execution.fail(job.token_id, uncaught, now)
        except KetenspoorError as error:
            execution.fail(job.token_id, error, now)
        except Exception as error:
            if self._motion.store.broke_off(error):
                raise  # not the connector's fault: the whole command is done again
            failed = ConnectorCrashed(
                f"De koppeling '{job.job_type}' liep vast ({type(error).__name__}).",
                "Het wordt vanzelf een paar keer opnieuw geprobeerd; blijft het misgaan, laat de "
                "beheerder het logboek bekijken.",
                element_id=job.element_id,
            )
            execution.fail(job.token_id, failed, now)
        else:
            execution.complete_work(job.token_id, result, now)

    def _decide(self, instance: Instance, wish: DecisionRequested) -> None:
        """Evaluate a decision of another package; what fails is an incident at the task."""
        if not instance.stands_at(wish.token_id):
            return
        execution, now = instance.execution, self._now
        try:
            value = self._motion.catalogue.decide(
                instance.package_version, wish.reference, wish.variables, now
            )
            name = wish.result_variable
            result = {name: stored(value, what="Beslissing")} if name else {}
        except KetenspoorError as error:
            execution.fail(wish.token_id, error, now)
        else:
            execution.complete_work(wish.token_id, result, now)

    # -- children and parents ------------------------------------------------------------------

    def _start_child(self, parent: Instance, wish: ChildRequested) -> None:
        if not parent.stands_at(wish.token_id):
            return
        try:
            version = self._motion.catalogue.provider(parent.package_version, wish.reference)
            self._motion.start(
                version,
                wish.reference.id,
                wish.variables,
                parent.business_key,
                None,
                parent=parent,
                token_id=wish.token_id,
            )
        except KetenspoorError as error:
            parent.execution.fail(wish.token_id, error, self._now)

    def _report_end(self, instance: Instance) -> bool:
        execution = instance.execution
        if execution.status == "active" or instance.reported_end:
            return False
        instance.reported_end = True
        if instance.is_main and self._listener is not None and instance.business_key is not None:
            self._listener.ended(instance.business_key, execution.status, self._now)
        if instance.parent_id is None or instance.parent_token_id is None:
            return True
        parent, token_id = self._motion.touch(instance.parent_id), instance.parent_token_id
        if not parent.stands_at(token_id):
            return True
        if execution.status == "completed":
            parent.execution.complete_work(token_id, plain(execution.variables), self._now)
        else:
            cancelled = ChildEnded(
                "Het aangeroepen proces is afgebroken.",
                "Probeer het opnieuw om het van voren af aan te beginnen.",
                process=instance.process_id,
            )
            parent.execution.fail(token_id, cancelled, self._now)
        return True

    def _propagate_error(self, thrower: Instance, effect: ErrorPropagated) -> None:
        """Throw at each caller in turn, the nearest first; uncaught, the thrower stands still."""
        child = thrower
        while child.parent_id is not None and child.parent_token_id is not None:
            parent = self._motion.touch(child.parent_id)
            if not parent.stands_at(child.parent_token_id):
                return  # the caller went on already: the child is about to be cancelled
            variables = plain(effect.variables)
            if parent.execution.throw_error(
                child.parent_token_id, effect.error_code, variables, self._now
            ):
                thrower.execution.cancel(self._now)  # it ends before what its error sets going
                self._carry_out_all(thrower)
                return
            child = parent
        if thrower.stands_at(effect.token_id):
            uncaught = UncaughtError(
                f"De fout '{effect.error_code}' wordt nergens opgevangen.",
                "Teken een foutgebeurtenis met deze code op de rand van de aanroep.",
            )
            thrower.execution.fail(effect.token_id, uncaught, self._now)

    def _propagate_escalation(self, thrower: Instance, effect: EscalationPropagated) -> None:
        """Escalate at the caller; what it does not catch it asks to bring further up itself."""
        if thrower.parent_id is None or thrower.parent_token_id is None:
            return
        parent = self._motion.touch(thrower.parent_id)
        if parent.stands_at(thrower.parent_token_id):
            variables = plain(effect.variables)
            parent.execution.escalate(
                thrower.parent_token_id, effect.escalation_code, variables, self._now
            )
