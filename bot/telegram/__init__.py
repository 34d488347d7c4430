"""Telegram: updates come in through an inbox, answers go out through an outbox, the gateway is in between."""

CHANNEL = "telegram"
