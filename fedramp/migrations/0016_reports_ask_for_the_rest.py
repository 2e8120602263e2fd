from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("fedramp", "0015_internal_placeholders")]

    operations = [
        migrations.AddField(
            model_name=name, name="elsewhere", field=models.JSONField(default=list)
        )
        for name in ("removalreport", "historicalremovalreport")
    ]
