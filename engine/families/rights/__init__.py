"""Who may do what with whose data: rules, the one gate, and how far somebody reaches."""
