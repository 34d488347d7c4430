"""A channel behind somebody else's service, such as for WhatsApp or e-mail: signed messages over HTTP.

docs/kanalen.md tells what the service has to do.
"""

CHANNEL = "koppeling"
