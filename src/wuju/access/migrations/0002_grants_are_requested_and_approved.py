"""A grant is asked for by one person and approved by another; those there already were approved."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [("requested", "待批准"), ("approved", "已批准"), ("refused", "已退回")]


class Migration(migrations.Migration):

    dependencies = [
        ("org", "0001_initial"),
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="grant", name="grant_lasts"),
        migrations.AddField(
            model_name="grant",
            name="state",
            field=models.CharField(choices=STATES, default="approved", max_length=10, verbose_name="状态"),
        ),
        migrations.AlterField(
            model_name="grant",
            name="state",
            field=models.CharField(choices=STATES, default="requested", max_length=10, verbose_name="状态"),
        ),
        migrations.AddField(
            model_name="grant",
            name="requested_by",
            field=models.CharField(blank=True, max_length=50, verbose_name="申请人"),
        ),
        migrations.AddField(
            model_name="grant",
            name="requester",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants_requested",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="requested_on",
            field=models.DateField(null=True, verbose_name="申请日期"),
        ),
        migrations.AlterField(
            model_name="grant",
            name="approved_by",
            field=models.CharField(blank=True, max_length=50, verbose_name="批准人"),
        ),
        migrations.AddField(
            model_name="grant",
            name="approver",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants_approved",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="refused_by",
            field=models.CharField(blank=True, max_length=50, verbose_name="退回人"),
        ),
        migrations.AddField(
            model_name="grant",
            name="refusal",
            field=models.CharField(blank=True, max_length=100, verbose_name="退回原因"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_on__isnull", True),
                    ("until_on__gte", models.F("from_on")),
                    _connector="OR",
                ),
                name="grant_never_ends_before_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "approved"), ("approved_by", ""), _connector="XOR"
                ),
                name="grant_is_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approver__isnull", True),
                    models.Q(("approver", models.F("user")), _negated=True),
                    _connector="OR",
                ),
                name="grant_is_not_approved_by_who_receives_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approver__isnull", True),
                    ("requester__isnull", True),
                    models.Q(("approver", models.F("requester")), _negated=True),
                    _connector="OR",
                ),
                name="grant_is_not_approved_by_who_requested_it",
            ),
        ),
    ]
