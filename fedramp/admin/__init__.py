"""The staff's pages of this app; most have addresses only in the FedRAMP realm."""

from cases import realm

from . import queues, redactions  # noqa: F401 - they register their lines and pages

if realm.current().name == "fedramp":
    from . import access, audit, file_reviews, scrub_reports, skills, telephone  # noqa: F401
