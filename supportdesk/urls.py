"""The addresses of one realm."""

from allauth.account.decorators import secure_admin_login
from allauth.account.views import login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from cases import realm
from supportdesk import health, portal
from supportdesk.sign_in import session_timeout, use_notification

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


urlpatterns = [
    re_path(r"^accounts/(?:email|confirm-email|password/set|login/code)/", portal.not_offered),
    path("healthz", health.healthz),
    path("accounts/2fa/", include("supportdesk.sign_in.mfa_views")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("escalations.urls")),
    *(path("", include(each)) for each in realm.current().portal_urls),
    path("", include("cases.urls")),
]
if realm.current().shows_system_use_notice:
    urlpatterns[:0] = [
        path("accounts/notice/", use_notification.notice, name="system_use_notice"),
        path("accounts/login/", use_notification.first(login), name="account_login"),
    ]
if realm.current().sign_in_provider:
    from supportdesk.sign_in import oidc

    urlpatterns[:0] = oidc.urlpatterns
if settings.STAFF_IDLE_MINUTES or settings.CONTACT_IDLE_MINUTES:
    urlpatterns.insert(0, path("session/", session_timeout.session, name="session"))

handler400 = "supportdesk.portal.bad_request"
handler403 = "supportdesk.portal.permission_denied"
handler404 = "supportdesk.portal.page_not_found"
handler500 = "supportdesk.busy.server_error"
