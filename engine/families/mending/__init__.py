"""Mending what runs: what stands still, and the course that a person gives it."""
