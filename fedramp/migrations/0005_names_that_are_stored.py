"""Permissions, and the labels of texts in reports and redactions, follow the renamed models.

In a transaction of its own: PostgreSQL alters no table whose rows it just changed.
"""

from django.db import migrations

#: Codename and name of a permission before, and since.
PERMISSIONS = [
    (
        ("accept_file", "Can bring a file that cannot be scrubbed, and decide on another's"),
        ("review_file", "Can submit a file that cannot be scrubbed, and decide on another's"),
    ),
    (
        ("remove_passage", "Can remove a passage that the removal missed"),
        ("redact_passage", "Can redact a passage that the scrubbing missed"),
    ),
    (
        ("review_removal", "Can review what others say about the removal"),
        ("review_scrub_report", "Can review what others say about the scrubbing"),
    ),
]
#: The name of a model, and its words, before and since.
MODELS = [
    (("acceptance", "second pair of eyes"), ("filereview", "second-person file review")),
    (("removalreport", "removal report"), ("scrubreport", "scrub report")),
    (("provideraccount", "provider account"), ("oidcaccount", "OIDC account")),
]
for before, since in MODELS:
    for verb in ("add", "change", "delete", "view"):
        for kind in ("", "historical"):
            PERMISSIONS.append(
                tuple(
                    (f"{verb}_{kind}{name}", f"Can {verb} {kind} {words}".replace("  ", " "))
                    for name, words in (before, since)
                )
            )

LABELS = [(f"fedramp.{before[0]}", f"fedramp.{since[0]}") for before, since in MODELS]
#: Where labels of texts are stored: "fedramp.redaction:17:reason".
STORED = {
    "ScrubReport": ["target", "removed", "elsewhere"],
    "Redaction": ["target", "removed"],
}


def follow(apps, schema_editor):
    rename(apps, schema_editor, PERMISSIONS, LABELS)


def go_back(apps, schema_editor):
    def swapped(pairs):
        return [(since, before) for before, since in pairs]

    rename(apps, schema_editor, swapped(PERMISSIONS), swapped(LABELS))


def rename(apps, schema_editor, permissions, labels):
    using = schema_editor.connection.alias
    rows = apps.get_model("auth", "Permission").objects.using(using)
    for (old, _), (new, words) in permissions:
        rows.filter(content_type__app_label="fedramp", codename=old).update(
            codename=new, name=words
        )
    for name, fields in STORED.items():
        for model in (apps.get_model("fedramp", name), apps.get_model("fedramp", f"Historical{name}")):
            for row in model.objects.using(using).iterator():
                values = {each: getattr(row, each) for each in fields}
                since = {each: relabelled(value, labels) for each, value in values.items()}
                if since != values:
                    model.objects.using(using).filter(pk=row.pk).update(**since)


def relabelled(value, labels):
    if isinstance(value, list):
        return [relabelled(each, labels) for each in value]
    if isinstance(value, dict):
        return {key: relabelled(each, labels) for key, each in value.items()}
    if isinstance(value, str):
        for old, new in labels:
            if value.startswith((f"{old}:", f"{old}.")):
                return new + value[len(old) :]
    return value


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("fedramp", "0004_file_reviews_and_scrub_reports"),
    ]

    operations = [migrations.RunPython(follow, go_back)]
