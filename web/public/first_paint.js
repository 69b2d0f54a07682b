/** Before the first paint: the chosen colour scheme, and which outline of a view the page shows at first. */
try {
  const page = document.documentElement.dataset;
  const theme = localStorage.getItem("infraaudit.theme");
  if (theme === "light" || theme === "dark") page.theme = theme;
  // The other views before sign-in are small texts that differ: no outline fits them all.
  if (!/^\/(sign-up|forgot-password|reset-password|invite|reference)\b/.test(location.pathname)) {
    page.outline = localStorage.getItem("infraaudit.session") ? "app" : "sign-in";
  }
} catch {
  // Storage may be forbidden: the system's scheme is fine, and the view comes without an outline.
}
