"""Understanding Dutch text. Runs in both worlds: Python 3.10, no database, no settings."""
