/** The colour scheme: the system's, or the one the person chose. */
import { useState } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = typeof THEMES[number];

const KEY = "infraaudit.theme";

function read(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** The chosen scheme and how to choose another. `public/first_paint.js` restores it before the first paint. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(read);
  const choose = (next: Theme) => {
    if (next === "system") {
      localStorage.removeItem(KEY);
      delete document.documentElement.dataset.theme;
    } else {
      localStorage.setItem(KEY, next);
      document.documentElement.dataset.theme = next;
    }
    setTheme(next);
  };
  return [theme, choose];
}
