from django.apps import AppConfig


class StandingsConfig(AppConfig):
    name = "wuju.standings"
    verbose_name = "履职"

    def ready(self) -> None:
        """Let every action refresh the standings it touched, and each new day judge anew."""
        from wuju.kit.clockwork import day_turners  # noqa: PLC0415

        from . import actions  # noqa: PLC0415 - registers the refresher once models exist

        day_turners.append(actions.turn_day)
