"""Every address of the web face, one line a page."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from . import health, sessions, styleguide, today

urlpatterns = [
    path("", today.today, name="today"),
    path("login", sessions.SignIn.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("password", sessions.password_change, name="password-change"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
