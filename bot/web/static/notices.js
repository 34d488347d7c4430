// What is going on around the conversation: trouble stays in sight, the rest is only said to screen readers.

export class Notices {
  constructor(shown, said) {
    Object.assign(this, { shown, said });
  }

  /** Said apart: of what appears together with its words a screen reader often tells nothing. */
  trouble(text) {
    if (this.shown.hidden || this.shown.textContent !== text) this.say(text);
    this.shown.textContent = text;
    this.shown.hidden = false;
  }

  /** Nothing is said when there was no trouble. */
  clear(text) {
    if (this.shown.hidden) return;
    this.shown.hidden = true;
    this.shown.textContent = "";
    this.say(text);
  }

  say(text) {
    this.said.textContent = text;
  }
}
