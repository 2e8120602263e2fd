"""Of a case one request to management waits at a time (MGT-8)."""

from django.conf import settings
from django.db import migrations, models

#: What staff write beside a change says why, and answers nothing.
NO_ANSWER = ["severity", "opened", "platform", "single", "not_restored", "called"]
WHY = "job: migration escalations.0007"


def settle(apps, schema_editor):
    """Of the requests that were sent before, those wait that nobody answered: one of a case."""
    Request = apps.get_model("escalations", "ManagementAttention")
    later = {}
    for each in Request.objects.select_related("case").order_by("case", "-requested_at", "-pk"):
        answered_at = first_words(apps, each)
        if answered_at or each.case_id in later:
            each.state, each.settled_at = "answered", answered_at or later[each.case_id]
        elif each.case.closed_at:
            each.state, each.settled_at = "lapsed", each.case.closed_at
        later[each.case_id] = each.requested_at
        if each.settled_at:
            each.save(update_fields=["state", "settled_at"])
            write_history(apps, each)


def first_words(apps, request):
    """When staff first said something in public after it, in either feed."""
    said = {
        "visibility": "public",
        "author_side": "staff",
        "created_at__gt": request.requested_at,
    }
    Entry = apps.get_model("cases", "Entry")
    entries = Entry.objects.filter(case=request.case_id, **said).exclude(event__in=NO_ANSWER)
    Word = apps.get_model("escalations", "EscalationEntry")
    words = Word.objects.filter(escalation__case=request.case_id, **said)
    words = words.exclude(event="released")
    times = [
        rows.exclude(body="").aggregate(at=models.Min("created_at"))["at"]
        for rows in (entries, words)
    ]
    return min(filter(None, times), default=None)


def write_history(apps, request):
    History = apps.get_model("escalations", "HistoricalManagementAttention")
    History.objects.create(
        **{each.attname: getattr(request, each.attname) for each in request._meta.concrete_fields},
        history_date=request.settled_at,
        history_type="~",
        history_change_reason=WHY,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0020_released_cases_and_calls'),
        ('escalations', '0006_owners_who_left_and_requests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalmanagementattention',
            name='settled_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='historicalmanagementattention',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waits for an answer'), ('answered', 'Answered'), ('lapsed', 'Ended with the case')], default='waiting', editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name='managementattention',
            name='settled_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='managementattention',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waits for an answer'), ('answered', 'Answered'), ('lapsed', 'Ended with the case')], default='waiting', editable=False, max_length=10),
        ),
        migrations.AddConstraint(
            model_name='managementattention',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'waiting')), models.Q(('settled_at__isnull', False), ('state__in', ['answered', 'lapsed'])), _connector='OR'), name='attention_settled_has_its_time'),
        ),
        migrations.AddConstraint(
            model_name='managementattention',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('case',), name='attention_one_waits_on_a_case'),
        ),
    ]
