// What this browser remembers per municipality: the conversation's token, the draft and the unsent messages.
// Some browsers refuse storage inside a frame; the chat then works until the page closes.

const memory = new Map();

function read(key) {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return memory.get(key) ?? null;
  }
}

function write(key, value) {
  try {
    if (value === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, value);
  } catch {
    if (value === null) memory.delete(key);
    else memory.set(key, value);
  }
}

/** Something that a resident chose on this device, for whatever municipality. */
export function preference(name) {
  const key = `samenspel.${name}`;
  return { get: () => read(key), set: (value) => write(key, value) };
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

export function openStorage(municipality) {
  const keys = Object.fromEntries(
    ["token", "concept", "wachtrij"].map((name) => [name, `samenspel.${municipality}.${name}`]),
  );
  return {
    keys,
    token: () => read(keys.token),
    setToken: (token) => write(keys.token, token),
    draft: () => read(keys.concept) || "",
    setDraft: (text) => write(keys.concept, text || null),
    queue: () => parsed(read(keys.wachtrij)),
    setQueue: (items) => write(keys.wachtrij, items.length ? JSON.stringify(items) : null),
  };
}
