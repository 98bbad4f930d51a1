"""A condition that gives nothing says why, in sentences."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.execution.errors import ExpressionFailed
from engine.execution.variables import condition_holds

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_a_missing_name_is_named_in_a_sentence() -> None:
    with pytest.raises(ExpressionFailed) as refused:
        condition_holds("=ontbreekt > 3", {}, NOW, what="Voorwaarde van stroom f2")

    assert "'ontbreekt' bestaat hier niet." in refused.value.message
    assert "Reason(" not in refused.value.message
