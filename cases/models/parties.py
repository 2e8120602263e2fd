"""People, the organizations they speak for, and the deployments of those."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from .. import realm
from ..rules.targets import TELEPHONE_SUPPORT
from .calendars import BusinessCalendar, validate_time_zone
from .history import history
from .plans import CarePlan


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A person who can sign in with this e-mail address, stored in lower case."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """A contact or a member of staff. They sign in with the e-mail address."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    phone = models.CharField("telephone", max_length=40, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    is_staff = models.BooleanField("is staff", default=False, help_text="May enter the admin.")
    is_active = models.BooleanField("is active", default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    mail_my_cases = models.BooleanField(
        "mail about my cases", default=True, help_text="Cases that you opened, wrote in, or own."
    )
    mail_all_cases = models.BooleanField("mail about all cases of my organizations", default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()
    # With groups: granting or withdrawing a role is a change like any other (CASE-9, ACC-7).
    history = history(
        excluded_fields=["last_login", "password"], m2m_fields=["groups", "user_permissions"]
    )

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once_in_any_case"),
            models.CheckConstraint(
                condition=Q(is_superuser=False) | Q(is_staff=True), name="superuser_is_staff"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Sessions are checked against it. It includes the address, so that a new one ends them all.
        held = f"{self.password}\n{self.email.lower()}"
        return salted_hmac(
            "cases.Person.session", held, secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def is_invited(self) -> bool:
        """FED-3: whether this person's way to sign in is an invitation, not a link to choose a
        password. If a provider is configured, also for people who still have a password."""
        rules = realm.current()
        by_provider = bool(rules.sign_in_provider)
        return (
            rules.invites_contacts
            and not self.is_staff
            and (by_provider or not self.has_usable_password())
        )

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


class Organization(models.Model):
    """A customer or partner, with its calendar and its care plan."""

    class Kind(models.TextChoices):
        DIRECT = "direct", "Direct customer"
        PARTNER = "partner", "Partner"
        END_USER = "end_user", "End user"

    name = models.CharField(max_length=150)
    short_name = models.SlugField(
        "organization short name", max_length=60, unique=True, help_text="As in Account Settings."
    )
    org_id = models.UUIDField("organization ID", unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DIRECT)
    partner = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="end_users",
        help_text="The partner or reseller through whom this organization is served.",
    )
    calendar = models.ForeignKey(BusinessCalendar, models.PROTECT, related_name="organizations")
    plan = models.ForeignKey(
        CarePlan,
        models.PROTECT,
        related_name="organizations",
        limit_choices_to={"is_add_on": False},
    )
    add_on = models.ForeignKey(
        CarePlan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="added_to",
        limit_choices_to={"is_add_on": True},
    )
    technical_account_manager = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="managed_organizations",
        limit_choices_to={"is_staff": True},
    )
    is_fedramp = models.BooleanField(
        "is a FedRAMP organization",
        default=False,
        help_text="Its cases belong in the FedRAMP realm.",
    )

    history = history()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["direct", "partner", "end_user"]),
                name="organization_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(partner=None) | Q(kind="end_user"),
                name="organization_only_end_users_have_a_partner",
                violation_error_message="Only an end user is served through a partner.",
            ),
            models.CheckConstraint(
                condition=Q(partner=None) | ~Q(partner=F("id")),
                name="organization_not_its_own_partner",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def has_telephone_support(self) -> bool:
        """PLAN-2: whether the plan or its add-on includes telephone support for non-Critical cases.

        One query, unless `promises.note_telephone_support` did it for several at once.
        """
        return self._has_feature(*TELEPHONE_SUPPORT)

    def _has_feature(self, *codes: str) -> bool:
        plans = CarePlan.objects.filter(pk__in=[self.plan_id, self.add_on_id])
        return plans.filter(features__code__in=codes).exists()

    def clean(self) -> None:
        super().clean()
        self._clean_plan()
        self._clean_realm()

    def _clean_plan(self) -> None:
        """PLAN-1: an organization cannot have what its plan does not include."""
        if not self.plan_id:
            return
        if self.add_on and self.add_on.family != self.plan.family:
            raise ValidationError(
                {"add_on": f"{self.add_on} cannot be added to {self.plan}: other plan family."}
            )
        if self.add_on and not self.plan.takes_add_on:
            raise ValidationError({"add_on": f"{self.add_on} cannot be added to {self.plan}."})
        if self.technical_account_manager and not self._has_feature("technical_account_manager"):
            what = f"{self.plan} with {self.add_on}" if self.add_on else f"{self.plan}"
            raise ValidationError(
                {
                    "technical_account_manager": f"{what} does not include a Technical Account "
                    "Manager. Choose another plan or add-on first, or leave this empty."
                }
            )

    def _clean_realm(self) -> None:
        """FED-1, FED-8. The database holds the same by triggers."""
        if self.is_fedramp:
            return
        if not realm.current().flagging_page:
            raise ValidationError(
                {"is_fedramp": "In the FedRAMP realm every organization is a FedRAMP organization."}
            )
        if self.pk and self.deployments.filter(offering_type="fedramp").exists():
            raise ValidationError(
                {
                    "is_fedramp": "It has FedRAMP deployments. Change their offering first; what "
                    "they are, the organization is."
                }
            )


class Deployment(models.Model):
    """What an organization runs: product, offering, where it is hosted (FED-8)."""

    class Hosting(models.TextChoices):
        CLOUD = "cloud", "Cloud"
        PREMISES = "premises", "On premises"

    class Offering(models.TextChoices):
        COMMERCIAL = "commercial", "Commercial"
        FEDRAMP = "fedramp", "FedRAMP"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="deployments")
    name = models.CharField(max_length=100)
    product = models.CharField(max_length=80)
    hosting = models.CharField(max_length=10, choices=Hosting, default=Hosting.CLOUD)
    region = models.CharField(
        max_length=40, blank=True, help_text="Such as us-east-2. Empty on premises."
    )
    offering_type = models.CharField(max_length=12, choices=Offering, default=Offering.COMMERCIAL)
    is_active = models.BooleanField(default=True)

    history = history()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="deployment_name_once_per_organization"
            ),
            models.CheckConstraint(
                condition=Q(hosting="premises") | ~Q(region=""),
                name="deployment_in_the_cloud_has_a_region",
                violation_error_message="A cloud deployment needs its region.",
            ),
            models.CheckConstraint(
                condition=~Q(offering_type="fedramp") | Q(hosting="cloud", region="us-east-2"),
                name="deployment_fedramp_is_in_us_east_2",
                violation_error_message="FedRAMP deployments are hosted in us-east-2.",
            ),
        ]

    def __str__(self) -> str:
        facts = [self.product, self.region or self.get_hosting_display()]
        if self.offering_type == self.Offering.FEDRAMP:
            facts.append(self.Offering.FEDRAMP.label)  # FED-8: wherever a deployment is named
        return f"{self.name} ({', '.join(facts)})"

    def clean(self) -> None:
        """FED-8. The database holds the same by triggers, see `fedramp/realm_triggers.py`."""
        super().clean()
        rules = realm.current()
        field, why = rules.why_not_deployed(offering=self.offering_type, region=self.region)
        if field:
            raise ValidationError({field: why})
        owner = self._state.fields_cache.get("organization")
        if owner is None and self.organization_id:
            owner = self.organization
        if owner and self.offering_type == self.Offering.FEDRAMP and not owner.is_fedramp:
            raise ValidationError(
                {"offering_type": "Only a FedRAMP organization has one: flag the organization."}
            )


class Membership(models.Model):
    """The role of a contact in one organization (ACC-3)."""

    class Role(models.TextChoices):
        DESIGNATED = "designated", "Designated Contact"
        READ_ONLY = "read_only", "Read-Only contact"

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="memberships", limit_choices_to={"is_staff": False}
    )
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)

    history = history()

    class Meta:
        ordering = ["organization__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization"],
                name="membership_one_role_per_organization",
                violation_error_message="This person has a role in this organization already.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["designated", "read_only"]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()} of {self.organization}"

    def clean(self) -> None:
        super().clean()
        if self.person_id and self.person.is_staff:
            raise ValidationError({"person": "Staff cannot be contacts of a customer."})
