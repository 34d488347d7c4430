// The size of letters: three steps, remembered on this device.

import { preference } from "./storage.js";

const SIZES = ["gewoon", "groot", "heel groot"];

export class Letters {
  constructor(button, words) {
    this.button = button;
    this.words = words;
    this.kept = preference("letters");
    this.#show(SIZES.includes(this.kept.get()) ? this.kept.get() : SIZES[0]);
  }

  next() {
    const size = SIZES[(SIZES.indexOf(this.size) + 1) % SIZES.length];
    this.kept.set(size === SIZES[0] ? null : size);
    this.#show(size);
    return this.words.lettersNow(size);
  }

  #show(size) {
    this.size = size;
    document.documentElement.dataset.letters = size;
    this.button.querySelector("span").textContent = this.words.letters(size);
  }
}
