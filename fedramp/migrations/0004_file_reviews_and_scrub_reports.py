"""Models have the names of today: FileReview, ScrubReport, QuarantinedFile and OidcAccount."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

HISTORY = {
    "get_latest_by": ("history_date", "history_id"),
    "ordering": ("-history_date", "-history_id"),
}


def historical(name, many):
    return {
        **HISTORY,
        "verbose_name": f"historical {name}",
        "verbose_name_plural": f"historical {many}",
    }


def renamed_constraint(model, old, constraint):
    """The constraint under its new name; `old` is the one before."""
    return [
        migrations.RemoveConstraint(model_name=model, name=old),
        migrations.AddConstraint(model_name=model, constraint=constraint),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("fedramp", "0003_realm_mark"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("Acceptance", "FileReview"),
        migrations.RenameModel("HistoricalAcceptance", "HistoricalFileReview"),
        migrations.RenameModel("RemovalReport", "ScrubReport"),
        migrations.RenameModel("HistoricalRemovalReport", "HistoricalScrubReport"),
        migrations.RenameModel("ProviderAccount", "OidcAccount"),
        migrations.RenameModel("HistoricalProviderAccount", "HistoricalOidcAccount"),
        migrations.RenameModel("SealedFile", "QuarantinedFile"),
        migrations.AlterModelOptions(
            "filereview",
            {
                "verbose_name": "second-person file review",
                "ordering": ["-pk"],
                "permissions": [
                    (
                        "review_file",
                        "Can submit a file that cannot be scrubbed, and decide on another's",
                    )
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.AlterModelOptions(
            "historicalfilereview",
            historical("second-person file review", "second-person file reviews"),
        ),
        migrations.AlterModelOptions(
            "scrubreport",
            {
                "ordering": ["-pk"],
                "permissions": [
                    ("redact_passage", "Can redact a passage that the scrubbing missed"),
                    ("review_scrub_report", "Can review what others say about the scrubbing"),
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.AlterModelOptions(
            "historicalscrubreport", historical("scrub report", "scrub reports")
        ),
        migrations.AlterModelOptions(
            "oidcaccount", {"verbose_name": "OIDC account", "default_permissions": ()}
        ),
        migrations.AlterModelOptions(
            "historicaloidcaccount", historical("OIDC account", "OIDC accounts")
        ),
        migrations.AlterField(
            "filereview",
            "case",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="file_reviews",
                to="cases.case",
            ),
        ),
        migrations.AlterField(
            "scrubreport",
            "case",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scrub_reports",
                to="cases.case",
            ),
        ),
        migrations.AlterField(
            "oidcaccount",
            "person",
            models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="oidc_account",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RenameIndex(
            "quarantinedfile", old_name="sealedfile_queue", new_name="quarantinedfile_queue"
        ),
        migrations.RenameIndex(
            "scrubreport", old_name="removalreport_queue", new_name="scrubreport_queue"
        ),
        *renamed_constraint(
            "filereview",
            "acceptance_has_a_second_person",
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="filereview_has_a_second_person",
            ),
        ),
        *renamed_constraint(
            "filereview",
            "acceptance_decided_has_its_facts",
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, decided_by=None)
                | Q(state="accepted", decided_at__isnull=False, decided_by__isnull=False)
                | Q(state="declined", decided_at__isnull=False),
                name="filereview_decided_has_its_facts",
            ),
        ),
        *renamed_constraint(
            "scrubreport",
            "removalreport_once_per_placeholder",
            models.UniqueConstraint(
                fields=["target", "kind", "number"],
                condition=Q(said="not_personal"),
                name="scrubreport_once_per_placeholder",
            ),
        ),
        *renamed_constraint(
            "scrubreport",
            "removalreport_has_a_second_person",
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("said_by")),
                name="scrubreport_has_a_second_person",
            ),
        ),
        *renamed_constraint(
            "scrubreport",
            "removalreport_decided_has_its_facts",
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, decided_by=None)
                | Q(
                    state__in=["personal", "not_personal"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="scrubreport_decided_has_its_facts",
            ),
        ),
        *renamed_constraint(
            "scrubreport",
            "removalreport_said_known",
            models.CheckConstraint(
                condition=Q(said__in=["not_personal", "missed"]), name="scrubreport_said_known"
            ),
        ),
        *renamed_constraint(
            "oidcaccount",
            "provideraccount_of_one_person",
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="oidcaccount_of_one_person"
            ),
        ),
    ]
