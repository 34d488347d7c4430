// "Bewaar dit gesprek": the conversation as a plain text file, made in the browser.

export function transcript(views, { words, municipalityName, now }) {
  const lines = [words.transcript(municipalityName), words.transcriptSaved(now.toLocaleString("nl-NL")), ""];
  for (const { message, sender, sent } of views) {
    const when = sent.toLocaleString("nl-NL", { dateStyle: "short", timeStyle: "short" });
    lines.push(`[${when}] ${sender}:`, message.tekst || "");
    if (message.meer) lines.push("", message.meer);
    for (const link of message.links || []) lines.push(`${words.source}: ${link.titel} <${link.url}>`);
    lines.push("");
  }
  return lines.join("\r\n");
}

export function download(text, name, type = "text/plain") {
  const parts = type === "text/plain" ? ["\ufeff", text] : [text]; // JSON has no byte order mark
  const address = URL.createObjectURL(new Blob(parts, { type: `${type};charset=utf-8` }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
