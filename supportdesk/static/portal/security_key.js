// Asks a security key, by allauth's scripts, and says in words what came in its way.
"use strict";

(() => {
  const form = document.querySelector("form[data-key]");
  const button = document.getElementById("ask-key");
  const error = form.querySelector("[data-key-error]");
  const OTHER = "The browser could not reach the key. Try again, or use another browser.";
  // What browsers call it, and what it means here.
  const WHY = {
    NotAllowedError: "No key responded: the request was cancelled, took too long, or this key is not one of yours. Try again.",
    InvalidStateError: "This key has already been added. Use another one.",
    NotSupportedError: "This key cannot be used here. Use another one.",
    SecurityError: "Security keys work only at the desk's own address, and this is not it. Open the desk by its usual link.",
  };

  function say(words) {
    error.textContent = words;
    error.hidden = !words;
    if (words) error.focus();
  }

  if (!window.isSecureContext || !window.webauthnJSON.supported()) {
    button.disabled = true;
    say("This browser cannot use security keys. Open the desk in a current browser, over HTTPS.");
    return;
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault(); // it stands on the page; the console is for faults
    button.disabled = false;
    say(WHY[event.detail.exception.name] || OTHER);
  });
  // One question at a time.
  button.addEventListener("click", () => {
    say("");
    button.disabled = true;
  });
  // Enter in the name's field is the button.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    button.click();
  });
  const ask = window.allauth.webauthn.forms[form.dataset.key];
  ask({ ids: { add: button.id, authenticate: button.id, credential: "id_credential", data: "key-data" } });
})();
