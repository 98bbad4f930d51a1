"""Reports: a filled-in form as a document that can be sent."""
