// Plain text to DOM nodes: paragraphs, "- " lists, line breaks, links. Text never becomes markup.

const WEB = String.raw`https?:\/\/[^\s<>"']+`;
const MAIL = String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`;
const PHONE = String.raw`(?:^|[^\w/.-])(0[89]00[ -]?\d{3,4}(?:[ -]?\d{2,3})?|14 ?0\d{2,3}|0\d{1,3}[ -]\d{3}[ -]?\d{2}[ -]?\d{2})(?![\w-]*\d)`;
const SHORT_PHONE = String.raw`(?:^|[^\w/.,-])(11[23])(?![\w-]*\d)`;
const REFERENCE = String.raw`\bSP-\d{4}-\d+(?:-?[A-Z0-9])?\b`;
const SAFE = new Set(["https:", "http:", "mailto:", "tel:"]);

/** A link from the server is followed only when it is one that a resident may follow. */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function telUrl(number) {
  return `tel:${number.replace(/[^\d+]/g, "")}`;
}

/** 112 and 113 are phone numbers only where help is meant: elsewhere "artikel 113" is no number to call. */
export function phoneNumbers(text) {
  const found = Array.from(text.matchAll(new RegExp(`${PHONE}|${SHORT_PHONE}`, "g")), ([, long, short]) => long ?? short);
  return [...new Map(found.map((number) => [telUrl(number), number])).values()];
}

export function link(address, label, words) {
  const node = document.createElement("a");
  node.href = address;
  node.append(label);
  if (/^https?:/.test(address)) {
    node.target = "_blank";
    node.rel = "noopener noreferrer";
    const hint = document.createElement("span");
    hint.className = "visually-hidden";
    hint.textContent = words.newWindow;
    node.append(hint);
    node.classList.add("external");
  }
  return node;
}

/** A reference number stays on one line, so that it is copied whole. */
function reference(number) {
  const node = document.createElement("span");
  node.className = "reference";
  node.textContent = number;
  return node;
}

export function inline(text, words, { urgent = false } = {}) {
  const nodes = [];
  const pattern = new RegExp(`(${WEB})|(${MAIL})|(${REFERENCE})|${PHONE}${urgent ? `|${SHORT_PHONE}` : ""}`, "g");
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, web, mail, number, long, short] = match;
    let found = long ?? short ?? whole;
    const at = match.index + whole.length - found.length; // the character before a phone number is in the match
    if (web) found = found.replace(/[.,;:!?)\]}]+$/, "");
    const address = number ? null : web ? safeUrl(found) : mail ? `mailto:${found}` : telUrl(found);
    if (!number && !address) continue;
    nodes.push(text.slice(from, at), number ? reference(found) : link(address, found, words));
    from = at + found.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

export function blocks(text, words, options) {
  const result = [];
  let paragraph = [];
  let list = null;
  const endParagraph = () => {
    if (!paragraph.length) return;
    const node = document.createElement("p");
    paragraph.forEach((line, index) => {
      if (index) node.append(document.createElement("br"));
      node.append(...inline(line, words, options));
    });
    result.push(node);
    paragraph = [];
  };
  for (const line of String(text ?? "").split(/\r?\n/)) {
    const item = /^\s*[-•] +(.*)$/.exec(line);
    if (item) {
      endParagraph();
      if (!list) result.push((list = document.createElement("ul")));
      const node = document.createElement("li");
      node.append(...inline(item[1], words, options));
      list.append(node);
    } else if (line.trim() === "") {
      endParagraph();
      list = null;
    } else {
      list = null;
      paragraph.push(line.trim());
    }
  }
  endParagraph();
  return result;
}
