"""The database is marked as one of this realm, once and for all."""

from django.conf import settings
from django.db import migrations, models

OTHERS = {"commercial": "F", "fedramp": "C"}


def mark(apps, schema_editor):
    # A database from before the mark tells its realm by the numbers of its cases.
    Case = apps.get_model("cases", "Case")
    if Case.objects.filter(number__startswith=OTHERS[settings.REALM] + "-").exists():
        raise RuntimeError(
            f"This database holds cases of the other realm, and this process is {settings.REALM}."
        )
    apps.get_model("fedramp", "RealmMark").objects.create(pk=1, realm=settings.REALM)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_search_index'),
        ('fedramp', '0006_session_marks'),
    ]

    operations = [
        migrations.CreateModel(
            name='RealmMark',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('realm', models.CharField(max_length=20)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='realm_mark_is_one_row')],
            },
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
