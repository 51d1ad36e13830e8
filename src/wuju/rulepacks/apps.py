"""Django's entry for the rule packs."""

from django.apps import AppConfig


class RulepacksConfig(AppConfig):
    name = "wuju.rulepacks"
    label = "rulepacks"
    verbose_name = "规则包"
