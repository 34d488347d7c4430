// The menu in the header: an ordinary disclosure with buttons, closed by Esc, by a click elsewhere or by leaving it.

export function setUpMenu(button, panel, actions) {
  const show = (open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(panel.hidden));
  panel.addEventListener("click", (event) => {
    const name = event.target.closest("[data-actie]")?.dataset.actie;
    if (!name) return;
    show(false);
    button.focus();
    actions[name]?.();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!panel.hidden && !panel.contains(event.target) && !button.contains(event.target)) show(false);
  });
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.contains(event.relatedTarget) && event.relatedTarget !== button) show(false);
  });
  return {
    /** True when there was something to close. */
    close() {
      if (panel.hidden) return false;
      show(false);
      button.focus();
      return true;
    },
  };
}

/** Ask first: a native dialog keeps the focus and closes with Esc. */
export function ask(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    dialog.showModal();
  });
}
