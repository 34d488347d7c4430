// Several tabs, one conversation: one tab listens to the server and tells the others what it hears.

const LONGEST_WAIT_MS = 10_000;

export class Tabs {
  /** Which conversation this tab shows: what is said of another one is not for it. */
  conversation = null;

  constructor(municipality, onMessage) {
    this.name = `samenspel.${municipality}`;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(this.name) : null;
    this.channel?.addEventListener("message", ({ data }) => data.gesprek === this.conversation && onMessage(data));
  }

  tell(message) {
    this.channel?.postMessage({ ...message, gesprek: this.conversation });
  }

  /** Browsers allow six connections to one server: with more tabs than that, each with its own stream, all would hang. */
  asListener(signal, listen) {
    if (!this.channel) return listen();
    return this.#locked(`${this.conversation}.luisteraar`, { signal }, listen, () => undefined);
  }

  /** Tabs that open together `begin` one conversation: the next waits for the first, unless that one is asleep. */
  async oneByOne(begin) {
    const first = await this.#locked("begin", { ifAvailable: true }, (lock) => (lock === null ? null : begin(false)));
    if (first) return first;
    const wait = new AbortController();
    setTimeout(() => wait.abort(), LONGEST_WAIT_MS);
    return this.#locked("begin", { signal: wait.signal }, () => begin(true), () => begin(false));
  }

  async #locked(name, options, task, givenUp) {
    if (!navigator.locks) return task();
    try {
      return await navigator.locks.request(`${this.name}.${name}`, options, task);
    } catch (error) {
      if (error.name === "AbortError") return givenUp();
      if (error.name === "SecurityError" || error.name === "InvalidStateError") return task();
      throw error;
    }
  }
}
