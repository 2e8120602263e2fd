"""Redaction (FED-1): every place with a stored text, and its removal beyond recovery."""
