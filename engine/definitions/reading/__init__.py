"""From BPMN XML to the process model, with line numbers."""
