// Counts down to the time from which help can be asked for, and then has the panel fetched anew.
// Without it the page says the time, and shows the button on the next visit.
"use strict";

(() => {
  const TRY_AGAIN = 30 * 1000; // where the answer did not come
  const shownAt = new WeakMap(); // by the clock of this machine, of which only spans are used
  const askedAt = new WeakMap();

  function tick() {
    const now = Date.now();
    for (const place of document.querySelectorAll("[data-seconds-left]")) {
      if (!shownAt.has(place)) shownAt.set(place, now);
      const left = Number(place.dataset.secondsLeft) - Math.floor((now - shownAt.get(place)) / 1000);
      if (left > 0) place.textContent = `${inWords(left)} left.`;
      else reached(place, now);
    }
  }

  function reached(place, now) {
    const panel = place.closest("[hx-get]");
    if (!panel) place.textContent = "You can send it now.";
    else if (now - (askedAt.get(place) || 0) >= TRY_AGAIN) {
      askedAt.set(place, now);
      place.textContent = "The time has come …";
      panel.dispatchEvent(new CustomEvent("reached"));
    }
  }

  function inWords(seconds) {
    const parts = [
      [Math.floor(seconds / 86400), "day"],
      [Math.floor(seconds / 3600) % 24, "hour"],
      [Math.floor(seconds / 60) % 60, "minute"],
      [seconds % 60, "second"],
    ];
    const from = parts.findIndex(([number]) => number > 0);
    return parts
      .slice(from, from + 2)
      .filter(([number]) => number > 0)
      .map(([number, unit]) => `${number} ${unit}${number === 1 ? "" : "s"}`)
      .join(", ");
  }

  // Where the session ran out, nobody is taken away from what he types.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.target.id === "help" && event.detail.xhr.getResponseHeader("HX-Redirect")) {
      event.preventDefault();
      tell("The time has come. Reload the page to see whether you can ask for help.");
    }
  });

  document.addEventListener("htmx:afterSettle", () => {
    const panel = document.getElementById("help");
    if (panel && panel.querySelector("a.button")) tell(`${panel.dataset.label} can be asked for now.`);
    tick();
  });

  function tell(words) {
    const line = document.querySelector("[data-help-status]");
    if (line) line.textContent = words;
  }

  document.addEventListener("visibilitychange", tick);
  setInterval(tick, 1000);
  tick();
})();
