from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wuju.web"
    verbose_name = "界面"
