"""On PostgreSQL the audit log and its seals are added to, and never changed or emptied (AU-9).

TRUNCATE fires no row trigger, so it has one of its own.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION fedramp_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is added to, and never changed.';
END $$;
"""
#: Each trigger, and what it refuses.
TRIGGERS = {
    "fedramp_audit_stays": ("UPDATE OR DELETE ON fedramp_auditentry", "ROW"),
    "fedramp_audit_is_not_emptied": ("TRUNCATE ON fedramp_auditentry", "STATEMENT"),
    "fedramp_seals_stay": ("UPDATE OR DELETE ON fedramp_auditseal", "ROW"),
    "fedramp_seals_are_not_emptied": ("TRUNCATE ON fedramp_auditseal", "STATEMENT"),
}


def refuse_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(FUNCTION)
            for name, (refused, each) in TRIGGERS.items():
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {refused} "
                    f"FOR EACH {each} EXECUTE FUNCTION fedramp_audit_stays()"
                )


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            for name, (refused, _) in TRIGGERS.items():
                cursor.execute(f"DROP TRIGGER {name} ON {refused.split()[-1]}")
            cursor.execute("DROP FUNCTION fedramp_audit_stays()")


class Migration(migrations.Migration):
    replaces = [("fedramp", "0009_audit_log_is_not_emptied")]
    dependencies = [("fedramp", "0001_tables")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
