from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0010_corrections_and_organizations'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='notice',
            name='html',
        ),
    ]
