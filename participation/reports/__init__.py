"""Papers for the council: the list of pieces received, and the report of what lives among residents."""
