from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "wuju.guidance.study"
    label = "study"
    verbose_name = "学习培训"
