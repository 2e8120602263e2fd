"""The staff's pages of this app; those of the FedRAMP realm are no addresses of the other one."""

from cases import realm

from . import queues, redactions  # noqa: F401 - they register their lines and pages

if realm.current().name == "fedramp":
    from . import access, audit, file_reviews, scrub_reports, skills, telephone  # noqa: F401
