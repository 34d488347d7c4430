"""What the council publishes: reading it from elsewhere, keeping it, and finding it back for an answer."""
