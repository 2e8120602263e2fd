"""Quarantined files: encrypted until a job has scrubbed them, or a second person reviewed them."""
