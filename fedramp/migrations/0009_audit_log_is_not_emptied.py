"""On PostgreSQL the audit log cannot be emptied either (AU-9): TRUNCATE fires no row trigger."""

from django.db import migrations

REFUSAL = """
CREATE TRIGGER fedramp_audit_is_not_emptied BEFORE TRUNCATE ON fedramp_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION fedramp_audit_stays();
"""


def refuse_emptying(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REFUSAL)


def allow_emptying(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER fedramp_audit_is_not_emptied ON fedramp_auditentry")


class Migration(migrations.Migration):

    dependencies = [("fedramp", "0008_placeholders")]

    operations = [migrations.RunPython(refuse_emptying, allow_emptying)]
