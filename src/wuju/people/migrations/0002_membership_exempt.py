from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='exempt',
            field=models.BooleanField(default=False, verbose_name='不作硬性要求'),
        ),
        migrations.AddField(
            model_name='membership',
            name='exempt_document',
            field=models.CharField(blank=True, max_length=60, verbose_name='不作硬性要求批准文号'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('exempt', True), ('exempt_document', ''), _connector='OR'), name='membership_has_an_exemption_document_only_if_exempt'),
        ),
    ]
