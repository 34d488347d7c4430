"""Migrations of the database, and what they have in common."""
