// Before the first paint: the widths and folds this agent left, and the theme where no agent is signed in.
// A classic script in the head, so nothing jumps afterwards.
{
  const root = document.documentElement;
  const stored = (key: string): string | null => {
    try {
      return localStorage.getItem(`zaguan.${key}`);
    } catch {
      return null;
    }
  };
  for (const pane of ["views", "list", "panel"]) {
    const width = stored(`width.${pane}`);
    if (width) root.style.setProperty(`--${pane}-w`, `${Number.parseInt(width, 10)}px`);
  }
  const folded = stored("folded");
  if (folded) root.dataset.folded = folded;
  if (!root.hasAttribute("data-signed-in")) {
    const theme = stored("theme");
    if (theme && theme !== "system") root.dataset.theme = theme;
  }
  root.dataset.script = "";
}
