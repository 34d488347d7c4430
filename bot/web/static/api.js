// The chat API over HTTP. Every failure becomes an ApiError that says whether trying again can help.

const TIMEOUT_MS = 15_000; // the gateway answers within 10 seconds, also when something behind it is broken
const SILENCE_MS = 70_000; // the server sends a sign of life well within this time
const NO_CONTENT = 204;
const WORTH_RETRYING = new Set([0, 408, 409, 425, 429]);

export class ApiError extends Error {
  constructor(status, { title = "", detail = "" } = {}, retryAfter = 0) {
    super(detail || title || `status ${status}`);
    this.status = status;
    this.detail = detail || title;
    this.retryAfter = retryAfter;
  }

  get retryable() {
    return WORTH_RETRYING.has(this.status) || this.status >= 500;
  }

  get conversationGone() {
    return this.status === 401 || this.status === 404;
  }
}

async function errorFrom(response) {
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // A proxy's error page: the status says enough.
  }
  return new ApiError(response.status, problem, Number(response.headers.get("Retry-After")) || 0);
}

export class ChatApi {
  constructor(base) {
    this.base = base;
    this.token = null;
  }

  openConversation({ municipality, campaign, language }) {
    return this.#json("POST", "gesprekken", { gemeente: municipality, campagne: campaign || null, taal: language });
  }

  history() {
    return this.#json("GET", "gesprekken/huidig");
  }

  /** Go on with the conversation of somebody who comes by the link of a campaign. */
  comeAgain(campaign) {
    return this.#json("POST", "gesprekken/huidig", { campagne: campaign });
  }

  /** All that is kept of this resident, as text. */
  async ownData() {
    return JSON.stringify(await this.#json("GET", "../mijn/gegevens"), null, 2);
  }

  send({ id, tekst, keuze }, signal) {
    return this.#json("POST", "berichten", keuze ? { keuze, bericht_id: id } : { tekst, bericht_id: id }, signal);
  }

  /** The answer for somebody in danger; nothing when these words do not sound like that, and then nothing is kept. */
  async askDanger({ id, tekst }) {
    return tekst ? this.#json("POST", "berichten", { tekst, bericht_id: id, alleen_gevaar: true }) : null;
  }

  /** Read later messages until the connection ends; EventSource cannot send the Authorization header. */
  async stream({ lastId, signal, onOpen, onMessage }) {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const stop = () => silence.abort();
    signal.addEventListener("abort", stop);
    try {
      const headers = this.#headers({ Accept: "text/event-stream" });
      if (lastId) headers["Last-Event-ID"] = String(lastId);
      const response = await this.#fetch("gebeurtenissen", { headers, signal: silence.signal, cache: "no-store" });
      onOpen();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parse = eventParser(onMessage);
      for (;;) {
        const { value, done } = await reader.read();
        if (done || signal.aborted) return;
        clearTimeout(timer);
        timer = setTimeout(stop, SILENCE_MS);
        parse(decoder.decode(value, { stream: true }));
      }
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError(0);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  }

  #headers(extra) {
    return this.token ? { ...extra, Authorization: `Bearer ${this.token}` } : extra;
  }

  async #json(method, path, body, signal) {
    const headers = this.#headers({ Accept: "application/json" });
    if (body) headers["Content-Type"] = "application/json";
    const end = new AbortController();
    const timer = setTimeout(() => end.abort(), TIMEOUT_MS);
    signal?.addEventListener("abort", () => end.abort());
    try {
      const response = await this.#fetch(path, {
        method,
        headers,
        body: body && JSON.stringify(body),
        signal: end.signal,
        cache: "no-store",
      });
      return response.status === NO_CONTENT ? null : await response.json();
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError(end.signal.aborted ? 408 : 0);
    } finally {
      clearTimeout(timer);
    }
  }

  async #fetch(path, options) {
    const response = await fetch(new URL(path, this.base), { ...options, credentials: "omit" });
    if (!response.ok) throw await errorFrom(response);
    return response;
  }
}

/** Server-sent events by the text, in pieces of any size; only `bericht` events with valid JSON count. */
export function eventParser(onMessage) {
  let rest = "";
  let event = { type: "message", data: [] };
  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (event.type === "bericht" && event.data.length) deliver(event.data.join("\n"), onMessage);
        event = { type: "message", data: [] };
        continue;
      }
      const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
      if (field === "event") event.type = value;
      else if (field === "data") event.data.push(value);
    }
  };
}

function deliver(text, onMessage) {
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    return;
  }
  onMessage(message);
}
