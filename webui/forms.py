"""What a page's script sends of a drawn form, and how refused answers go back to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import abort, request

from engine.families.trajectories import FormNotValid
from webui.languages import current_language


def given_answers() -> dict[str, Any]:
    """The answers of the request: ``{"data": {…}}`` in JSON; none from a plain form."""
    if not request.is_json:
        return {}
    sent = _sent()
    data = sent.get("data") if isinstance(sent, dict) else None
    if not isinstance(data, dict):
        abort(400)
    return data


def given_submission_id() -> UUID:
    """The id that the page chose for this submission, so that a repeat is recognised."""
    sent = _sent() if request.is_json else request.form
    value = sent.get("submission_id") if isinstance(sent, Mapping) else None
    try:
        return UUID(str(value))
    except ValueError:
        abort(400)


def _sent() -> Any:
    """The JSON of the request; ``None`` when it cannot be read."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # lists in lists in lists
        return None


def form_problems(refused: FormNotValid) -> list[dict[str, str]]:
    """The refused answers as the page's script shows them: field path, label and message."""
    language = current_language()
    return [
        {"path": path, "label": error.label, "message": error.text(language)}
        for path, error in refused.errors.items()
    ]
