"""Process packages: reading, checking, versions."""
