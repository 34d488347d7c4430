"""Measurements: each module is one, run by `./samenspel bench NAME`; its last line is one JSON object."""
