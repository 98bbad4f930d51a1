"""Administrator: incidents, package versions, users."""
