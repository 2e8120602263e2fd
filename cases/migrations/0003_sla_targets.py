"""The targets of the sources (SLA-1 to SLA-3, RCA-3), as data that operations administrators edit."""

from django.db import migrations

# promise, severity, unit, amount, with enhanced response targets, on premises
TARGETS = [
    ("response", 1, "elapsed_minutes", 10, 5, None),
    ("response", 2, "business_minutes", 120, 60, None),
    ("response", 3, "business_minutes", 120, 60, None),
    ("response", 4, "business_minutes", 120, None, None),
    ("restoration", 1, "elapsed_minutes", 240, None, None),
    ("restoration", 2, "business_days", 2, None, None),
    ("restoration", 3, "business_days", 5, None, None),
    ("rca", 1, "business_days", 5, None, 7),
    ("rca", 2, "business_days", 5, None, 7),
    ("rca", 3, "business_days", None, None, 7),
    ("rca", 4, "business_days", None, None, 7),
]


def load(apps, schema_editor):
    Target = apps.get_model("cases", "SlaTarget")
    for promise, severity, unit, amount, enhanced, on_premises in TARGETS:
        Target.objects.create(
            promise=promise,
            severity=severity,
            unit=unit,
            amount=amount,
            enhanced=enhanced,
            on_premises=on_premises,
        )


def unload(apps, schema_editor):
    apps.get_model("cases", "SlaTarget").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_care_plans")]
    operations = [migrations.RunPython(load, unload)]
