// Asks whether anybody is there before the session ends by itself (AC-11), and leaves the page when
// it has ended. The server decides: this only tells of it. Other tabs count too, so ask it first.
"use strict";

(() => {
  const box = document.getElementById("session-end");
  if (!box) return;
  const words = box.querySelector("[data-words]");
  const left = box.querySelector("[data-left]");
  const stay = box.querySelector("[data-stay]");
  const { address, signIn } = box.dataset;
  const WARNING = Number(box.dataset.warning);
  const ASK_AGAIN = 10; // seconds, while the question is open
  const ANNOUNCED = [60, 30, 10]; // seconds left; each is said once
  let ends = 0; // by this computer's clock, which goes on while it sleeps
  let asked = 0;
  let busy = false;
  let announced = [];

  const remaining = () => Math.round((ends - Date.now()) / 1000);
  const endsIn = (seconds) => (ends = Date.now() + seconds * 1000);

  async function ask(method) {
    asked = Date.now();
    const options = { method, headers: { Accept: "application/json" }, cache: "no-store" };
    if (method === "POST") options.body = new FormData(stay);
    const answer = await fetch(address, options);
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  function open(renewable) {
    stay.hidden = !renewable;
    words.textContent = renewable
      ? "You have been inactive for a while, so you will be signed out soon. What you are writing is kept."
      : "Your session is about to end, as every session does after some hours. Send what you are writing, or find it again after your next sign-in.";
    if (box.open) return;
    announced = [];
    left.textContent = `${remaining()} seconds left.`;
    box.showModal();
  }

  function announce() {
    const due = ANNOUNCED.find((seconds) => remaining() <= seconds && !announced.includes(seconds));
    if (!due) return;
    announced = ANNOUNCED.filter((seconds) => seconds >= due);
    left.textContent = `${Math.max(remaining(), 0)} seconds left.`;
  }

  // What was typed and not sent goes to where it would be sent, now that nobody is signed in: there
  // it is kept for its writer, and carried out by nobody.
  async function keep() {
    for (const form of document.querySelectorAll("form")) {
      const texts = [...form.querySelectorAll("textarea, input[type=text], input:not([type])")];
      const typed = texts.some((each) => each.value !== each.defaultValue);
      if (!form.elements.kept_for || !typed) continue;
      const data = new FormData(form);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      await fetch(form.action, { method: "POST", body: new URLSearchParams(data), redirect: "manual" });
    }
  }

  async function leave() {
    box.classList.add("over");
    words.textContent = "You are signed out. What you were writing is kept.";
    left.textContent = "";
    if (!box.open) box.showModal();
    try {
      await keep();
    } finally {
      // Nothing that is typed is lost, so no page asks whether it may be left.
      window.addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), true);
      location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
    }
  }

  async function look() {
    if (busy || remaining() > WARNING) return;
    announce();
    if (remaining() > 0 && box.open && Date.now() - asked < ASK_AGAIN * 1000) return;
    busy = true;
    try {
      const state = await ask("GET");
      endsIn(state.seconds);
      if (state.seconds <= 0) return await leave();
      if (state.seconds > WARNING) box.close();
      else open(state.renewable);
    } catch {
      if (remaining() <= 0) box.classList.add("over"); // no answer: hide the page all the same
      if (remaining() <= 0 && !box.open) open(false);
    }
    busy = false;
  }

  stay.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    try {
      const state = await ask("POST");
      endsIn(state.seconds);
      if (state.seconds > 0) box.close();
    } catch {
      left.textContent = "The desk did not respond. Press the button again.";
    }
  });
  // Escape answers the question, and does not merely hide it.
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!stay.hidden && !box.classList.contains("over")) stay.requestSubmit();
  });

  endsIn(Number(box.dataset.seconds));
  setInterval(look, 1000);
  window.addEventListener("pageshow", (event) => event.persisted && (endsIn(WARNING), look()));
  document.addEventListener("visibilitychange", look);
})();
