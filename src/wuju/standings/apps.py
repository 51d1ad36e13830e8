from django.apps import AppConfig


class StandingsConfig(AppConfig):
    name = "wuju.standings"
    verbose_name = "履职"

    def ready(self) -> None:
        """Let every action refresh the standings it touched."""
        from . import actions  # noqa: F401, PLC0415 - registers the refresher once models exist
