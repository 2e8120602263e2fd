"""Takes the text out of files that strangers made: Office files, PDF and mail (FED-7).

Belongs here: what a file is, how its bytes become text, and the process that does it. Not here:
what is personal in that text, and what is stored. Pure: no Django, no database.
"""
