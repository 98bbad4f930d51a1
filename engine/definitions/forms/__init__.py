"""Forms in form-js JSON: read, check, and validate what is submitted."""

from engine.definitions.forms.form import Form, read_form
from engine.definitions.forms.messages import ValidationError
from engine.definitions.forms.model import Field, Option
from engine.definitions.forms.validation import Datasets, ValidationResult

__all__ = [
    "Datasets",
    "Field",
    "Form",
    "Option",
    "ValidationError",
    "ValidationResult",
    "read_form",
]
