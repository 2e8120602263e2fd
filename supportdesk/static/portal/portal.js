// Makes the portal's forms pleasanter; every one of them works without it.
"use strict";

(() => {
  const UPLOAD_HEADER = "X-Upload";
  const LONGEST = 30 * 60 * 1000; // of one upload, in milliseconds
  // What a proxy in front of the desk answers, or the desk where it cannot, in words that help.
  const WHY = {
    409: "Somebody else is working on this. Press the button again in a moment.",
    503: "The desk is very busy, or is being restarted. Press the button again in a minute.",
    507: "There is no storage left for files on our side. Send the text without them, or try again later.",
    413: "The files are larger than the server accepts at once. Choose fewer or smaller ones and press the button again.",
  };

  // An upload is sent by script where files were chosen, so that its progress can be shown.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (form.dataset.sending) {
      event.preventDefault(); // the second of two clicks
      return;
    }
    if (form.method !== "post") return;
    mark(form, true);
    const files = form.matches("[data-upload]") ? form.querySelector("input[type=file]") : null;
    if (!files || !files.files.length) return;
    event.preventDefault();
    send(form, files);
  });

  // A page that comes back from the browser's memory after one of its forms was sent is fetched
  // again, with a form that was not used. Where nothing was sent, what was typed stays.
  window.addEventListener("pageshow", (event) => {
    const sent = document.querySelectorAll("form[data-sending]");
    if (event.persisted && sent.length) location.reload();
    else sent.forEach((form) => mark(form, false));
  });

  function mark(form, sending) {
    if (sending) form.dataset.sending = "yes";
    else delete form.dataset.sending;
    for (const button of form.querySelectorAll("button[type=submit]")) {
      if (sending) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }

  function send(form, input) {
    const box = form.querySelector("[data-progress]");
    const bar = box.querySelector("progress");
    const words = box.querySelector("[data-progress-words]");
    const chosen = input.files;
    const request = new XMLHttpRequest();
    box.hidden = false;
    bar.value = 0;
    words.textContent = "Sending the files …";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.round((100 * event.loaded) / event.total);
      bar.value = percent;
      if (percent === 100) words.textContent = "Sent. The files are being checked …";
      else if (percent % 10 === 0) words.textContent = `${percent} % sent`;
    });
    const failed = (what) => {
      mark(form, false);
      bar.value = 0;
      words.textContent = `${what} What you wrote is still here.`;
    };
    request.addEventListener("load", () => {
      const next = addressIn(request);
      if (next) location.assign(next);
      else if (!show(request.responseText, form, chosen)) failed(WHY[request.status] || `The server could not accept it (${request.status}). Press the button again in a minute.`);
    });
    request.addEventListener("error", () => failed("The connection was lost. Press the button again."));
    request.addEventListener("abort", () => failed("Sending was stopped. Press the button again."));
    request.addEventListener("timeout", () => failed("This took too long. Press the button again; a form that has already arrived is not processed twice."));
    request.timeout = LONGEST;
    request.open("POST", form.action);
    request.setRequestHeader(UPLOAD_HEADER, "1");
    request.send(new FormData(form));
  }

  // Where the server sends the browser; nothing where the answer says no such thing.
  function addressIn(request) {
    if (!(request.getResponseHeader("Content-Type") || "").startsWith("application/json")) return "";
    try {
      return JSON.parse(request.responseText).location || "";
    } catch {
      return "";
    }
  }

  // The page that answered, errors and all; the chosen files stay chosen. False where the answer
  // is no page of the desk, but of a proxy in front of it.
  function show(html, form, chosen) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const main = answer.querySelector("main");
    if (!main) return false;
    const action = form.getAttribute("action");
    document.title = answer.title;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    const again = [...document.querySelectorAll("form[data-upload]")].find((each) => each.getAttribute("action") === action);
    if (again) {
      again.querySelector("input[type=file]").files = chosen;
      for (const note of again.querySelectorAll("[data-files-again]")) note.hidden = true;
    }
    toFirstError();
    return true;
  }

  function toFirstError() {
    const error = document.querySelector("[data-first-error]");
    if (error) {
      error.focus();
      error.scrollIntoView({ block: "start" });
    }
  }

  toFirstError();
})();
