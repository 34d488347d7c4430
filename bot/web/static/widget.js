/* Samenspel on any site: <script src="https://.../widget.js" data-gemeente="GM0344" async></script>
   Optional: data-campagne, data-taal, data-kleur="#0b4a6f", data-tekst="Praat mee".
   All of it lives in one shadow root beside <body>: the site's styles do not reach it and it changes nothing of the
   site. The chat itself is a page of ours in a frame, so the site cannot read what a resident writes. */
(() => {
  "use strict";

  const MARK = Symbol.for("samenspel.widget");
  const script = document.currentScript || document.querySelector('script[data-gemeente][src*="widget.js"]');
  if (!script || window[MARK]) return;
  const municipality = (script.dataset.gemeente || "").toUpperCase();
  if (!/^GM\d{4}$/.test(municipality)) {
    console.warn('Samenspel: zet data-gemeente="GM...." op de script-tag, met de code van uw gemeente.');
    return;
  }
  window[MARK] = true;

  const hex = /^#([0-9a-f]{6})$/i.exec(script.dataset.kleur || "")?.[1];
  const text = script.dataset.tekst || "Praat mee";
  const frameUrl = new URL(`widget/${municipality}`, script.src);
  const pageUrl = new URL(`chat/${municipality}`, script.src);
  for (const [name, value] of Object.entries({
    campagne: script.dataset.campagne,
    taal: script.dataset.taal,
    kleur: hex,
    ouder: location.origin,
  })) {
    if (value) frameUrl.searchParams.set(name, value);
  }

  // !important inside a shadow root outranks !important of the site, so `* { display: none !important }` has no effect.
  const css = `
    :host { all: initial !important; direction: ltr !important; unicode-bidi: isolate !important; display: block !important;
      position: fixed !important; inset: auto 0 0 auto !important; width: 0 !important; height: 0 !important;
      z-index: 2147483647 !important; --brand: #0b4a6f !important; --on-brand: #fff !important;
      font: 400 medium/1.4 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif !important; }
    :host::before, :host::after { content: none !important; }
    :host::backdrop { display: none !important; }
    @media print { :host { display: none !important; } }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button { font: inherit; cursor: pointer; }
    .launcher { position: fixed; right: max(1.25em, env(safe-area-inset-right)); bottom: max(1.25em, env(safe-area-inset-bottom));
      display: flex; align-items: center; gap: .625em; min-height: 3.5em; min-width: 3.5em; padding: .5em 1.375em .5em 1.125em;
      border: 2px solid #fff; border-radius: 1.75em; background: var(--brand); color: var(--on-brand); font-weight: 600;
      font-size: 1.0625em; box-shadow: 0 .25em 1.25em rgb(6 32 48 / .35); transition: transform .15s, box-shadow .15s; }
    .launcher:hover { transform: translateY(-2px); box-shadow: 0 .5em 1.5em rgb(6 32 48 / .4); }
    .launcher svg { width: 1.75em; height: 1.75em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8;
      stroke-linecap: round; stroke-linejoin: round; }
    .launcher[aria-expanded=true] { padding: .5em; justify-content: center; }
    .launcher[aria-expanded=true] .open, .launcher[aria-expanded=false] .shut { display: none; }
    .badge { position: absolute; top: -.375em; right: -.25em; min-width: 1.5em; height: 1.5em; padding: 0 .4em;
      border: 2px solid #fff; border-radius: .75em; background: #b3410e; color: #fff; font-size: .8125em; line-height: 1.3;
      font-weight: 700; text-align: center; }
    :focus-visible { outline: 3px solid #ffb347; outline-offset: 2px; box-shadow: 0 0 0 5px #062030; }
    dialog { display: none; position: fixed; inset: auto max(1.25em, env(safe-area-inset-right)) 5.75em auto; margin: 0; padding: 0;
      width: min(25em, calc(100vw - 2.5em)); height: min(40em, calc(100vh - 7em)); height: min(40em, calc(100dvh - 7em));
      max-width: none; max-height: none; border: 1px solid rgb(6 32 48 / .18); border-radius: 1.25em; overflow: hidden;
      background: #f7f4ee; color: #17303f; box-shadow: 0 1em 3.5em rgb(6 32 48 / .32); overscroll-behavior: contain; }
    dialog[open] { display: flex; flex-direction: column; }
    dialog[open]:not(.whole) { animation: rise .2s ease-out; }
    dialog.whole { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; }
    @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
    @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
    @media (prefers-color-scheme: dark) { dialog { background: #0e1c26; color: #e8eef2; border-color: rgb(255 255 255 / .2); } }
    @media (forced-colors: active) { .launcher, .badge, dialog { border: 2px solid ButtonText; } }
    @media (max-width: 480px), (max-height: 420px) {
      .launcher[aria-expanded=false] { padding: .5em; justify-content: center; } .word { display: none; } }
    .wait { display: flex; flex-wrap: wrap; align-items: center; gap: .5em 1em; padding: .75em 1em; }
    .wait p { flex: 1 1 12em; margin: 0; }
    .wait a { color: inherit; }
    .wait button { min-height: 2.75em; padding: 0 1em; border: 1px solid currentColor; border-radius: .75em; background: none; color: inherit; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: none; }
    .hidden-text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }`;

  function make(name, attributes, ...children) {
    const svg = name === "svg" || name === "path";
    const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  const drawing = (name, d) => make("svg", { class: name, viewBox: "0 0 24 24", "aria-hidden": "true" }, make("path", { d }));
  const host = make("div", { "data-samenspel": "", role: "presentation", popover: "manual" });
  const root = host.attachShadow({ mode: "open" }); // open, so that accessibility checks of the site see the button too
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = make("style", {}, css); // browsers from before 2023
    style.nonce = script.nonce;
    root.append(style);
  }

  const word = make("span", { class: "word" }, text);
  const badge = make("span", { class: "badge", "aria-hidden": "true", hidden: "" });
  const launcher = make(
    "button",
    { type: "button", class: "launcher", "aria-expanded": "false", "aria-haspopup": "dialog" },
    drawing("open", "M8.5 17.5H6a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3h9a3 3 0 0 1 3 3v.5M12 20.5l-2.5 2v-2.3a2.7 2.7 0 0 1-1-2.2v-4.500a3 3 0 0 1 3-3H18a3 3 0 0 1 3 3V17.500a3 3 0 0 1-3 3z"),
    drawing("shut", "M6 9.500l6 6 6-6"),
    word,
    badge,
  );
  const waitText = make("p", {}, "De chat wordt geladen…");
  const waitClose = make("button", { type: "button" }, "Sluiten");
  const wait = make("div", { class: "wait" }, waitText, waitClose);
  const dialog = make("dialog", { "aria-label": "Chat van Samenspel" }, wait);
  root.append(make("aside", { "aria-label": "Chat" }, launcher, dialog));

  const phone = matchMedia("(max-width: 480px), (max-height: 420px)");
  let frame = null;
  let ready = false;
  let unread = 0;

  const tell = (word_) => frame?.contentWindow?.postMessage({ samenspel: word_ }, frameUrl.origin);

  function label() {
    const open = dialog.open;
    const news = unread === 1 ? ", 1 nieuw bericht" : unread ? `, ${unread} nieuwe berichten` : "";
    launcher.setAttribute("aria-label", open ? "Sluit de chat" : `${text}: open de chat${news}`);
    launcher.setAttribute("aria-expanded", String(open));
    word.hidden = open;
    badge.hidden = open || !unread;
    badge.textContent = unread > 9 ? "9+" : String(unread);
  }

  function load() {
    frame = make("iframe", { title: "Chat van Samenspel", src: frameUrl.href, referrerpolicy: "origin" });
    dialog.append(frame);
    setTimeout(() => {
      if (ready) return;
      const link = make("a", { href: pageUrl.href, target: "_blank", rel: "noopener" }, "Open de chat in een nieuw venster");
      waitText.replaceChildren("De chat laadt nog. Lukt het niet? ", link, ".");
    }, 8000);
  }

  function show() {
    dialog.classList.toggle("whole", phone.matches);
    if (phone.matches) dialog.showModal();
    else dialog.show();
    frame.focus();
    label();
    if (ready) tell("open");
  }

  function open() {
    if (!dialog.show) return void window.open(pageUrl.href, "_blank", "noopener"); // a browser from before 2022
    if (!frame) load();
    show();
  }

  function close() {
    if (dialog.open) dialog.close();
  }

  launcher.addEventListener("click", () => (dialog.open ? close() : open()));
  waitClose.addEventListener("click", close);
  dialog.addEventListener("close", () => {
    if (switching) return;
    if (ready) tell("dicht");
    label();
    launcher.focus();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !dialog.open) return;
    event.preventDefault();
    close();
  });
  let switching = false;
  phone.addEventListener("change", () => {
    if (!dialog.open) return;
    switching = true;
    dialog.close();
    show();
    setTimeout(() => (switching = false)); // the close event comes later
  });
  window.addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== frameUrl.origin) return;
    const kind = event.data?.samenspel;
    if (kind === "gereed") {
      ready = true;
      wait.hidden = true;
      tell(dialog.open ? "open" : "dicht");
    }
    if (kind === "sluit") close();
    if (kind === "ongelezen") {
      unread = Number(event.data.aantal) || 0;
      label();
    }
  });

  if (hex) {
    const [r, g, b] = [0, 2, 4].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    const dark = 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) >= 4.5;
    launcher.style.setProperty("--brand", `#${hex}`);
    launcher.style.setProperty("--on-brand", dark ? "#fff" : "#000");
  }
  label();
  document.documentElement.append(host);
  host.showPopover?.(); // above every z-index, and out of reach of a transform or filter on <html>
})();
