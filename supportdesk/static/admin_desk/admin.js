// The admin under a strict Content-Security-Policy: the components that Unfold's templates name,
// registered for Alpine's CSP build, which evaluates expressions without eval. Further: the
// composer of the case page, and what makes Unfold's controls usable with the keyboard.
"use strict";

// Expressions of Unfold's templates that the CSP build refuses (globals, string styles), by
// selector. The admin does without them; the browser test fails when a new version brings more.
const REFUSED = [
  ["form[x-bind\\:action]", "x-bind:action"],
  ["[x-bind\\:style]", "x-bind:style"],
  ["[x-resize]", "x-resize"],
];

document.addEventListener("alpine:init", () => {
  for (const [selector, attribute] of REFUSED) {
    for (const element of document.querySelectorAll(selector)) {
      element.removeAttribute(attribute);
    }
  }
  Alpine.data("theme", theme);
  Alpine.data("searchForm", searchForm);
  Alpine.data("desk", () => ({
    activeTab: "",
    sidebarMobileOpen: false,
    sidebarDesktopOpen: localStorage.getItem("sidebarDesktopOpen") !== "0",
    init() {
      this.activeTab = getCurrentTab() || document.body.dataset.activeTab || "";
    },
    toggleSidebar() {
      this.sidebarDesktopOpen = !this.sidebarDesktopOpen;
      localStorage.setItem("sidebarDesktopOpen", this.sidebarDesktopOpen ? "1" : "0");
    },
  }));
});

// Unfold's controls are spans and links without an address: give them a role, a name and keys.
const CONTROLS = [
  ["span[x-on\\:click^='sidebarMobileOpen']", "Close the menu"],
  ["div[x-on\\:click^='openUserLinks']", "Your account and the theme"],
  ["a[x-on\\:click^='switchTheme']", ""],
  ["a[x-on\\:click='filterOpen = true']", "Filters"],
  ["[x-on\\:click^='openRelatedWidgetWrapper =']", "Related"],
];

function makeOperable() {
  for (const [selector, name] of CONTROLS) {
    for (const element of document.querySelectorAll(selector)) {
      element.setAttribute("role", "button");
      element.tabIndex = 0;
      if (name && !element.hasAttribute("aria-label")) {
        element.setAttribute("aria-label", name);
      }
      element.addEventListener("keydown", (event) => {
        if (event.target === element && (event.key === "Enter" || event.key === " ")) {
          event.preventDefault();
          element.click();
        }
      });
    }
  }
}

// Landmarks and names that Unfold's templates leave out.
function nameRegions() {
  document.getElementById("main")?.setAttribute("role", "main");
  for (const area of document.querySelectorAll("[data-simplebar]")) {
    const title = area.closest("fieldset")?.querySelector("h2")?.textContent.trim() || "List";
    area.dataset.simplebarAriaLabel = area.id === "nav-sidebar-apps" ? "Side bar" : title;
  }
  // The column of the buttons that remove a row.
  for (const head of document.querySelectorAll(".tabular thead th")) {
    if (!head.textContent.trim()) {
      head.innerHTML = '<span class="desk-hidden">Remove</span>';
    }
  }
  for (const [index, heading] of document.querySelectorAll("#changelist-filter h3").entries()) {
    heading.setAttribute("aria-level", "2");
    heading.id = `filter-title-${index}`;
  }
}

// An autocomplete's box takes the name of its label, or of the heading above it.
function nameAutocompletes() {
  for (const box of document.querySelectorAll(".select2-container")) {
    const select = box.previousElementSibling;
    const label = select?.labels?.[0] || select?.closest("div:has(> h3)")?.querySelector("h3");
    const column = select?.closest("td")?.className.match(/field-(\w+)/)?.[1];
    const name = label?.textContent.trim() || column || "Choose";
    for (const part of box.querySelectorAll("[role=combobox], [role=textbox]")) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
  }
}

// The composer: one panel open at a time, the cursor in it, r and n as keys for the two.
function composer() {
  const panels = document.querySelectorAll("details.composer");
  for (const panel of panels) {
    panel.addEventListener("toggle", () => {
      if (!panel.open) {
        return;
      }
      for (const other of panels) {
        if (other !== panel) {
          other.open = false;
        }
      }
      panel.querySelector("textarea").focus();
    });
  }
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest("input, textarea, select, [contenteditable]");
    if (busy || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const panel = document.querySelector(`details.composer[data-key="${CSS.escape(event.key)}"]`);
    if (panel) {
      event.preventDefault();
      panel.open = true;
    }
  });
}

// A text that was typed and not sent: ask before the page is left.
function keepText() {
  let sending = false;
  for (const form of document.querySelectorAll("form[data-keep]")) {
    form.addEventListener("submit", (event) => {
      if (sending) {
        event.preventDefault();
      }
      sending = true;
    });
  }
  window.addEventListener("pageshow", () => (sending = false));
  window.addEventListener("beforeunload", (event) => {
    const typed = [...document.querySelectorAll("form[data-keep] textarea")].some(
      (area) => area.value !== area.defaultValue
    );
    if (typed && !sending) {
      event.preventDefault();
    }
  });
}

// This script is deferred: the page is parsed, and SimpleBar, which reads the names, has not begun.
nameRegions();

document.addEventListener("DOMContentLoaded", () => {
  makeOperable();
  composer();
  keepText();
});

window.addEventListener("load", () => {
  nameAutocompletes();
  new MutationObserver(nameAutocompletes).observe(document.body, {
    childList: true,
    subtree: true,
  });
});
