// Runs before the first paint, so that a dark page does not flash white.
(function () {
  var theme = "auto";
  try {
    theme = JSON.parse(localStorage.getItem("adminTheme")) || "auto";
  } catch (error) {
    theme = "auto";
  }
  var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  if (theme === "dark" || (theme === "auto" && dark)) {
    document.documentElement.classList.add("dark");
  }
})();
