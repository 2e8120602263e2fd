"""How a view sends the browser on, whether a person or the portal's script asked."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django_htmx.http import HttpResponseClientRedirect

#: The script that shows the progress of an upload says so: a redirect that it followed by itself
#: would use up the messages of the page that the person is to see.
UPLOAD_HEADER = "X-Upload"


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect; to a script the address, to which it then sends the browser.

    htmx would follow a redirect by itself and look for its part of the page in another page.
    """
    if request.headers.get(UPLOAD_HEADER):
        return JsonResponse({"location": address})
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)
