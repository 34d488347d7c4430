// The box to type in: grows, keeps what was typed, counts near the limit, sends with Enter.

const LIMIT = 10_000;
const COUNT_FROM = 1000;

export function isTouch() {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}

export class Composer {
  constructor({ form, words, storage, onSend }) {
    Object.assign(this, { words, storage, onSend });
    this.box = form.querySelector("textarea");
    this.hint = form.querySelector("#tekens");
    this.box.value ||= storage.draft(); // one may type before this script is there
    form.querySelector(".send").disabled = false;
    this.#changed();
    this.box.addEventListener("input", () => this.#changed());
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#send();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    window.addEventListener("resize", () => this.#grow());
  }

  focus() {
    this.box.focus();
  }

  /** Give refused words back, unless something new stands in the box already. */
  giveBack(text) {
    if (!this.box.value.trim()) this.#set(text);
  }

  /** Put words behind what stands there. */
  add(words) {
    this.#set([this.box.value.trimEnd(), words].filter(Boolean).join(" "));
  }

  #send() {
    const text = this.box.value.trim();
    if (text && this.#over() <= 0) {
      this.#set("");
      this.onSend(text);
    }
    this.box.focus();
  }

  #set(text) {
    this.box.value = text;
    this.#changed();
  }

  #over() {
    return [...this.box.value.trim()].length - LIMIT;
  }

  #changed() {
    this.storage.setDraft(this.box.value);
    this.#grow();
    this.#count();
  }

  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  #count() {
    const over = this.#over();
    this.hint.hidden = over < -COUNT_FROM;
    this.hint.classList.toggle("over", over > 0);
    this.box.setAttribute("aria-invalid", String(over > 0));
    if (this.hint.hidden) this.hint.textContent = "";
    else this.hint.textContent = over > 0 ? this.words.tooLong(over) : this.words.left(-over);
    this.#announce(over);
  }

  /** Read out at steps of a hundred, not at every letter. */
  #announce(over) {
    const step = over > 0 ? 1 : over < -COUNT_FROM ? null : Math.floor(over / 100);
    if (step === this.step) return;
    this.step = step;
    document.getElementById("tekens-gemeld").textContent = this.hint.textContent;
  }
}
