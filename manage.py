#!/usr/bin/env python
"""Django's command line. The realm is chosen by the environment variable REALM."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")
    # Nobody looks at a page meanwhile: a migration takes as long as it takes.
    os.environ.setdefault("DATABASE_LOCK_SECONDS", "60")
    os.environ.setdefault("DATABASE_STATEMENT_SECONDS", "0")
    from django.core.exceptions import ImproperlyConfigured

    if sys.argv[1:2] == ["scrub"]:  # a filter for logs: no apps, no database, half of the memory
        from fedramp.scrubbing.cli import main

        sys.exit(main(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"supportdesk: {error}")
