"""Staff actions on an object: a row for each action, and the one frame that carries it out.

A GET shows the form, a POST calls the service. If the service refuses, the form is shown again
with everything that was typed; input from a session that ran out is shown after the sign-in
(`cases.drafts`). The service recognizes a second click by the form's `submission`.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypedDict, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from cases import drafts
from cases.actors import Actor
from cases.errors import CaseChanged, NotAllowed, NotPossible
from cases.forms import ServiceForm, renew

from .base import actor_of, staff_of
from .queues import forget_counts

REFUSED = 422

O = TypeVar("O")  # noqa: E741 - the object
Facts = list[tuple[str, Any]]


class By(TypedDict):
    """The arguments of every service."""

    actor: Actor
    now: dt.datetime


@dataclass(frozen=True)
class Press(Generic[O]):
    """One press of an action's button: on which object, by whom and when, with which input."""

    subject: O
    by: By
    #: By the names of the service's parameters.
    typed: dict[str, Any] = field(default_factory=dict)

    @property
    def pk(self) -> int:
        key: int = self.subject.pk  # type: ignore[attr-defined]
        return key

    @property
    def actor(self) -> Actor:
        return self.by["actor"]


@dataclass(frozen=True, kw_only=True)
class ObjectAction(Generic[O]):
    """One action on an object: an address, a form and one call of a service.

    The rows of a family share a subclass, which finds the object and frames the page. A text that
    depends on the object is a function of it.
    """

    #: The last part of the address, and of its name in the URLconf.
    name: str
    #: The text of the link to it, and above its form unless `title` is set.
    label: str | Callable[[O], str]
    form: type[ServiceForm]
    service: Callable[[Press[O]], Any]
    #: All of these are required.
    permissions: tuple[str, ...]
    #: The message after it is done: from the press, and what the service returned.
    done: str | Callable[[Press[O], Any], str]
    #: The model whose part of the admin has the address.
    model: type[Model]
    #: The objects, if they are not all of that model.
    objects: QuerySet[Any] | None = None
    #: Rows that share a route are told apart by its slug.
    route: str = ""
    #: The text of its button; the label otherwise.
    button: str = ""
    title: str | Callable[[O], str] = ""
    help: str | Callable[[O], str] = ""
    facts: Callable[[O], Facts] | None = None
    #: The form's initial values, and its other arguments.
    begins: Callable[[HttpRequest, O], dict[str, Any]] | None = None
    options: Callable[[HttpRequest, O], dict[str, Any]] | None = None
    #: The way back, and the page after it is done: the same unless given.
    back: Callable[[O], str] | None = None
    to: Callable[[Press[O], Any], str] | None = None
    #: Another person may have done it already: the message says so, and the list is shown.
    ends_once: bool = False
    #: The form is on the object's own page, with others; its fields have this prefix.
    is_on_page: bool = False
    prefix: str | None = None
    #: On that page: the key that opens it, and whether its text is never shown to the customer.
    key: str = ""
    is_internal: bool = False
    #: Typed text is kept when the session ends.
    keeps_draft: bool = True

    # --- What a family overrides ----------------------------------------------------------------

    def find(self, request: HttpRequest, **address: Any) -> O:
        """The object that the address names, or 404; None if the address names none."""
        rows = self.model._default_manager.all() if self.objects is None else self.objects
        found: Any = None
        for key in address.values():
            found = get_object_or_404(rows, pk=key)
        return found

    def may(self, subject: O, actor: Actor) -> bool:
        """Whether this actor may do it with this object, whatever its state."""
        return True

    def why_not(self, subject: O, actor: Actor) -> str:
        """Why it is not possible now, as a sentence; the service checks again."""
        return ""

    def as_shown(self, subject: O) -> dict[str, Any]:
        """The hidden values that say which version of the object the person saw."""
        return {}

    def home(self, subject: O) -> str:
        """The address of the way back."""
        return self.back(subject) if self.back else reverse(f"admin:{self.url_prefix}_changelist")

    def turned_away(self, subject: O) -> str:
        """The page for a person who cannot do it now."""
        return self.home(subject)

    def frame(self, model_admin: Any, request: HttpRequest, subject: O) -> dict[str, Any]:
        """The context of the page around the form; `template` names the page."""
        return {
            **model_admin.admin_site.each_context(request),
            "template": "admin/cases/form_page.html",
            "opts": model_admin.opts,
            "title": self.words(self.title or self.label, subject),
        }

    def asks_first(self, request: HttpRequest, subject: O, form: Any) -> dict[str, Any] | None:
        """Extra context to show before the service is called; None if nothing is missing."""
        return None

    def done_words(self, press: Press[O], result: Any) -> str:
        said: str = self.words(self.done, press, result)
        return said

    def forbid(self, refusal: NotAllowed) -> None:
        """The actor no longer has the right: the page ends."""
        raise PermissionDenied(refusal.message)

    def refused_page(
        self, model_admin: Any, request: HttpRequest, subject: O, form: ServiceForm
    ) -> HttpResponse:
        """The page with the refused form, for the object as it is now."""
        return self.page(model_admin, request, subject, form)

    # --- Addresses and forms --------------------------------------------------------------------

    @property
    def url_prefix(self) -> str:
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}"

    @property
    def shown_route(self) -> str:
        return self.route or f"<int:pk>/{self.name}/"

    @property
    def slug(self) -> str:
        """The part of a shared route that names the row; empty if the route is its own."""
        found = re.search(r"<slug:(\w+)>", self.shown_route)
        return found[1] if found else ""

    @property
    def url_name(self) -> str:
        """A shared route is named after the word before its slug."""
        own = re.search(r"(\w+)/<slug:", self.shown_route)
        return f"{self.url_prefix}_{own[1] if own else self.name}"

    def address(self, subject: Any) -> str:
        args = [subject.pk, self.name] if self.slug else [subject.pk]
        return reverse(f"admin:{self.url_name}", args=args)

    def blank(self, request: HttpRequest, subject: O, earlier: dict[str, str] | None = None) -> Any:
        """The form as it is shown first, with the text typed before a sign-in."""
        start = f"{self.prefix}-" if self.prefix else ""
        typed = {name.removeprefix(start): text for name, text in (earlier or {}).items()}
        begins = self.begins(request, subject) if self.begins else {}
        return self.make(request, subject, initial={**begins, **typed, **self.as_shown(subject)})

    def make(self, request: HttpRequest, subject: O, *data: Any, **more: Any) -> Any:
        options = self.options(request, subject) if self.options else {}
        return self.form(*data, **{"prefix": self.prefix, **options, **more})

    def words(self, words: Any, *about: Any) -> Any:
        return words(*about) if callable(words) else words

    # --- The request ----------------------------------------------------------------------------

    def carry_out(self, model_admin: Any, request: HttpRequest, **address: Any) -> HttpResponse:
        """The form, or the action itself."""
        if not request.user.has_perms(self.permissions):
            raise PermissionDenied
        subject, actor = self.find(request, **address), actor_of(request)
        if not self.may(subject, actor):
            raise PermissionDenied
        if request.method == "POST":
            return self._post(model_admin, request, subject, actor, address)
        if self.is_on_page:  # back from the sign-in: the form is on the page
            return redirect(self.home(subject))
        if why := self.why_not(subject, actor):
            messages.warning(request, why)
            return redirect(self.turned_away(subject))
        earlier = drafts.texts_for(request, request.path)
        form = self.blank(request, subject, earlier)
        return self.page(model_admin, request, subject, form, from_draft=bool(earlier))

    def _post(
        self,
        model_admin: Any,
        request: HttpRequest,
        subject: O,
        actor: Actor,
        address: dict[str, Any],
    ) -> HttpResponse:
        form: ServiceForm = self.make(request, subject, request.POST, request.FILES)
        if more := self.asks_first(request, subject, form):
            return self.page(model_admin, request, subject, form, **more)
        press: Press[O] = Press(subject, {"actor": actor, "now": timezone.now()})
        result = form.run(lambda typed: self.service(replace(press, typed=typed)))
        if form.is_valid():
            return self._finish(request, press, result)
        if isinstance(form.refusal, NotAllowed):
            self.forbid(form.refusal)
        if isinstance(form.refusal, NotPossible) and self.ends_once:
            messages.warning(request, form.refusal.message)
            return redirect(f"admin:{self.url_prefix}_changelist")
        subject = self.find(request, **address)  # read again: it may have changed
        if form.refusal:  # the next press is a new one, about the object as it is now
            renew(form, **self.as_shown(subject))
        return self.refused_page(model_admin, request, subject, form)

    def _finish(self, request: HttpRequest, press: Press[O], result: Any) -> HttpResponse:
        forget_counts(staff_of(request))
        drafts.forget(request, request.path)
        messages.success(request, self.done_words(press, result))
        return redirect(self.to(press, result) if self.to else self.home(press.subject))

    def page(
        self, model_admin: Any, request: HttpRequest, subject: O, form: ServiceForm, **more: Any
    ) -> HttpResponse:
        """The form in the frame of its object; a refused one with the reasons."""
        context = {
            **self.frame(model_admin, request, subject),
            "action": self,
            "form": form,
            "form_title": self.words(self.title or self.label, subject),
            "form_help": self.words(self.help, subject),
            "facts": self.facts(subject) if self.facts else [],
            "button": self.button or self.words(self.label, subject),
            "changed": isinstance(form.refusal, CaseChanged),
            "back": self.home(subject),
            **more,
        }
        status = REFUSED if form.errors else 200
        return TemplateResponse(request, context.pop("template"), context, status=status)


class ObjectActionsAdmin:
    """For a ModelAdmin: the addresses of its actions, and of its other pages."""

    object_actions: tuple[ObjectAction[Any], ...] = ()
    #: Whether these addresses also need the right to see the model.
    addresses_need_view = False

    def get_urls(self) -> list[URLPattern]:
        by_route: dict[str, list[ObjectAction[Any]]] = {}
        for action in self.object_actions:
            by_route.setdefault(action.shown_route, []).append(action)
        urls: Any = super()
        own = [self._action_address(route, rows) for route, rows in by_route.items()]
        return [*own, *urls.get_urls()]

    def offered(
        self, request: HttpRequest, subject: Any, bound: dict[str, ServiceForm] | None = None
    ) -> list[dict[str, Any]]:
        """The forms on the object's own page that this person is offered now, in their order.

        `bound` holds the refused ones, by name, with everything that was typed.
        """
        actor, found = actor_of(request), []
        for action in self.object_actions:
            if not (action.is_on_page and request.user.has_perms(action.permissions)):
                continue
            address, refused = action.address(subject), (bound or {}).get(action.name)
            earlier = {} if refused else drafts.texts_for(request, address)
            if refused or earlier or not action.why_not(subject, actor):
                found.append(
                    {
                        "action": action,
                        "address": address,
                        "form": refused or action.blank(request, subject, earlier),
                        "from_draft": bool(earlier),
                        "is_open": bool(refused or earlier),
                    }
                )
        return found

    def _action_address(self, route: str, rows: list[ObjectAction[Any]]) -> URLPattern:
        by_name, slug = {row.name: row for row in rows}, rows[0].slug

        def view(model_admin: Any, request: HttpRequest, **address: Any) -> HttpResponse:
            action = by_name.get(address.pop(slug) if slug else rows[0].name)
            if action is None:
                raise Http404
            return action.carry_out(model_admin, request, **address)

        return self.address(route, view, rows[0].url_name)

    def address(self, route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        """The view behind the admin's gate; the view checks its own permission."""
        model_admin: Any = self

        def bound(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if self.addresses_need_view and not model_admin.has_view_permission(request):
                raise PermissionDenied
            return view(model_admin, request, **arguments)

        wrapped = model_admin.admin_site.admin_view(bound)
        wrapped.model_admin = model_admin
        return path(route, wrapped, name=name)


def check(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
