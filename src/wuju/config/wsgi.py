"""The application a production server loads: `wuju.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuju.config.settings")
application = get_wsgi_application()
