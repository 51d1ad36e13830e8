from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "wuju.accountability.inspections"
    label = "inspections"
    verbose_name = "督查"
