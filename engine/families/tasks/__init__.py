"""Tasks of people: whose they are, their lists, what they are about."""
