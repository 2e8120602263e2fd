"""What the HTML of mails is made with."""

import re

from django import template
from django.utils.html import format_html_join, urlize
from django.utils.safestring import SafeString

register = template.Library()

ADDRESS = re.compile(r"://|\bwww\.|@")


@register.filter
def linked(text: str) -> SafeString:
    """The text, escaped, with its addresses as links: Django's `urlize`, where there is one.

    `urlize` takes each word apart, whatever the line holds, and made three quarters of the cost of
    a mail.
    """
    lines = text.split("\n")
    return format_html_join(
        "\n",
        "{}",
        ((urlize(line, autoescape=True) if ADDRESS.search(line) else line,) for line in lines),
    )
