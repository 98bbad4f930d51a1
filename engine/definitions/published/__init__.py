"""Published packages: versions, what they offer each other, who answers for them."""
