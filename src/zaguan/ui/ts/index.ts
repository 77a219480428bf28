// All shared behaviours. Call startAll(document) once and startAll(part) after each part that htmx put in.
import { accordions } from "./accordion";
import { autogrow } from "./autogrow";
import { comboboxes } from "./combobox";
import { conditions } from "./conditions";
import { copying } from "./copy";
import { dialogs } from "./dialog";
import { isMac } from "./dom";
import { menus } from "./menu";
import { panes } from "./panes";
import { relativeTimes } from "./relative";
import { sortables } from "./sortable";
import { tabs } from "./tabs";
import { themes } from "./theme";
import { toasts } from "./toast";
import { tokenFields } from "./tokens";
import { tooltips } from "./tooltip";

export { openDialog } from "./dialog";
export { clickOpener } from "./menu";
export { openDrawer, toggleFold } from "./panes";
export { place } from "./place";
export { setLook } from "./theme";
export { showToast } from "./toast";

/** Bind everything below `root`; what is bound already stays as it is. */
export function startAll(root: ParentNode): void {
  for (const behaviour of [menus, dialogs, toasts, panes, tabs, accordions, autogrow, comboboxes, tokenFields, conditions, sortables]) {
    behaviour(root);
  }
  for (const once of [tooltips, relativeTimes, copying, themes]) once();
  if (isMac()) for (const key of root.querySelectorAll("kbd[data-mod]")) key.textContent = "⌘";
}
