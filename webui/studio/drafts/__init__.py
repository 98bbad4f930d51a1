"""Drafts of packages: the workbench, what was saved, what came in, publishing."""
