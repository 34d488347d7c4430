"""What lives in a municipality: how much, about what, from where, and how it was answered."""
