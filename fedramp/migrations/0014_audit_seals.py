"""Seals of the audit log; on PostgreSQL their rows can be neither changed nor deleted (AU-9)."""

from django.db import migrations, models

REFUSAL = """
CREATE TRIGGER fedramp_seals_stay BEFORE UPDATE OR DELETE ON fedramp_auditseal
    FOR EACH ROW EXECUTE FUNCTION fedramp_audit_stays();
CREATE TRIGGER fedramp_seals_are_not_emptied BEFORE TRUNCATE ON fedramp_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION fedramp_audit_stays();
"""


def refuse_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(REFUSAL)


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in ("fedramp_seals_stay", "fedramp_seals_are_not_emptied"):
            schema_editor.execute(f"DROP TRIGGER {name} ON fedramp_auditseal")


class Migration(migrations.Migration):

    dependencies = [
        ('fedramp', '0013_names_as_in_the_side_bar'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                ('entry_id', models.BigIntegerField(unique=True)),
                ('sealed_at', models.DateTimeField()),
                ('caught_up', models.BooleanField()),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['position'],
                'default_permissions': (),
            },
        ),
        migrations.RunPython(refuse_changes, allow_changes),
    ]
