from django.apps import AppConfig


class LoopsConfig(AppConfig):
    name = "wuju.loops"
    label = "loops"
    verbose_name = "闭环"
