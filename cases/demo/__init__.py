"""A believable world to try the desk with: `manage.py demo`.

Data modules name organizations, people and scripts; `plan.py` decides which case goes how far and
when; `play.py` carries it out through the services. Nothing here runs outside development.
"""
