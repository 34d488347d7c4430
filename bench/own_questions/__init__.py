"""How well own questions of a municipality are found by likeness."""
