// Asking how far a file is: where the session ran out, nobody is taken away from what he types.
"use strict";

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!event.target.matches("[data-being-scrubbed]")) return;
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) {
    event.preventDefault();
    event.target.removeAttribute("hx-get"); // and it is not asked again
    event.target.replaceWith(event.target.cloneNode(true));
  }
});
