"""Care plans and their features (PLAN-1). The rows are data: see migration 0003."""

from django.db import models
from django.db.models import Q

from .history import history


class CareFeature(models.Model):
    """One line of a plan table of the sources, such as "Enhanced response targets"."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    history = history()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = "care feature"

    def __str__(self) -> str:
        return self.name


class CarePlan(models.Model):
    """A support level, or an add-on to one (Flex Care)."""

    class Family(models.TextChoices):
        GENESYS_CARE = "genesys_care", "Genesys Care"
        CLOUD = "cloud", "Genesys Care for the Cloud"

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)
    family = models.CharField(max_length=20, choices=Family)
    is_add_on = models.BooleanField("is an add-on", default=False)
    takes_add_on = models.BooleanField(
        "takes an add-on",
        default=False,
        help_text="Whether an organization with this plan may have its family's add-on as well.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    features = models.ManyToManyField(CareFeature, related_name="plans", blank=True)

    history = history(m2m_fields=[features])

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(family__in=["genesys_care", "cloud"]), name="care_plan_family_known"
            ),
            models.CheckConstraint(
                condition=Q(is_add_on=False) | Q(takes_add_on=False),
                name="care_plan_add_on_takes_none",
                violation_error_message="An add-on does not take another.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
