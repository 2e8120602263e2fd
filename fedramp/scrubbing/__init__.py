"""Scrubbing (FED-7): the engine of `fedramp.scrubber` applied to texts, files, logs and pages."""
