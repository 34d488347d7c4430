"""The web chat: API, pages and widget."""
