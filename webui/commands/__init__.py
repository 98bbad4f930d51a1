"""The commands of ``ketenspoor``, one module per subject."""
