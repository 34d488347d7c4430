// Messages on their way: sent one by one in order, kept until the server has them, always with the same id.

const FIRST_WAIT_MS = 1500;
const LONGEST_WAIT_MS = 30_000;

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // only there on secure pages
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  #items;
  #sending = false;
  #failures = 0;
  #timer = null;
  #inFlight = new AbortController();
  #asked = new Set();

  /**
   * `deliver(item, signal)` sends one item; `askDanger(item)` has it answered at once if somebody is in danger, and gives
   * nothing otherwise; `on` hears sending, sent, failed, refused and gone (the conversation is unknown).
   */
  constructor({ storage, deliver, askDanger, on }) {
    Object.assign(this, { storage, deliver, askDanger, on });
    this.#items = storage.queue();
    this.ready = false;
  }

  get items() {
    return [...this.#items];
  }

  get failing() {
    return this.#failures > 0 && this.#items.length > 0;
  }

  /** It is kept at once, and sent when the caller has shown it. */
  add(item) {
    this.#items.push(item);
    this.#save(item.id);
    queueMicrotask(() => {
      if (this.#sending) this.#lookForDanger();
      else this.flush();
    });
  }

  /** Who is in danger does not wait for an earlier message, on its way or failing; all else keeps its turn. */
  #lookForDanger() {
    if (!this.ready) return;
    for (const item of this.#items.slice(1)) if (!this.#asked.has(item.id)) this.#sendAside(item);
  }

  async #sendAside(item) {
    this.#asked.add(item.id);
    let reply;
    try {
      reply = await this.askDanger(item);
    } catch {
      this.#asked.delete(item.id); // it is asked again when the first one is sent again
      return;
    }
    const waits = this.#items.slice(1).some(({ id }) => id === item.id);
    if (!reply || !waits) return;
    this.drop(item.id);
    this.on.sent(item, reply);
    if (this.#sending) this.on.sending(this.#items[0]);
  }

  drop(id) {
    this.#items = this.#items.filter((item) => item.id !== id);
    this.#save(id);
  }

  /** Nothing more is sent, and the answer that is on its way is not heard. */
  clear() {
    this.#inFlight.abort();
    for (const item of this.items) this.drop(item.id);
    this.#failures = 0;
    clearTimeout(this.#timer);
  }

  async flush() {
    if (!this.ready || this.#sending) return;
    clearTimeout(this.#timer);
    this.#sending = true;
    this.#lookForDanger();
    try {
      while (this.ready && this.#items.length) await this.#sendFirst();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#sending = false;
    }
  }

  async #sendFirst() {
    const item = this.#items[0];
    const { signal } = (this.#inFlight = new AbortController());
    this.on.sending(item);
    let reply;
    try {
      reply = await this.deliver(item, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!error.conversationGone && !error.retryable) {
        this.drop(item.id);
        this.on.refused(item, error);
        return;
      }
      throw error;
    }
    if (signal.aborted) return;
    this.#failures = 0;
    this.drop(item.id);
    this.on.sent(item, reply);
  }

  #failed(error) {
    if (error.conversationGone) {
      this.ready = false;
      this.on.gone();
      return;
    }
    if (typeof error.status !== "number") throw error;
    this.#failures += 1;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (this.#failures - 1), LONGEST_WAIT_MS);
    this.#timer = setTimeout(() => this.flush(), Math.max(wait, error.retryAfter * 1000) * (1 + Math.random() / 4));
    this.on.failed(this.items, error);
  }

  /** Another tab may have queued or sent messages too: only this message's place in the stored queue changes. */
  #save(id) {
    const others = this.storage.queue().filter((item) => item.id !== id);
    const mine = this.#items.find((item) => item.id === id);
    this.storage.setQueue(mine ? [...others, mine] : others);
  }
}
