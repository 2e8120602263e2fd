"""The reasons of the sources (HELP-2 to HELP-4), as data that operations administrators may edit."""

from django.db import migrations

ESCALATION, OWNER = "escalation", "owner_review"

# code, label, help, routing, about the analysis, details needed, prompts (question, required)
REASONS = [
    (
        "rca_overdue",
        "Root cause analysis overdue",
        "The analysis was asked for, and its time is over: 5 business days for a cloud deployment, 7 on premises.",
        ESCALATION,
        True,
        False,
        [("What do you need the analysis for, and by when?", False)],
    ),
    (
        "lack_of_progress",
        "Lack of progress",
        "The case is being worked on, and does not move.",
        ESCALATION,
        False,
        False,
        [("What progress did you expect?", True)],
    ),
    (
        "other",
        "Other",
        "Say in your own words why more attention is needed.",
        ESCALATION,
        False,
        True,
        [],
    ),
    (
        "urgency_changed",
        "Urgency/impact has changed",
        "The Case Owner reviews it. For another severity, see “Has it become more urgent?” on the page "
        "of the case.",
        OWNER,
        False,
        True,
        [("Since when, and for how many people?", False)],
    ),
    (
        "case_update",
        "Request a case update",
        "The Case Owner is asked to say where the case stands.",
        OWNER,
        False,
        False,
        [],
    ),
]


def load(apps, schema_editor):
    Reason = apps.get_model("escalations", "EscalationReason")
    for position, (code, label, words, routing, analysis, details, prompts) in enumerate(REASONS):
        reason = Reason.objects.create(
            code=code,
            label=label,
            help_text=words,
            routing=routing,
            concerns_analysis=analysis,
            needs_details=details,
            position=position,
        )
        for number, (question, required) in enumerate(prompts):
            reason.prompts.create(question=question, is_required=required, position=number)


def unload(apps, schema_editor):
    apps.get_model("escalations", "EscalationReason").objects.all().delete()


class Migration(migrations.Migration):
    replaces = [("escalations", "0002_reasons")]
    dependencies = [("escalations", "0001_tables")]
    operations = [migrations.RunPython(load, unload)]
