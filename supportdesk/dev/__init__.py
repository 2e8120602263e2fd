"""Development on one machine: `make run`, its processes, and mail as files. Never deployed."""
