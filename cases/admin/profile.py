"""Staff's own details: name, telephone, time zone, mails. Roles are given by others."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from cases.forms import ProfileForm
from cases.services.accounts import change_profile

from .base import actor_of, staff_of


class StaffProfileForm(ProfileForm):
    """The details that staff enter about themselves."""

    #: All cases of one's organizations: only for contacts.
    mail_all_cases = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = "With country code, so that colleagues can reach you."
        self.fields[
            "time_zone"
        ].help_text = "All times in the admin and in e-mails are shown in this zone."
        mails = self.fields["mail_my_cases"]
        mails.help_text = (
            "Tells you what customers write in cases that you own. You always get an e-mail when "
            "a case is assigned to you, and when one of your clocks is about to run out."
        )


def profile(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Shows and saves one's own profile; all staff have one."""
    person = staff_of(request)
    form = StaffProfileForm(request.POST or None, initial=StaffProfileForm.of(person))
    if request.method == "POST" and form.is_valid():
        change_profile(
            person_id=person.pk,
            actor=actor_of(request),
            now=timezone.now(),
            mail_all_cases=person.mail_all_cases,
            **form.cleaned_data,
        )
        messages.success(request, "Your profile has been saved.")
        return redirect("admin:profile")
    context = {
        **site.each_context(request),
        "title": "My profile",
        "form": form,
        "roles": person.groups.order_by("name"),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/cases/profile.html", context, status=status)
