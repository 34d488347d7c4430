// Several tabs, one conversation: one tab listens to the server and tells the others what it hears.

export class Tabs {
  constructor(municipality, onMessage) {
    this.name = `samenspel.${municipality}`;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(this.name) : null;
    this.channel?.addEventListener("message", (event) => onMessage(event.data));
  }

  tell(message) {
    this.channel?.postMessage(message);
  }

  /** Browsers allow six connections to one server: with more tabs than that, each with its own stream, all would hang. */
  async asListener(signal, listen) {
    if (!this.channel || !navigator.locks) return listen();
    try {
      return await navigator.locks.request(`${this.name}.luisteraar`, { signal }, listen);
    } catch (error) {
      if (error.name === "AbortError") return undefined;
      if (error.name === "SecurityError" || error.name === "InvalidStateError") return listen();
      throw error;
    }
  }
}
