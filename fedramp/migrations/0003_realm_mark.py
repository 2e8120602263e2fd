"""The database is marked as one of this realm, once and for all."""

from django.conf import settings
from django.db import migrations


def mark(apps, schema_editor):
    apps.get_model("fedramp", "RealmMark").objects.create(pk=1, realm=settings.REALM)


def unmark(apps, schema_editor):
    apps.get_model("fedramp", "RealmMark").objects.all().delete()


class Migration(migrations.Migration):
    replaces = [("fedramp", "0007_realm_mark")]
    dependencies = [("fedramp", "0002_audit_log_only_grows")]
    operations = [migrations.RunPython(mark, unmark)]
