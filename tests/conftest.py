"""Fixtures that several layers share."""

import os

# Tests run as a demonstration: placeholder secrets are fine on loopback.
os.environ.setdefault("SAMENSPEL_DEMO", "true")
