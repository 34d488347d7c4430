// Reading answers aloud and taking dictation, where the browser can.

const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;

/** What is read out of a message: the text, its details when they are open, and what can be chosen. */
function readable(element) {
  const parts = [...element.querySelectorAll(".bubble > :not(.sources, .more), .choice, .verdict-button")]
    .filter((part) => part.offsetParent !== null)
    .map((part) => part.innerText.trim());
  return parts.filter(Boolean).map((part) => (/[.!?:]$/.test(part) ? part : `${part}.`)).join(" ");
}

/** Reads the newest message when switched on, and every one that comes after it. */
export class Reader {
  constructor({ button, language }) {
    this.button = button;
    this.language = language;
    this.on = false;
    if (!("speechSynthesis" in window)) return;
    button.parentElement.hidden = false;
    window.addEventListener("pagehide", () => speechSynthesis.cancel());
  }

  toggle(views) {
    this.on = !this.on;
    this.button.setAttribute("aria-pressed", String(this.on));
    speechSynthesis.cancel();
    const last = views.filter((view) => view.message.van !== "inwoner").pop();
    if (this.on && last) this.read(last);
  }

  read(view) {
    if (!this.on || view.message.van === "inwoner") return;
    const said = new SpeechSynthesisUtterance(readable(view.element));
    said.lang = this.language === "nl" ? "nl-NL" : this.language;
    speechSynthesis.speak(said);
  }
}

/**
 * Types what is said. Browsers send the sound to their maker to have it written down, so people are asked first;
 * the sound never comes to us.
 */
export class Dictation {
  constructor({ button, language, agreed, onWords, onFault }) {
    if (!Recognition) return;
    this.button = button;
    this.onFault = onFault;
    button.hidden = false;
    this.recognition = new Recognition();
    this.recognition.lang = language === "nl" ? "nl-NL" : language;
    this.recognition.addEventListener("result", (event) => {
      const heard = [...event.results].slice(event.resultIndex).filter((result) => result.isFinal);
      for (const result of heard) onWords(result[0].transcript.trim());
    });
    this.recognition.addEventListener("start", () => this.#listening(true));
    this.recognition.addEventListener("end", () => this.#listening(false));
    this.recognition.addEventListener("error", (event) => {
      if (event.error !== "aborted" && event.error !== "no-speech") onFault(event.error === "not-allowed");
    });
    button.addEventListener("click", async () => {
      if (this.active) this.recognition.stop();
      else if (await agreed()) this.#begin();
    });
  }

  #begin() {
    try {
      this.recognition.start();
    } catch {
      this.onFault(false);
    }
  }

  #listening(active) {
    this.active = active;
    this.button.setAttribute("aria-pressed", String(active));
  }
}
