"""The scenarios of a draft or version: run all, and what they cover."""
