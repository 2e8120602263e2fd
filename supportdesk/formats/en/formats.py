"""How lists and facts show a date and a time; a sentence spells them out (`cases.local_times`)."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
