"""Decision tables and models in DMN 1.3 to 1.5: read, check before publishing, evaluate.

model = engine.decisions.load(path.read_bytes())
model.evaluate("Niveau", {"aantal": 3})
"""

from engine.decisions.explanation import (
    DecisionTrace,
    Explanation,
    MatchedRule,
    Problem,
    TableTrace,
)
from engine.decisions.findings import Finding
from engine.decisions.model import Model, load
from engine.decisions.needs import Decision, InputNeed, OutputPromise

__all__ = [
    "Decision",
    "DecisionTrace",
    "Explanation",
    "Finding",
    "InputNeed",
    "MatchedRule",
    "Model",
    "OutputPromise",
    "Problem",
    "TableTrace",
    "load",
]
