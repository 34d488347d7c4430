"""Whether the links that residents are given still lead somewhere."""
