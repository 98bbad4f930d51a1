"""Care meetings, their agreements and consent, and who directs a case."""
