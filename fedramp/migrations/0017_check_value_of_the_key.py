from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("fedramp", "0016_reports_ask_for_the_rest")]

    operations = [
        migrations.CreateModel(
            name="KeyCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
            ],
            options={"default_permissions": ()},
        ),
    ]
