"""Process owners: packages and their versions, drafts, trying out, comparing, moving what runs."""
