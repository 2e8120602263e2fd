"""All scripts of the demo, in one fixed order."""

from . import platform, routing, telephony

SCENARIOS = (*telephony.SCENARIOS, *routing.SCENARIOS, *platform.SCENARIOS)
