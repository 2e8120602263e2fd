from django.db import migrations, models
from django.db.models import Q

#: Flex Care stands beside all plans of its table, Flex Care for Cloud beside one (PLAN-1).
TAKE_ONE = ("business_care", "business_care_plus", "premium_care", "business_care_for_cloud")


def fill(apps, schema_editor):
    plans = apps.get_model("cases", "CarePlan").objects
    plans.filter(code__in=TAKE_ONE, is_add_on=False).update(takes_add_on=True)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0020_released_cases_and_calls"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="takes_add_on",
                field=models.BooleanField(
                    default=False,
                    help_text="Whether an organization with this plan may have its family's "
                    "add-on as well.",
                    verbose_name="takes an add-on",
                ),
            )
            for model in ("careplan", "historicalcareplan")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="careplan",
            constraint=models.CheckConstraint(
                condition=Q(is_add_on=False) | Q(takes_add_on=False),
                name="care_plan_add_on_takes_none",
                violation_error_message="An add-on does not take another.",
            ),
        ),
    ]
