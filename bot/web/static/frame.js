// Inside a site: the few words this page exchanges with the widget around it, only with the site that opened it.

export class Frame {
  constructor({ embedded, onOpen, onClose }) {
    const origin = new URLSearchParams(location.search).get("ouder") || "";
    this.origin = /^https?:\/\/[^/]+$/.test(origin) ? origin : null;
    this.active = embedded && window.parent !== window;
    this.open = true;
    this.unread = 0;
    if (!this.active) return;
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.origin !== this.origin) return;
      if (event.data?.samenspel === "open") {
        this.open = true;
        this.#setUnread(0);
        onOpen();
      }
      if (event.data?.samenspel === "dicht") {
        this.open = false;
        onClose();
      }
    });
  }

  ready() {
    this.#tell({ samenspel: "gereed" });
  }

  close() {
    this.#tell({ samenspel: "sluit" });
  }

  countUnread() {
    if (!this.open) this.#setUnread(this.unread + 1);
  }

  #setUnread(count) {
    if (count === this.unread) return;
    this.unread = count;
    this.#tell({ samenspel: "ongelezen", aantal: count });
  }

  #tell(message) {
    if (this.active && this.origin) window.parent.postMessage(message, this.origin);
  }
}

/** The site's own colour for header, buttons and own messages, with letters that stay readable on it. */
export function applyColour(root) {
  const hex = /^[0-9a-f]{6}$/i.exec(new URLSearchParams(location.search).get("kleur") || "")?.[0];
  if (!hex) return;
  const [r, g, b] = [0, 2, 4].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  root.style.setProperty("--brand", `#${hex}`);
  root.style.setProperty("--on-brand", 1.05 / (luminance + 0.05) >= 4.5 ? "#fff" : "#000");
}
