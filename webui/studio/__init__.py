"""Process owner: packages and their versions, read only for now."""
