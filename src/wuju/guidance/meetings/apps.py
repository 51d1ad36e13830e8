from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "wuju.guidance.meetings"
    label = "meetings"
    verbose_name = "会议"
