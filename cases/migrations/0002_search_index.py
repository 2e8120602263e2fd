"""A trigram index on the search text, on PostgreSQL alone: SQLite reads the texts of a small desk."""

from django.db import DatabaseError, migrations, transaction

NAME = "search_text_trigrams"
ADVICE = (
    "The extension pg_trgm, which the search needs, is not installed in this database, and this "
    "database user may not install it. Let an administrator of the database run "
    "'CREATE EXTENSION pg_trgm' in it, and migrate again."
)


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            try:
                with transaction.atomic(schema_editor.connection.alias):
                    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            except DatabaseError as error:
                raise RuntimeError(ADVICE) from error
        cursor.execute(f"CREATE INDEX {NAME} ON cases_searchtext USING gin (text gin_trgm_ops)")


def remove(apps, schema_editor):
    # The extension stays: somebody else may use it.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {NAME}")


class Migration(migrations.Migration):
    replaces = [("cases", "0004_search_index")]
    dependencies = [("cases", "0001_tables")]
    operations = [migrations.RunPython(add, remove)]
