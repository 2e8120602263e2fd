"""How a view redirects the browser, whether a person or the portal's script made the request."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django_htmx.http import HttpResponseClientRedirect

#: The script that shows the progress of an upload sends this header: if it followed the redirect
#: itself, it would consume the messages of the page that the person is to see.
UPLOAD_HEADER = "X-Upload"


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect; for a script, the address to which it then sends the browser.

    htmx would follow a redirect itself and look for its part of the page in another page.
    """
    if request.headers.get(UPLOAD_HEADER):
        return JsonResponse({"location": address})
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)
