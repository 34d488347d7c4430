// Counts while a griffier writes, in the same way as participation/language/readability.py. Without it, saving counts.

const ADDRESS = /https?:\/\/\S+|\S+@\S+/g;
const WORD = /\p{L}+(?:[-'’]\p{L}+)*|\d[\d.,:]*/gu;
const END = /(?<=[.!?])["”’)]*\s+|\n+/;
const SOUND = /aai|ooi|oei|eeu|ieu|aa|ee|ie|oo|uu|ij|ei|ui|ou|au|eu|oe|[aeiouyáàâäéèêëíìîïóòôöúùûü]/g;
const LEAST_EASE = 60;
const MOST_WORDS = 20;

const wordsOf = (text) => text.replace(ADDRESS, "adres").match(WORD) ?? [];

function syllables(word) {
  if (/^\d/.test(word)) return 2;
  if (word.length > 1 && word === word.toUpperCase()) return word.length;
  return Math.max(1, (word.toLowerCase().match(SOUND) ?? []).length);
}

export function measure(text) {
  const said = wordsOf(text);
  const lengths = text.replace(ADDRESS, "adres").split(END).map((part) => wordsOf(part).length).filter(Boolean);
  if (!said.length) return { words: 0, longest: 0, ease: null };
  const perWord = said.reduce((sum, word) => sum + syllables(word), 0) / said.length;
  const ease = 206.84 - 77 * perWord - (0.93 * said.length) / lengths.length;
  return { words: said.length, longest: Math.max(...lengths), ease: Math.round(ease) };
}

function tell(area, output) {
  const { words, longest, ease } = measure(area.value.replace(/\{[a-z_]+\}/g, "Utrecht"));
  const advice = [];
  if (area.dataset.measure && words > Number(area.dataset.measure)) advice.push("Te lang: maak de tekst korter.");
  if (longest > MOST_WORDS) advice.push("De langste zin is te lang.");
  if (ease !== null && ease < LEAST_EASE) advice.push("Lastig te lezen.");
  output.textContent = `${words} woorden, langste zin ${longest} woorden, leesscore ${ease ?? "–"}. ${advice.join(" ")}`;
}

if (typeof document !== "undefined") {
  for (const area of document.querySelectorAll("textarea[data-measure]")) {
    // Not live: a screen reader would interrupt every word. It is read on request, and with the field.
    const output = document.createElement("p");
    output.className = "small";
    output.id = `${area.id}-telling`;
    area.after(output);
    area.setAttribute("aria-describedby", `${area.getAttribute("aria-describedby") ?? ""} ${output.id}`.trim());
    area.addEventListener("input", () => tell(area, output));
    tell(area, output);
  }
}
