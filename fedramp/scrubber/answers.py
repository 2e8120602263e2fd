"""The way from a question to its answer: a question mark, the end of a line, the next speaker."""

#: "... your date of birth?\n[14:02:58] Customer: it's "; after a cue, before the value.
ANSWER = (
    rb"(?:(?:[^\n?]{0,60}\?[^A-Za-z0-9\n]{0,4}\r?\n"
    rb"(?:[\[(]?[0-9][0-9:., \-/APMapm]{3,24}[\])]?[ \t\-]{0,3})?[^\n:>]{0,48}[:>][ \t]{1,3}"
    rb"|[^\n]{0,60}\r?\n(?:[\[(]?[0-9][0-9:., \-/APMapm]{3,24}[\])]?[ \t\-]{0,3}[^\n:>]{0,48}[:>]"
    rb"[ \t]{1,3}|[\[(]?[0-9][0-9:.]{3,12}[\])]?[ \t\-]{1,3}(?:S\d|spk_?\d"
    rb"|caller|customer|client|patient)[ \t]{1,3}"
    rb"|(?:customer|caller|client|visitor|user|guest|member|patient|cust|cte|cli|cliente|kunde"
    rb"|kundin|c|v|speaker \d|spk_?\d|s\d|b)[ \t]?[:>][ \t]{1,3}|-[ ]))"
    rb"(?:(?:yeah|yes|yep|sure|ok|okay|um|uh|it's|its|it is|that's|is|the|my|so|well|hi|why|haan"
    rb"|s\xed|si|ja|oui|sim|no)[ ,.]{1,3}){0,5})"
)
