"""Whoever had a reason is exempt; which reason it was is not kept, so there is no way back."""

from django.db import migrations


def keep_yes_or_no(apps, schema_editor):
    memberships = apps.get_model('people', 'Membership').objects
    memberships.exclude(exempt_reason='none').update(exempt=True)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_membership_exempt'),
    ]

    operations = [
        migrations.RunPython(keep_yes_or_no),
    ]
