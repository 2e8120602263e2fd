"""Decisions as functions of plain values. No Django, no models, no reading of the time."""
