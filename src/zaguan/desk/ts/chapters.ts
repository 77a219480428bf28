// The chapter of the settings one is in stands in sight, however long the list beside it is.
export function chapters(): void {
  const here = document.querySelector<HTMLElement>("[data-chapters] [aria-current]");
  const room = here?.closest<HTMLElement>(".pane__body");
  if (!here || !room) return;
  const { top, bottom } = here.getBoundingClientRect();
  const around = room.getBoundingClientRect();
  if (top < around.top || bottom > around.bottom) room.scrollTop += top - around.top - around.height / 2;
}
