"""What pages with one form share: an address behind the admin's gate, and the page itself."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from cases import drafts

REFUSED = 422


def address(
    model_admin: Any, route: str, view: Callable[..., HttpResponseBase], name: str
) -> URLPattern:
    """The view behind the admin's gate; it states its own permission (`check`)."""

    def bound(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        return view(model_admin, request, **arguments)

    wrapped = model_admin.admin_site.admin_view(bound)
    wrapped.model_admin = model_admin
    return path(route, wrapped, name=name)


def check(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def posted(request: HttpRequest) -> QueryDict | None:
    """What binds a form: what was sent, be it nothing at all; None where nothing was sent."""
    return request.POST if request.method == "POST" else None


def finish(request: HttpRequest, words: str, to: str) -> HttpResponse:
    """It is done: the words, the next page, and no draft that waits for this form."""
    drafts.forget(request, request.path)
    messages.success(request, words)
    return redirect(to)


def form_page(
    model_admin: Any,
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    button: str,
    back: str,
    help: str = "",
    **more: Any,
) -> HttpResponse:
    """The form on a page of its own; what was refused is shown again with its reasons.

    What was typed before the session ran out stands in it again (`cases.drafts`); with `unkept` it
    is not kept.
    """
    earlier = {} if form.is_bound else drafts.texts_for(request, request.path)
    form.initial.update(earlier)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "form": form,
        "form_help": help,
        "button": button,
        "back": back,
        "was_kept": bool(earlier),
        **more,
    }
    status = REFUSED if form.is_bound else 200
    return TemplateResponse(request, "admin/cases/form_page.html", context, status=status)
