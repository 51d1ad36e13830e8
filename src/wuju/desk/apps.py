from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "wuju.desk"
    label = "desk"
    verbose_name = "填表对账"
