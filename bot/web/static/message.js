// One message as a list item: bubble, sources, "Lees meer", buttons, and for residents the state of sending.

import { el, hidden, icon, ICONS } from "./dom.js";
import { blocks, link, phoneNumbers, safeUrl, telUrl } from "./text.js";

const KINDS = new Set(["antwoord", "vraag", "bevestiging", "keuze", "fout", "griffie", "melding", "nood"]);
const OWN_DATA = /\/api\/v1\/mijn\/gegevens$/;

function kindOf(message) {
  if (message.van === "inwoner") return "eigen";
  if (message.van === "griffie") return "griffie";
  return KINDS.has(message.soort) ? message.soort : "antwoord";
}

function senderOf(kind, words, municipalityName) {
  if (kind === "eigen") return words.self;
  if (kind !== "griffie") return words.bot;
  return municipalityName ? words.clerkOf(municipalityName) : words.clerk;
}

function label(kind, words) {
  const text = { fout: words.error, nood: words.urgent }[kind];
  return text ? el("p", { class: "bubble-label" }, text) : null;
}

function callButtons(message, words) {
  const numbers = phoneNumbers(message.tekst || "");
  if (!numbers.length) return null;
  return el(
    "ul",
    { class: "calls" },
    ...numbers.map((number) =>
      el("li", {}, el("a", { class: "call", href: telUrl(number) }, icon(ICONS.phone), words.call(number))),
    ),
  );
}

function more(message, id, words) {
  if (!message.meer) return [];
  const text = el("div", { class: "more-text", id: `meer-${id}`, hidden: true }, ...blocks(message.meer, words));
  const button = el("button", { type: "button", class: "more", "aria-expanded": "false", "aria-controls": text.id }, words.more);
  button.addEventListener("click", () => {
    text.hidden = !text.hidden;
    button.setAttribute("aria-expanded", String(!text.hidden));
    button.textContent = text.hidden ? words.more : words.less;
  });
  // What a resident opens is theirs to read: the log does not read it out by itself.
  return [button, el("div", { "aria-live": "off" }, text)];
}

/** A file only for who holds the key of this conversation: fetched with that key, where a link would leave it out. */
function ownData(message, onOwnData) {
  const found = (message.links || []).find((item) => OWN_DATA.test(item.url));
  if (!found || !onOwnData) return null;
  const button = el("button", { type: "button", class: "more" }, found.titel);
  button.addEventListener("click", () => onOwnData());
  return button;
}

function sources(message, words) {
  const safe = (message.links || [])
    .filter((item) => !OWN_DATA.test(item.url))
    .map((item) => ({ ...item, url: safeUrl(item.url) }))
    .filter((item) => item.url);
  if (!safe.length) return null;
  return el(
    "div",
    { class: "sources" },
    el("p", { class: "sources-title" }, safe.length === 1 ? words.source : words.sources),
    el("ul", {}, ...safe.map((item) => el("li", {}, link(item.url, item.titel || item.url, words)))),
  );
}

function choices(message, words, onChoose) {
  const options = (message.knoppen || []).filter((option) => !option.klein);
  if (!options.length) return null;
  const group = el("div", { class: "choices", role: "group", "aria-label": words.choices });
  for (const option of options) {
    const button = el("button", { type: "button", class: "choice", "data-keuze": option.id }, option.titel);
    button.addEventListener("click", () => onChoose(option));
    group.append(button);
  }
  return group;
}

/** Small buttons, last and beside the point: they leave the others as they are, and one may change one's mind. */
function verdicts(message, words, onChoose) {
  const options = (message.knoppen || []).filter((option) => option.klein);
  if (!options.length) return null;
  const group = el("div", { class: "verdict", role: "group", "aria-label": words.verdict });
  group.append(el("span", { class: "verdict-question", "aria-hidden": "true" }, words.verdict));
  for (const option of options) {
    const button = el("button", { type: "button", class: "verdict-button", "aria-pressed": "false" }, option.titel);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") === "true") return;
      for (const other of group.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
      onChoose(option);
    });
    group.append(button);
  }
  return group;
}

let serial = 0;

/** Returns the element with what later events need to change on it. */
export function messageView(message, { words, municipalityName, grouped, onChoose, onRetry, onOwnData }) {
  const kind = kindOf(message);
  const sender = senderOf(kind, words, municipalityName);
  const sent = new Date(message.tijd || Date.now());
  const clock = sent.toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
  const key = `${message.id ?? "eigen"}-${(serial += 1)}`;

  const meta = el(
    "p",
    { class: grouped ? "meta visually-hidden" : "meta" },
    el("span", { class: "sender" }, sender),
    " ",
    el("time", { datetime: sent.toISOString() }, clock),
  );
  const bubble = el(
    "div",
    { class: "bubble" },
    label(kind, words),
    ...blocks(message.tekst, words, { urgent: kind === "nood" }),
    ...(kind === "nood" ? [callButtons(message, words)] : []),
    ...more(message, key, words),
    ownData(message, onOwnData),
    sources(message, words),
  );
  let group = choices(message, words, (option) => onChoose?.(option, view));
  const status = kind === "eigen" ? el("div", { class: "sending", "aria-live": "off" }) : null;
  const element = el(
    "li",
    { class: `message message--${kind}${grouped ? " message--grouped" : ""}`, tabindex: "-1" },
    meta,
    bubble,
    group,
    verdicts(message, words, (option) => onChoose?.(option, view)),
    status,
  );

  const view = {
    element,
    message,
    sender,
    sent,
    ungroup() {
      meta.classList.remove("visually-hidden");
      element.classList.remove("message--grouped");
    },
    hasOpenChoices: () => Boolean(group) && !group.classList.contains("choices--used"),
    /** Tick what was chosen and switch the rest off, so that an answer is given once. */
    useChoice(match) {
      if (!view.hasOpenChoices()) return false;
      const options = [...group.querySelectorAll("button")];
      const chosen = options.find((button) => match({ id: button.dataset.keuze, titel: button.textContent }));
      if (!chosen) return false;
      group.setAttribute("aria-live", "off"); // the log says the answer itself, which comes next
      group.classList.add("choices--used");
      for (const button of options) button.disabled = true;
      chosen.classList.add("choice--chosen");
      chosen.prepend(icon(ICONS.tick));
      chosen.append(hidden(words.chosen));
      return true;
    },
    setSending(state, reason = "") {
      if (!status) return;
      element.dataset.state = state;
      status.replaceChildren();
      if (state === "geweigerd") status.append(`${words.refused} ${reason}`);
      if (state === "mislukt") {
        const again = el("button", { type: "button", class: "retry" }, words.retry);
        again.addEventListener("click", () => onRetry?.());
        status.append(`${words.notSent} `, again);
      }
    },
  };
  return view;
}
