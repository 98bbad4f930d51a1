"""The family file: people, consent, contacts, plan, agreements, handovers, documents."""
