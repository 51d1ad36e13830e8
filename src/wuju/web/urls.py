"""Every address of the web face, one line a page."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from . import findings, health, loop_lists, loops, sessions, styleguide, today

urlpatterns = [
    path("", today.today, name="today"),
    path("login", sessions.SignIn.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("password", sessions.password_change, name="password-change"),
    path("loops/", loop_lists.loops, name="loops"),
    path("loops/register/", loop_lists.register, name="loop-register"),
    path("loops/new/", findings.finding_new, name="finding-new"),
    path("loops/<int:loop_id>/", loops.loop, name="loop"),
    path("loops/<int:loop_id>/<slug:slug>/", loops.act, name="loop-act"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
