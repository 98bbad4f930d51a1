"""What people start beside a trajectory: choosing the family, the form, and the links to it."""
