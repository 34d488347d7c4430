// The conversation on screen: each message once, in order, read out once, and scrolled to kindly.

import { el } from "./dom.js";
import { messageView } from "./message.js";

const GROUP_MS = 5 * 60_000;
const SLACK_PX = 60;
const WAITING = new Set(["wacht", "mislukt"]);

export class Log {
  #views = [];
  #byId = new Map();
  #byOwnId = new Map();
  #following = true; // the resident is at the end and wants to stay there
  #shown = true;
  #missed = null; // the first message that came while the log was not shown
  #unseen = 0;

  constructor({ words, scroller, list, typing, typingText, end, newer, onChoose, onRetry, onOwnData }) {
    Object.assign(this, { words, scroller, list, typing, typingText, end, newer, onChoose, onRetry, onOwnData });
    this.municipalityName = null;
    document.addEventListener("scroll", () => this.#scrolled(), { capture: true, passive: true });
    new ResizeObserver(() => this.#shown && this.#follow()).observe(scroller);
    newer.addEventListener("click", () => {
      this.toEnd();
      this.last?.element.focus({ preventScroll: true });
    });
  }

  get views() {
    return this.#views;
  }

  get last() {
    return this.#views[this.#views.length - 1];
  }

  /** What is loaded at once (history, greeting) is not read out message by message. */
  quietly(fill) {
    this.scroller.setAttribute("aria-live", "off");
    fill();
    setTimeout(() => this.scroller.setAttribute("aria-live", "polite"), 300);
  }

  /** In a closed widget nothing has a size, so where the resident is must not be read from it. */
  hide() {
    this.#shown = false;
  }

  show() {
    this.#shown = true;
    if (this.#missed?.isConnected) this.reveal(this.#missed, { force: true });
    else if (this.#following) this.toEnd();
    this.#missed = null;
  }

  clear() {
    this.#views = [];
    this.#byId.clear();
    this.#byOwnId.clear();
    this.list.replaceChildren();
  }

  hasOwn(ownId) {
    return this.#byOwnId.has(ownId);
  }

  /** Show what the server sent; null when it is on screen already. */
  receive(message) {
    if (this.#byId.has(message.id)) return null;
    if (message.van === "inwoner" && this.#adopt(message)) return null;
    const view = this.#append(message);
    if (message.van === "inwoner") this.#tickAnswered(message);
    return view;
  }

  addOwn(item) {
    const message = { van: "inwoner", tekst: item.tekst ?? item.titel, tijd: item.tijd, bericht_id: item.id };
    const view = this.#append(message);
    view.setSending("wacht");
    return view;
  }

  own(ownId) {
    return this.#byOwnId.get(ownId);
  }

  showTyping(visible) {
    clearTimeout(this.slow);
    this.typing.hidden = !visible;
    this.typingText.textContent = "";
    if (!visible) return;
    this.slow = setTimeout(() => (this.typingText.textContent = this.words.typing), 2500);
    this.#follow();
  }

  #follow() {
    if (this.#following && !this.#hidesHelp(this.end)) this.toEnd();
  }

  toEnd() {
    this.end.scrollIntoView({ block: "end" });
    this.#scrolled();
  }

  /** A long answer is read from its beginning, so its first message stays in view. */
  reveal(first, { force = false } = {}) {
    if (!first) return;
    if (!this.#shown) {
      this.#missed ??= first;
      return;
    }
    if (!force && (!this.#following || this.#hidesHelp(first))) {
      this.#unseen += 1;
      this.newer.querySelector("span").textContent = this.words.newMessages(this.#unseen);
      this.newer.hidden = false;
      return;
    }
    const room = Math.min(this.scroller.clientHeight, window.innerHeight);
    const height = this.end.getBoundingClientRect().bottom - first.getBoundingClientRect().top;
    if (height <= room) return this.toEnd();
    first.scrollIntoView({ block: "start" });
    this.#scrolled();
  }

  /** Help for somebody in danger who has not written again since: it stays where it is, and in sight. */
  #help() {
    const latest = [...this.#views].reverse().find(({ message }) => message.soort === "nood" || message.van === "inwoner");
    return latest?.message.soort === "nood" ? latest.element : null;
  }

  #hidesHelp(first) {
    const help = this.#help();
    return help !== null && first !== help && first !== help.previousElementSibling;
  }

  /** The server's copy of a message that was typed in this tab. */
  #adopt(message) {
    const view =
      this.#byOwnId.get(message.bericht_id) ||
      this.#views.find((own) => own.message.van === "inwoner" && own.message.id === undefined && own.message.tekst === message.tekst);
    if (!view) return false;
    view.message.id = message.id;
    this.#byId.set(message.id, view);
    // It did arrive, though nobody heard so: its answer comes after it.
    if (WAITING.has(view.element.dataset.state)) view.setSending("verzonden");
    return true;
  }

  #tickAnswered(message) {
    for (const view of this.#views.slice(0, -1).reverse()) {
      if (view.message.van === "inwoner") return;
      if (view.useChoice((option) => option.titel === message.tekst)) return;
    }
  }

  /**
   * What the server says comes before the resident's own messages that still wait to be sent. Help for who is in danger
   * comes last, as it answers words that went ahead of those, and nothing pushes it down.
   */
  #append(message) {
    const isLast = message.van === "inwoner" || message.soort === "nood" || this.#help() !== null;
    const waiting = isLast ? -1 : this.#views.findIndex((view) => WAITING.has(view.element.dataset.state));
    const at = waiting < 0 ? this.#views.length : waiting;
    const previous = this.#views[at - 1];
    const moment = new Date(message.tijd || Date.now());
    const newDay = !previous || previous.sent.toDateString() !== moment.toDateString();
    const grouped =
      !newDay &&
      previous.message.van === message.van &&
      previous.message.soort !== "griffie" &&
      moment - previous.sent < GROUP_MS;
    const view = messageView(message, {
      words: this.words,
      municipalityName: this.municipalityName,
      grouped,
      onChoose: this.onChoose,
      onRetry: this.onRetry,
      onOwnData: this.onOwnData,
    });
    const next = this.#views[at];
    next?.ungroup();
    const before = next?.element ?? null;
    if (newDay) this.#beginDay(moment, before);
    this.list.insertBefore(view.element, before);
    this.#views.splice(at, 0, view);
    if (message.id !== undefined && message.id !== null) this.#byId.set(message.id, view);
    if (message.bericht_id) this.#byOwnId.set(message.bericht_id, view);
    return view;
  }

  /** In a page that stays open, what was today has become yesterday. */
  #beginDay(moment, before) {
    this.list.insertBefore(el("li", { class: "day", "data-moment": moment.toISOString() }), before);
    for (const day of this.list.querySelectorAll(".day")) day.textContent = this.#dayName(new Date(day.dataset.moment));
  }

  #dayName(moment) {
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(moment).setHours(0, 0, 0, 0)) / 86_400_000);
    if (days === 0) return this.words.today;
    if (days === 1) return this.words.yesterday;
    return moment.toLocaleDateString("nl-NL", { weekday: "long", day: "numeric", month: "long" });
  }

  #scrolled() {
    if (!this.#shown) return;
    const bottom = Math.min(this.scroller.getBoundingClientRect().bottom, window.innerHeight);
    this.#following = this.end.getBoundingClientRect().bottom <= bottom + SLACK_PX;
    if (!this.#following) return;
    this.#unseen = 0;
    this.newer.hidden = true;
  }
}
