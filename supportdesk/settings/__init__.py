"""Settings of one realm's processes, with a module for each kind.

Everything that differs between deployments comes from the environment (`.env.example` documents
each variable). A secret has a default in development only; elsewhere its absence ends the start.
If several are missing, the first in this order is named.
"""

from .environment import BASE_DIR, DATA_DIR, DEVELOPMENT, ENVIRONMENT, REALM
from .limits import *
from .sign_in import *
from .limits import *
from .base import *
from .database import *
from .files import *
from .celery import *
from .browser import *
from .mail import *
from .desk import *
from .logs import *
from .strength import refuse_weak

refuse_weak(vars())
