"""Ad-hoc sub-processes: a list says what begins inside, a condition when it has been enough."""

from __future__ import annotations

from engine.definitions.model import AdHoc, Flow, Kind
from engine.execution import variables
from engine.execution.activities import SubProcessSpec, open_scope_at
from engine.execution.errors import ExpressionFailed
from engine.execution.tokens import ElementSpec, Token
from engine.execution.waits import arm_event_subprocesses

_NOTHING = AdHoc()


class AdHocSpec(SubProcessSpec):
    """A scope that begins with what is chosen. ``to_do`` keeps what waits for its turn."""

    def enter(self, token: Token) -> bool | None:
        """Begin, or end: nothing that was chosen went on any more, and now the condition holds.

        What an event began inside since then stops, or is awaited, as all else is.
        """
        if not token.internal_data.pop("triggered", False):
            return super().enter(token)
        if not _of(token).cancel_remaining and token.has_live_children:
            return None
        for child in token.live_children:
            token.workflow.terminate(child)
        return True

    def work(self, token: Token) -> bool | None:
        """Open the scope with what is chosen, or where a person wants it to begin."""
        if "into" in token.internal_data:
            open_scope_at(token)
            return None
        chosen = _chosen(token)
        arm_event_subprocesses(token)
        if _of(token).sequential:
            token.internal_data["to_do"], chosen = chosen[1:], chosen[:1]
        for element_id in chosen:
            token.workflow.place(token.workflow.definition.spec(element_id), token)
        return None


def _of(scope: Token) -> AdHoc:
    return scope.element.ad_hoc or _NOTHING


def _chosen(token: Token) -> list[str]:
    """The ids with which it begins.

    Raises:
        ExpressionFailed: they are no list, none, or not all of elements that may begin.
    """
    text, execution = _of(token).active or "", token.workflow
    chosen = variables.evaluate_feel(
        text, variables.visible(token), execution.now, what="Elementen die beginnen"
    )
    can = {one.id for one in execution.definition.plain_starts(token.element.id)}
    if (
        not isinstance(chosen, list)
        or not chosen
        or any(not isinstance(one, str) or one not in can for one in chosen)
    ):
        raise ExpressionFailed(
            "De lijst met elementen die moeten beginnen is leeg, of noemt iets dat niet in dit "
            "deelproces begint.",
            f"Kies uit: {', '.join(sorted(can))}. Moet er niets gebeuren, sla het deelproces dan "
            "over met een keuze-gateway.",
            expression=text,
        )
    return chosen


def is_enough(token: Token, scope: Token, flows: list[Flow]) -> bool:
    """Whether the condition holds now that ``token`` is done and takes ``flows``.

    Raises:
        ExpressionFailed: the condition cannot be evaluated, or is neither true nor false.
    """
    ad_hoc = _of(scope)
    if ad_hoc.condition is None or token.element.triggered_by_event:
        return False
    if flows and not (ad_hoc.after_each and token.element.is_activity):
        return False
    return variables.condition_holds(
        ad_hoc.condition,
        variables.visible(scope),
        token.workflow.now,
        what="Stopvoorwaarde van het ad-hoc-deelproces",
    )


def go_on(scope: Token, enough: bool) -> None:
    """After something inside is done: end, begin the next, or wait until it has been enough."""
    execution, ad_hoc = scope.workflow, _of(scope)
    if scope.id not in execution.tasks:
        return
    if enough and ad_hoc.cancel_remaining:
        for child in scope.live_children:
            execution.terminate(child)
    if scope.has_live_children:
        return
    waiting = scope.internal_data.get("to_do")
    if scope.internal_data.get("interrupted"):  # an event took the place of all that was to do
        execution.finish_if_empty(scope)
    elif waiting and not enough:
        scope.internal_data["to_do"] = waiting[1:]
        execution.place(execution.definition.spec(waiting[0]), scope)
    elif enough or ad_hoc.condition is None:
        execution.finish_if_empty(scope)
    else:
        scope.internal_data["wait"] = {"kind": "condition", "text": ad_hoc.condition}


SPECS: dict[Kind, type[ElementSpec]] = {Kind.AD_HOC_SUB_PROCESS: AdHocSpec}
