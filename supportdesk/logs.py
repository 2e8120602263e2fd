"""Logs go through the realm's scrubber too: more people read logs than cases."""

import logging

from cases import realm
from cases.faults import fault_of

_traces = logging.Formatter()


class ScrubFilter(logging.Filter):
    """Message and traceback of each record are as the realm may show them.

    A refused request (4xx) is one line: its traceback would only show where our own code refuses.
    So is a fault of something that the desk depends on: a restarting database fails in a thousand
    places.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        scrub = realm.current().scrub_log
        fault = fault_of(record.exc_info[1]) if record.exc_info else None
        if fault or 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        record.msg, record.args = scrub(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _traces.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = scrub(record.exc_text)
        return True
