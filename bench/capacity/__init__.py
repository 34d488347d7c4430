"""What an installation needs on election evening, worked out from what was measured."""
