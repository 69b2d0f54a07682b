/** Sets the chosen colour scheme before the first paint; without a choice the system's holds. */
try {
  const theme = localStorage.getItem("infraaudit.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: the system's scheme is fine.
}
