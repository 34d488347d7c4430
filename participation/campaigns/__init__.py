"""Campaigns: asking residents something on purpose, and what came of it. One subject per module."""
