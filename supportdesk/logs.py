"""What is logged goes through the realm's cleaner too: logs are read by more people than cases."""

import logging

from cases import realm

_traces = logging.Formatter()


class Cleaned(logging.Filter):
    """Message and trace of each record are as the realm may show them; nothing is left out."""

    def filter(self, record: logging.LogRecord) -> bool:
        clean = realm.current().clean_log
        record.msg, record.args = clean(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _traces.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = clean(record.exc_text)
        return True
