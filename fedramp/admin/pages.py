"""The pages of this app are made as those of the cases are."""

from cases.admin.pages import REFUSED, address, check, finish, form_page, posted

__all__ = ["REFUSED", "address", "check", "finish", "form_page", "posted"]
