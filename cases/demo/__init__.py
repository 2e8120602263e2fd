"""A believable world to try the desk with: `manage.py demo`.

Data modules name organizations, people and scripts; `plan.py` decides which case goes how far and
when; `play.py` carries it out through the services. Nothing here runs outside development.
"""

#: What is added to a demo world after its cases: functions that take the stage, by their dotted
#: paths, since no other start needs them. Apps above add theirs when they are ready.
SCENES = ["cases.demo.incidents.scenes", "cases.demo.applicants.scenes"]
