"""How many turns a second an installation answers, and how long residents wait meanwhile."""
