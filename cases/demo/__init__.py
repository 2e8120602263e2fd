"""A believable world to try the desk with: `manage.py demo`.

Data modules name organizations, people and scripts; `plan.py` decides how far each case goes and
when; `play.py` carries it out through the services. Nothing here runs outside development.
"""

#: Functions that add to a demo world after its cases and take the stage. They are dotted paths,
#: since only the demo needs them. Apps above `cases` add theirs when they are ready.
SCENES = ["cases.demo.incidents.scenes", "cases.demo.applicants.scenes"]
