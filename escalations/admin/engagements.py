"""Cases with an engaged Product Support Manager (MGT-7): one's own list, and all."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.admin.queues import QueueAdmin
from cases.templatetags.staff import ago, severity_chip, state_chip, until

from ..models import ManagerEngagement


@admin.register(ManagerEngagement)
class ManagerEngagementAdmin(QueueAdmin):
    """A manager's queue: the open cases that engage them, the most severe first."""

    list_display = ("on", "severity", "state", "customer", "owner", "due", "manager", "engaged")
    list_select_related = ("case__organization__plan", "case__owner", "manager", "engaged_by")
    search_fields = ("case__number", "case__organization__name")
    search_help_text = "Case number or organization"

    @admin.display(description="Case")
    def on(self, engagement: ManagerEngagement) -> SafeString:
        """With the note that the manager got: it is only for staff."""
        case = engagement.case
        return format_html(
            '<a class="case-link" href="{}"><span class="number">{}</span> {}</a>'
            '<span class="quiet below">{}</span>',
            reverse("admin:cases_case_change", args=[case.pk]),
            case.number,
            case.subject,
            engagement.note,
        )

    @admin.display(description="Severity")
    def severity(self, engagement: ManagerEngagement) -> SafeString:
        return severity_chip(engagement.case)

    @admin.display(description="State")
    def state(self, engagement: ManagerEngagement) -> SafeString:
        return state_chip(engagement.case)

    @admin.display(description="Customer")
    def customer(self, engagement: ManagerEngagement) -> SafeString:
        organization = engagement.case.organization
        return format_html(
            '<div>{}<span class="quiet below">{}</span></div>', organization, organization.plan
        )

    @admin.display(description="Case Owner")
    def owner(self, engagement: ManagerEngagement) -> SafeString | str:
        owner = engagement.case.owner
        return str(owner) if owner else format_html('<em class="quiet">{}</em>', "nobody")

    @admin.display(description="Due next")
    def due(self, engagement: ManagerEngagement) -> SafeString | str:
        return until(engagement.case.next_due_at)

    @admin.display(description="Engaged")
    def engaged(self, engagement: ManagerEngagement) -> SafeString:
        return format_html(
            '<div>{}<span class="quiet below">by {}</span></div>',
            ago(engagement.engaged_at),
            engagement.engaged_by,
        )
