"""Cancelling a transaction: all inside it stops, what completed is undone, its border goes on.

BPMN 2.0, 10.2.6 and 13.2.2. An error that leaves the transaction undoes nothing. A repeated
transaction stops in all its rounds; what the round did that cancels is undone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.definitions.model import Element, Trigger
from engine.execution import compensation
from engine.execution.errors import UncaughtError
from engine.execution.tokens import Token
from engine.execution.triggering import start_boundary

if TYPE_CHECKING:
    from engine.execution.tree import TokenTree


def cancel(token: Token) -> bool | None:
    """A cancel end event was reached: stop everything beside it and begin to undo.

    From here on nothing but an error can take the transaction over.

    Raises:
        UncaughtError: the transaction has no cancel event on its border.
    """
    transaction = token.scope
    assert transaction is not None  # an event always lives in a scope
    if _border(transaction) is None:
        raise UncaughtError(
            "De annulering wordt niet opgevangen op de rand van de transactie.",
            "Zet een annuleringsgebeurtenis op de rand van de transactie.",
            element_id=token.element.id,
        )
    for scope in dict.fromkeys((_whole(transaction), transaction)):
        for other in scope.children:
            if other is not token and other is not transaction:
                token.workflow.terminate(other)
    transaction.internal_data["interrupted"] = True
    return compensation.begin_all(token, transaction)


def leave_by_border(execution: TokenTree, transaction: Token) -> None:
    """All is undone: the transaction is over, and its cancel event goes on."""
    border = _border(transaction)
    if border is not None and transaction.id in execution.tasks:
        start_boundary(_whole(transaction), border, {})


def _whole(transaction: Token) -> Token:
    """The transaction with all its rounds."""
    scope = transaction.scope
    return scope if "inner" in transaction.internal_data and scope is not None else transaction


def _border(transaction: Token) -> Element | None:
    borders = transaction.workflow.definition.boundaries(transaction.element.id)
    return next((b for b in borders if b.event and b.event.trigger is Trigger.CANCEL), None)
