"""Template filters of the pages on which contacts ask for help."""

from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from cases.rules.texts import dialled
from escalations import state_wording

register = template.Library()

register.filter("happened", state_wording.happened)
register.filter("reviewer", state_wording.reviewer)


@register.filter
def with_telephone(text: str) -> SafeString:
    """The text, with the telephone number of Product Support in it as a link that calls it."""
    phone = settings.SUPPORT_PHONE
    if not phone:
        return conditional_escape(text)
    link = format_html('<a href="tel:{}">{}</a>', dialled(phone), phone)
    return format_html_join(link, "{}", ((part,) for part in text.split(phone)))
