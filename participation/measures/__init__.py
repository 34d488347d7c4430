"""What the state of an installation is, in figures for Prometheus: queues, delays, quality. Nothing about anybody."""
