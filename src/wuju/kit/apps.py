from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KitConfig(AppConfig):
    """Last in INSTALLED_APPS: lets every capability add its facts, sheets and today lists."""

    name = "wuju.kit"

    def ready(self) -> None:
        autodiscover_modules("facts", "sheets", "today")
