"""The application a production server loads: `wuju.config.wsgi:application`. `wuju work` runs beside it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuju.config.settings")
os.environ.setdefault("WUJU_WORKERS", "1")  # no page recomputes the district
application = get_wsgi_application()
