"""The family file: what forms write into it, what it tells, how it is kept."""
