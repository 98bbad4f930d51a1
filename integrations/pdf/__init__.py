"""Documents as PDF: tagged for reading aloud (PDF/UA-1) and fit to be kept (PDF/A-2a)."""
