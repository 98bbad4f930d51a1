"""What is different between two packages, in words that a colleague can approve. Pure."""

from engine.definitions.difference.model import (
    Cell,
    Change,
    Column,
    Detail,
    Difference,
    FileDifference,
    FileKind,
    Line,
    Row,
    Sort,
    Span,
    TableDifference,
)
from engine.definitions.difference.packages import compare, compare_files

__all__ = [
    "Cell",
    "Change",
    "Column",
    "Detail",
    "Difference",
    "FileDifference",
    "FileKind",
    "Line",
    "Row",
    "Sort",
    "Span",
    "TableDifference",
    "compare",
    "compare_files",
]
