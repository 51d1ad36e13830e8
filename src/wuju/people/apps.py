from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "wuju.people"
    verbose_name = "人员"
