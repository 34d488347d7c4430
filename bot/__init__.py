"""The ways in: the gateway that all channels share, the web chat, and Telegram."""
