"""The staff's pages of the FedRAMP realm; the commercial realm has none of these addresses."""

from cases import realm

if realm.current().name == "fedramp":
    from . import skills, telephone  # noqa: F401 - registers its pages
