"""Forms in form-js JSON: read, check, and validate what is submitted."""

from engine.definitions.forms.form import Form, read_form

__all__ = ["Form", "read_form"]
