"""The WSGI application of one realm."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")
application = get_wsgi_application()

from supportdesk.boundary import refuse_foreign_database  # noqa: E402

refuse_foreign_database()
