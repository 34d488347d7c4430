// Every sentence the chat itself says, in one place: a second language is a second table.
// Plain Dutch (B1), "u". What the bot answers comes from the server and is not here.

const nl = {
  bot: "Samenspel",
  self: "U",
  clerk: "Griffie",
  clerkOf: (name) => `Griffie van ${name}`,
  municipality: (name) => `Gemeente ${name}`,
  typing: "Samenspel schrijft een antwoord.",
  today: "Vandaag",
  yesterday: "Gisteren",
  source: "Bron",
  sources: "Bronnen",
  newWindow: " (opent in een nieuw venster)",
  more: "Lees meer",
  less: "Lees minder",
  choices: "Kies een antwoord",
  chosen: " (gekozen)",
  verdict: "Was dit duidelijk?",
  error: "Er ging iets mis",
  urgent: "Hulp die nu klaarstaat",
  call: (number) => `Bel ${number}`,
  notSent: "Niet verzonden.",
  retry: "Opnieuw proberen",
  refused: "Dit bericht is niet verzonden.",
  choiceExpired: "Uw keuze hoorde bij het vorige gesprek. Stel uw vraag nog een keer.",
  offline: "U hebt nu geen internet. Wat u verstuurt, blijft bewaard. Het gaat vanzelf mee als u weer internet hebt.",
  unreachable:
    "De chat is nu niet bereikbaar. Wij proberen het vanzelf opnieuw. Uw berichten blijven bewaard. Is er gevaar? Bel 112.",
  busy:
    "Het is nu druk in de chat. Wij proberen het zo vanzelf opnieuw. Uw berichten blijven bewaard. Is er gevaar? Bel 112. Denkt u aan zelfdoding? Bel 113.",
  back: "De verbinding is terug.",
  failedToStart: "De chat kan nu niet starten.",
  expired: "Uw vorige gesprek is verlopen. Dit is een nieuw gesprek.",
  newMessages: (count) => (count === 1 ? "1 nieuw bericht" : `${count} nieuwe berichten`),
  left: (count) => `U kunt nog ${count.toLocaleString("nl-NL")} tekens typen.`,
  tooLong: (count) =>
    count === 1
      ? "Uw bericht is 1 teken te lang. Maak het korter, of verdeel het over twee berichten."
      : `Uw bericht is ${count.toLocaleString("nl-NL")} tekens te lang. Maak het korter, of verdeel het over twee berichten.`,
  transcript: (name) => `Gesprek met Samenspel${name ? `, gemeente ${name}` : ""}`,
  transcriptSaved: (when) => `Bewaard op ${when}`,
  transcriptFile: "gesprek-samenspel",
  saved: "Het gesprek is bewaard op uw apparaat.",
  ownDataFile: "mijn-gegevens",
  ownDataSaved: "Uw gegevens zijn bewaard op uw apparaat.",
  ownDataFailed: "Het ophalen van uw gegevens lukte niet. Probeer het straks opnieuw.",
  letters: (size) => `Letters: ${size}`,
  lettersNow: (size) => `De letters zijn nu ${size}.`,
  readingOn: "Nieuwe antwoorden worden voorgelezen.",
  readingOff: "Antwoorden worden niet meer voorgelezen.",
  noMicrophone: "De chat mag uw microfoon niet gebruiken. Dat stelt u in bij uw browser.",
  dictationFailed: "Inspreken lukt nu niet. U kunt wel typen.",
  erased: "Uw vorige gesprek is gewist. Dit is een nieuw gesprek.",
};

const tables = { nl };

export function wordsFor(language) {
  return tables[language] || nl;
}
