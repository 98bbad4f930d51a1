"""Who may do what: organisations, users, dated roles, logging in, and the access log."""
