"""How templates show what people wrote: the only way for portal, admin, prints and mails."""

from django import template

from .. import text_html as text_as_html

register = template.Library()

register.filter("written", text_as_html.as_block)
register.filter("mail_lines", text_as_html.as_lines)
register.filter("linked", text_as_html.linked)
