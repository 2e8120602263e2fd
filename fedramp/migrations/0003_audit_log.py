"""The audit log; on PostgreSQL its rows can be neither changed nor deleted (AU-9)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSAL = """
CREATE FUNCTION fedramp_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is added to, and never changed.';
END $$;
CREATE TRIGGER fedramp_audit_stays BEFORE UPDATE OR DELETE ON fedramp_auditentry
    FOR EACH ROW EXECUTE FUNCTION fedramp_audit_stays();
"""


def refuse_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(REFUSAL)


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER fedramp_audit_stays ON fedramp_auditentry")
            cursor.execute("DROP FUNCTION fedramp_audit_stays()")


class Migration(migrations.Migration):

    dependencies = [
        ('fedramp', '0002_invitations_and_pins'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('event', models.CharField(choices=[('notice', 'Acknowledged the system-use notice'), ('signed_in', 'Signed in'), ('signed_out', 'Signed out'), ('ended', 'Session ended by itself'), ('failed', 'Failed to sign in'), ('locked', 'Sign-in locked'), ('read', 'Read'), ('denied', 'Was refused'), ('rights', 'Rights changed')], max_length=12, verbose_name='what happened')),
                ('address', models.GenericIPAddressField(blank=True, null=True, verbose_name='from')),
                ('page', models.CharField(blank=True, help_text='The name of the address.', max_length=80)),
                ('about', models.CharField(blank=True, max_length=64)),
                ('detail', models.CharField(blank=True, help_text='Codes, never content.', max_length=200)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name_plural': 'audit log',
                'ordering': ['-at', '-pk'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['-at', '-id'], name='audit_newest'), models.Index(fields=['person', '-at', '-id'], name='audit_of_person'), models.Index(fields=['about', '-at', '-id'], name='audit_about')],
            },
        ),
        migrations.RunPython(refuse_changes, allow_changes),
    ]
