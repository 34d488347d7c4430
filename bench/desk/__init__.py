"""How fast the griffie's work list is with 100,000 contributions."""
