from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "wuju.ledger"
    verbose_name = "留痕"
