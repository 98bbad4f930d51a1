"""Worker: my tasks, the task page with its form, drafts, claiming."""
