// Keeps listening for later messages (a reply of the griffie): reconnects with growing pauses, resumes where it was.

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

export class Listener {
  #stop = null;
  #wake = () => {};

  /** `on` hears open, message, lost (with the number of failures in a row) and gone. */
  constructor({ api, tabs, lastId, on }) {
    Object.assign(this, { api, tabs, lastId, on });
  }

  start() {
    this.stop();
    const stop = new AbortController();
    this.#stop = stop;
    this.tabs.asListener(stop.signal, () => this.#listen(stop.signal));
  }

  stop() {
    this.#stop?.abort();
    this.#wake();
  }

  /** The network is back or the page is looked at again: no reason to wait any longer. */
  wake() {
    this.#wake();
  }

  async #listen(signal) {
    let failures = 0;
    while (!signal.aborted) {
      const began = Date.now();
      try {
        await this.api.stream({
          lastId: this.lastId(),
          signal,
          onOpen: () => this.on.open(),
          onMessage: (message) => this.on.message(message),
        });
        failures = Date.now() - began > 5000 ? 0 : failures + 1;
      } catch (error) {
        if (signal.aborted) return;
        if (error.conversationGone) return this.on.gone();
        failures = Date.now() - began > 5000 ? 1 : failures + 1;
        this.on.lost(failures, error);
      }
      if (!signal.aborted) await this.#pause(failures);
    }
  }

  #pause(failures) {
    const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures, 6), LONGEST_WAIT_MS) * (0.75 + Math.random() / 2);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
