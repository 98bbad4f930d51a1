"""How fast a decision table is: loading, checking, evaluating; beside SpiffWorkflow's DMN engine.

    python -m bench.decisions_bench

The table has 10 rules and 8 input columns. ``last rule`` is the worst case: every cell of every
rule before it is looked at. SpiffWorkflow (if installed) gets the same table with its Python
expressions; it knows no ranges, so that the cells are plain comparisons. bkflow-feel is measured
with FEEL itself: it has no decision tables.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from bench import Measurement
from engine import decisions

RULES = 10
COLUMNS = 8
NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table_xml(cell: Callable[[int, int], str]) -> bytes:
    """A UNIQUE table of which rule ``r`` tests every column with ``cell(r, column)``."""
    columns = "".join(
        f'<input id="I{c}" label="x{c}"><inputExpression id="E{c}" typeRef="number">'
        f"<text>x{c}</text></inputExpression></input>"
        for c in range(COLUMNS)
    )
    rules = "".join(
        f'<rule id="R{r}">'
        + "".join(
            f'<inputEntry id="C{r}_{c}"><text>{cell(r, c)}</text></inputEntry>'
            for c in range(COLUMNS)
        )
        + f'<outputEntry id="O{r}"><text>"rule {r}"</text></outputEntry></rule>'
        for r in range(RULES)
    )
    return (
        f'<?xml version="1.0"?><definitions xmlns="{NAMESPACE}" id="D" name="bench" '
        'namespace="http://camunda.org/schema/1.0/dmn"><decision id="Bench" name="Bench">'
        f'<decisionTable id="T" hitPolicy="UNIQUE">{columns}'
        '<output id="O" label="result" name="result" typeRef="string"/>'
        f"{rules}</decisionTable></decision></definitions>"
    ).encode()


def worst_cell(rule: int, column: int) -> str:
    """Only the last column tells the rules apart; no two cells are equal."""
    return f"= {rule}" if column == COLUMNS - 1 else f"&gt;= -{rule}"


def first_cell(rule: int, column: int) -> str:
    """The first column tells the rules apart, with ranges in the others."""
    return f"= {rule}" if column == 0 else "[0..100]"


def timed(action: Callable[[], object], seconds: float = 0.4, rounds: int = 5) -> float:
    """The median time of one call in microseconds."""
    action()
    start = time.perf_counter()
    action()
    count = max(1, int(seconds / rounds / max(time.perf_counter() - start, 1e-7)))
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(count):
            action()
        times.append((time.perf_counter() - start) / count)
    return statistics.median(times) * 1e6


def inputs(last: int) -> dict[str, Any]:
    """Values that match rule ``last`` in both tables."""
    return {
        f"x{column}": Decimal(last) if column in (0, COLUMNS - 1) else Decimal(5)
        for column in range(COLUMNS)
    }


def spiff_table(xml: bytes) -> Callable[[Mapping[str, Any]], object] | None:
    """The same table in SpiffWorkflow's DMN engine; None if it is not installed."""
    if importlib.util.find_spec("SpiffWorkflow") is None:
        return None
    from lxml import etree
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

    parser = DMNParser(None, etree.fromstring(xml), {"dmn": NAMESPACE}, filename="bench.dmn")
    parser.parse()
    engine = DMNEngine(parser.decision.decisionTables[0])
    script = PythonScriptEngine()

    class Task:
        """What the engine asks of a task: its data and its way to the script engine."""

        def __init__(self, data: dict[str, Any]) -> None:
            self.data = data
            self.workflow = type("Workflow", (), {"script_engine": script})()

    return lambda values: engine.result(Task(dict(values)))


def measure() -> Iterator[Measurement]:
    """The figures, ours first; 100 microseconds is what the product promises."""
    for title, cell in (("last column differs", worst_cell), ("ranges", first_cell)):
        xml = table_xml(cell)
        model = decisions.load(xml)
        yield Measurement(f"{title}: load", timed(lambda x=xml: decisions.load(x)), "us")
        yield Measurement(f"{title}: check", timed(model.check), "us")
        for name, rule in (("first rule", 0), ("last rule", RULES - 1)):
            values = inputs(rule)
            assert model.evaluate("Bench", values) == f"rule {rule}"
            taken = timed(lambda v=values, m=model: m.evaluate("Bench", v))
            yield Measurement(f"{title}: evaluate, {name}", taken, "us", limit=100)
            taken = timed(lambda v=values, m=model: m.evaluate("Bench", v, explain=True))
            yield Measurement(f"{title}: explain, {name}", taken, "us")
    spiff = spiff_table(table_xml(worst_cell).replace(b">= ", b">== "))
    if spiff is not None:
        for name, rule in (("first rule", 0), ("last rule", RULES - 1)):
            values = {key: int(value) for key, value in inputs(rule).items()}
            assert spiff(values) == {"result": f"rule {rule}"}
            taken = timed(lambda v=values: spiff(v))
            yield Measurement(f"last column differs: SpiffWorkflow, {name}", taken, "us")


def main() -> None:
    """Print the figures."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.platform()}")
    print(f"{os.cpu_count()} cores, {platform.processor() or platform.machine()}")
    print(f"command: {' '.join(sys.orig_argv)}")
    print(f"table: {RULES} rules x {COLUMNS} input columns\n")
    for found in measure():
        mark = "" if found.within else "  OVER"
        print(f"  {found.what:<50} {found.value:10.1f} {found.unit}{mark}")
    if importlib.util.find_spec("SpiffWorkflow") is None:
        print("\nSpiffWorkflow is not installed: not compared")


if __name__ == "__main__":
    main()
