"""By which names people are looked for in texts: those that somebody else gave them (FED-7)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FIELDS = ("name", "phone")


def vouch(apps, schema_editor):
    """What the history says: the last name and number that somebody else wrote."""
    Person = apps.get_model("cases", "Person")
    History = apps.get_model("cases", "HistoricalPerson")
    Vouched = apps.get_model("fedramp", "VouchedIdentity")
    rows = []
    for person in Person.objects.order_by("pk").iterator():
        before, known = {}, {}
        past = History.objects.filter(id=person.pk).order_by("history_id")
        for row in past.values("history_user_id", *FIELDS):
            if row["history_user_id"] != person.pk:
                known |= {each: row[each] for each in FIELDS if before.get(each) != row[each]}
            before = row
        if not before:  # from before there was a history: nobody could have typed it himself
            known = {each: getattr(person, each) for each in FIELDS}
        rows.append(Vouched(person=person, **known))
    Vouched.objects.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ("fedramp", "0017_check_value_of_the_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VouchedIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(vouch, migrations.RunPython.noop, elidable=True),
    ]
