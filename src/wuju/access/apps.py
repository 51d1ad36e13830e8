from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "wuju.access"
    verbose_name = "权限"
