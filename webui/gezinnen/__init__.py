"""Family file: the family page, contact notes, consents, agreements, new referrals."""
