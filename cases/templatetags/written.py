"""What every template may use: the one way to show what people wrote, and a time in a sentence."""

import datetime as dt
import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import local_times
from .. import text_html as text_as_html

register = template.Library()

register.filter("written", text_as_html.as_block)
register.filter("mail_lines", text_as_html.as_lines)
register.filter("linked", text_as_html.linked)
register.filter("in_mail", local_times.in_full)


@register.filter
def in_full(at: dt.datetime | None) -> SafeString | str:
    """A time in a sentence of a page; machines read it in UTC."""
    if at is None:
        return ""
    words = local_times.in_full(at)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), words)


@register.filter
def one_line(text: str) -> str:
    """The text without its line breaks: a paragraph of a mail, which its template wraps."""
    return re.sub(r"\s*\n\s*", " ", text.strip())
