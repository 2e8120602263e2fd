"""Redaction (FED-1): every place where a stored text is, and taking it out beyond recovery."""
