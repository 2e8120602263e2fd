"""What is logged goes through the realm's cleaner too: logs are read by more people than cases."""

import logging

from cases import realm

_traces = logging.Formatter()


class Cleaned(logging.Filter):
    """Message and trace of each record are as the realm may show them.

    A refused request (4xx) is one line: its trace would tell only where our own code refuses.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        clean = realm.current().clean_log
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        record.msg, record.args = clean(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _traces.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = clean(record.exc_text)
        return True
