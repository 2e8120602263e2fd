from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0011_mail_is_html_when_it_leaves'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-updated_at', '-id'], name='case_newest'),
        ),
    ]
