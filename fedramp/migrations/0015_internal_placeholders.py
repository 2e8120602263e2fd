"""The numbers of what contacts cannot read are apart from those of what they can (FEED-3)."""

import re

from django.db import migrations, models

PLACEHOLDER = re.compile(r"\[([A-Z][A-Z_]{1,19})-(\d{1,9})\]")


def sort_numbers(apps, schema_editor):
    """Numbers that stand in no text that contacts read are internal, where the case has such texts.

    The numbers themselves stay: the texts that name them do too. What stands in public files alone
    gets a number of its own when it is written again.
    """
    Placeholder = apps.get_model("fedramp", "Placeholder")
    Entry = apps.get_model("cases", "Entry")
    cases = Entry.objects.filter(visibility="internal").order_by()
    cases = cases.filter(case__in=Placeholder.objects.values("case")).values_list("case", flat=True)
    for case in set(cases):
        read = set()
        for text in texts_of(apps, case):
            read |= {(kind, int(number)) for kind, number in PLACEHOLDER.findall(text or "")}
        rows = Placeholder.objects.filter(case=case).values_list("pk", "kind", "number")
        hidden = [pk for pk, kind, number in rows if (kind, number) not in read]
        for at in range(0, len(hidden), 500):
            Placeholder.objects.filter(pk__in=hidden[at : at + 500]).update(is_internal=True)


def texts_of(apps, case):
    """Every text of the case that contacts read."""

    def columns(app, model, *names, **where):
        for row in apps.get_model(app, model).objects.filter(**where).values_list(*names):
            yield from row

    names = ("subject", "description", "business_impact", "conversation_id", "third_party_name")
    yield from columns("cases", "Case", *names, pk=case)
    yield from columns("cases", "Entry", "body", case=case, visibility="public")
    where = {"entry__case": case, "entry__visibility": "public"}
    yield from columns("cases", "Attachment", "name", **where)
    yield from columns("fedramp", "RemovalReport", "reason", "remark", case=case, said_by__is_staff=False)
    names = ("answers", "details", "impact", "next_steps", "decline_words", "closing_justification")
    yield from columns("escalations", "Escalation", *names, case=case)
    where = {"escalation__case": case, "visibility": "public"}
    yield from columns("escalations", "EscalationEntry", "body", **where)
    yield from columns("escalations", "OwnerReview", "answers", "details", "answer", case=case)
    names = ("customer_name", "problem", "region", "description", "impact", "product")
    yield from columns("escalations", "ManagementAttention", *names, case=case)


def join(apps, schema_editor):
    """One series again: of a value with two numbers the one that contacts read stays."""
    Placeholder = apps.get_model("fedramp", "Placeholder")
    public = Placeholder.objects.filter(
        is_internal=False, case=models.OuterRef("case"), digest=models.OuterRef("digest")
    )
    twice = Placeholder.objects.filter(models.Exists(public), is_internal=True)
    Placeholder.objects.filter(pk__in=list(twice.values_list("pk", flat=True))).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("fedramp", "0014_audit_seals"),
        ("cases", "0014_recomputing_tries_again"),
        ("escalations", "0004_names_as_in_the_side_bar"),
    ]

    operations = [
        migrations.AddField(
            model_name="placeholder",
            name="is_internal",
            field=models.BooleanField(default=False),
        ),
        migrations.RemoveConstraint(
            model_name="placeholder", name="placeholder_once_per_value"
        ),
        migrations.RunPython(sort_numbers, join, elidable=True),
        migrations.AddConstraint(
            model_name="placeholder",
            constraint=models.UniqueConstraint(
                fields=("case", "is_internal", "digest"), name="placeholder_once_per_value"
            ),
        ),
    ]
