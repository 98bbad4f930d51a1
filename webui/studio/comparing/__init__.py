"""Two versions or drafts next to each other."""
