"""The composition root of the web process: chat, desk and health on one port."""
