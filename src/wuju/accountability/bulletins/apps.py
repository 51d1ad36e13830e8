from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "wuju.accountability.bulletins"
    label = "bulletins"
    verbose_name = "通报"
