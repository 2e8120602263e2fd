"""Decisions as functions of plain values. No Django, no models, no clock of their own."""
