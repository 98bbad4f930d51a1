"""Tables' common base, transactions, migrations and the database itself."""
