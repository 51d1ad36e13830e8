from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_exempt_is_yes_or_no'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='membership',
            name='exempt_reason',
        ),
    ]
