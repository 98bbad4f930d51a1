"""A whole region in the database: many thousands of real trajectories."""
