// The chat page: ties the conversation on the server to what is on the screen.

import { ChatApi } from "./api.js";
import { Composer, isTouch } from "./composer.js";
import { applyColour, Frame } from "./frame.js";
import { Log } from "./log.js";
import { Letters } from "./letters.js";
import { ask, setUpMenu } from "./menu.js";
import { Notices } from "./notices.js";
import { newId, Outbox } from "./outbox.js";
import { download, transcript } from "./save.js";
import { openStorage, preference } from "./storage.js";
import { Listener } from "./stream.js";
import { Tabs } from "./tabs.js";
import { Dictation, Reader } from "./voice.js";
import { wordsFor } from "./words.js";

const byId = (id) => document.getElementById(id);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Chat {
  constructor(settings) {
    this.settings = settings;
    this.words = wordsFor(settings.language);
    this.storage = openStorage(settings.municipality);
    this.api = new ChatApi(new URL("../api/v1/chat/", location.href));
    this.round = 0; // each (re)start of a conversation; what an earlier one still hears is ignored
    this.left = null; // the token of the conversation that this tab is done with
    this.frame = new Frame({ embedded: settings.embedded, onOpen: () => this.#opened(), onClose: () => this.log.hide() });
    this.notices = new Notices(byId("storing"), byId("gemeld"));
    this.tabs = new Tabs(settings.municipality, (message) => this.#fromOtherTab(message));
    this.log = new Log({
      words: this.words,
      scroller: byId("log"),
      list: byId("berichten"),
      typing: byId("schrijft"),
      typingText: byId("schrijft-gemeld"),
      end: byId("einde"),
      newer: byId("nieuwer"),
      onChoose: (option, view) => this.#choose(option, view),
      onRetry: () => this.outbox.flush(),
      onOwnData: () => this.#saveOwnData(),
    });
    this.outbox = new Outbox({
      storage: this.storage,
      deliver: (item, signal) => this.api.send(item, signal),
      askDanger: (item) => this.api.askDanger(item),
      on: {
        sending: (item) => this.#sending(item),
        sent: (item, reply) => this.#sent(item, reply),
        failed: (items, error) => this.#failed(items, error),
        refused: (item, error) => this.#refused(item, error),
        gone: () => this.#begin({ notice: this.ended ? this.words.erased : this.words.expired }),
      },
    });
    this.listener = new Listener({
      api: this.api,
      tabs: this.tabs,
      lastId: () => this.heardId,
      on: {
        open: () => this.#online(),
        message: (message) => this.#heard(message),
        lost: (failures) => failures >= 3 && this.notices.trouble(this.words.unreachable),
        gone: () => this.#begin({ notice: this.words.expired }),
      },
    });
    this.composer = new Composer({
      form: byId("formulier"),
      words: this.words,
      storage: this.storage,
      onSend: (tekst) => this.#say({ tekst }),
    });
    this.letters = new Letters(byId("letters"), this.words);
    this.reader = new Reader({ button: byId("voorlezen"), language: settings.language });
    this.dictation = new Dictation({
      button: byId("inspreken"),
      language: settings.language,
      agreed: () => this.#mayListen(),
      onWords: (words) => this.composer.add(words),
      onFault: (forbidden) => this.notices.say(forbidden ? this.words.noMicrophone : this.words.dictationFailed),
    });
    this.#setUpPage();
  }

  /** Go on with the conversation this browser knows, or open a new one; keeps trying while the server is away. */
  async #begin({ notice = "" } = {}) {
    const round = (this.round += 1);
    this.listener.stop();
    this.outbox.ready = false;
    if (notice) this.left = this.api.token;
    this.tabs.conversation = null;
    this.log.clear();
    this.log.showTyping(true);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const conversation = await this.#load();
        if (round !== this.round) return;
        this.#show(conversation, notice);
        return;
      } catch (error) {
        if (round !== this.round) return;
        if (typeof error.status !== "number") throw error;
        if (!error.retryable) return this.#cannotStart(error);
        if (attempt === 1) this.#restoreUnsent();
        this.#trouble(error);
        this.log.showTyping(false);
        await Promise.race([pause(Math.min(1500 * 2 ** (attempt - 1), 30_000)), this.#woken()]);
      }
    }
  }

  async #load() {
    const begin = async (waited) => {
      // What the tab before this one stored takes a moment to get here.
      for (let tries = waited ? 20 : 0; tries > 0 && !this.#token(); tries -= 1) await pause(50);
      return (await this.#known()) ?? this.#open();
    };
    return (await this.#known()) ?? this.tabs.oneByOne(begin);
  }

  /** The key to the conversation of this browser, when there is one that this tab is not done with. */
  #token() {
    const token = this.storage.token();
    return token === this.left ? null : token;
  }

  async #known() {
    const token = this.#token();
    if (!token) return null;
    this.api.token = token;
    try {
      const { campaign } = this.settings;
      return await (campaign ? this.api.comeAgain(campaign) : this.api.history());
    } catch (error) {
      if (!error.conversationGone) throw error;
      this.left = token;
      return null;
    }
  }

  async #open() {
    this.api.token = null;
    const conversation = await this.api.openConversation(this.settings);
    this.api.token = conversation.token;
    this.storage.setToken(conversation.token);
    return conversation;
  }

  #show(conversation, notice) {
    this.ended = false;
    this.tabs.conversation = conversation.gesprek;
    this.#nameMunicipality(conversation.gemeente_naam);
    this.log.showTyping(false);
    this.log.quietly(() => {
      this.log.clear();
      if (notice) this.log.receive({ van: "bot", soort: "melding", tekst: notice });
      this.heardId = 0;
      for (const message of conversation.berichten || []) this.#hear(message);
      if (notice) this.#dropStaleChoices();
      this.#restoreUnsent();
    });
    this.log.reveal((conversation.token ? this.log.views[0] : this.log.last)?.element, { force: true });
    this.#online();
    this.outbox.ready = true;
    this.outbox.flush();
    this.listener.start();
  }

  /** A button's id has meaning only in the conversation it was shown in. */
  #dropStaleChoices() {
    const stale = this.outbox.items.filter((item) => item.keuze);
    for (const item of stale) this.outbox.drop(item.id);
    if (stale.length) this.log.receive({ van: "bot", soort: "melding", tekst: this.words.choiceExpired });
  }

  #restoreUnsent() {
    for (const item of this.outbox.items) {
      if (!this.log.hasOwn(item.id)) this.log.addOwn(item).setSending("mislukt");
    }
  }

  #cannotStart(error) {
    this.log.showTyping(false);
    this.log.receive({ van: "bot", soort: "fout", tekst: `${this.words.failedToStart} ${error.detail}`.trim() });
  }

  #say(content) {
    const item = { id: newId(), tijd: new Date().toISOString(), ...content };
    this.outbox.add(item); // first of all: whatever fails after this, the words are kept
    const view = this.log.addOwn(item);
    this.log.reveal(view.element, { force: true });
    if (!this.outbox.ready) view.setSending("mislukt");
  }

  #choose(option, view) {
    view.useChoice((candidate) => candidate.id === option.id);
    this.#say({ keuze: option.id, titel: option.titel });
    if (!isTouch()) this.composer.focus();
  }

  #sending(item) {
    this.log.showTyping(true);
    this.log.own(item.id)?.setSending("onderweg");
  }

  #sent(item, reply) {
    this.log.showTyping(false);
    this.#online();
    const own = this.log.own(item.id);
    own?.setSending("verzonden");
    this.tabs.tell({ eigen: item });
    this.#receiveAll(reply.berichten || [], own?.element);
    for (const message of reply.berichten || []) this.tabs.tell({ bericht: message });
  }

  #receiveAll(messages, after) {
    const farewell = messages.find((message) => message.soort === "einde");
    if (farewell) return this.#end(farewell);
    const fresh = messages.map((message) => this.log.receive(message)).filter(Boolean);
    if (!fresh.length) return;
    const first = fresh[0].element;
    this.log.reveal(after?.nextElementSibling === first ? after : first);
    for (const view of fresh) this.reader.read(view);
  }

  #failed(items, error) {
    this.log.showTyping(false);
    for (const item of items) this.log.own(item.id)?.setSending("mislukt");
    this.#trouble(error);
  }

  #trouble(error) {
    const reached = [408, 429, 503].includes(error.status) ? this.words.busy : this.words.unreachable;
    this.notices.trouble(navigator.onLine === false ? this.words.offline : reached);
  }

  #refused(item, error) {
    this.log.showTyping(false);
    this.log.own(item.id)?.setSending("geweigerd", error.detail);
    this.notices.say(`${this.words.refused} ${error.detail}`);
    if (item.tekst) this.composer.giveBack(item.tekst);
  }

  #heard(message) {
    this.tabs.tell({ nieuws: message });
    this.#news(message);
  }

  /** A message that came by itself, most often from the griffie: to this tab, or to the one that listens. */
  #news(message) {
    const view = this.#hear(message);
    if (!view) return;
    this.log.reveal(view.element);
    this.reader.read(view);
    if (message.van !== "inwoner") this.#unread();
  }

  /** Only these say how far we have listened: the answer to one's own message may overtake what the griffie wrote. */
  #hear(message) {
    this.heardId = Math.max(this.heardId, Number(message.id));
    return this.log.receive(message);
  }

  #fromOtherTab({ opnieuw, eigen, bericht, nieuws }) {
    if (opnieuw) {
      this.#startOver();
    } else if (eigen && !this.log.hasOwn(eigen.id)) {
      const view = this.log.addOwn(eigen);
      view.setSending("verzonden");
      this.log.reveal(view.element);
    } else if (eigen) {
      this.outbox.drop(eigen.id);
      this.log.own(eigen.id).setSending("verzonden");
      this.#online();
    } else if (nieuws) {
      this.#news(nieuws);
    } else if (bericht.soort === "einde") {
      this.#end(bericht);
    } else {
      this.log.reveal(this.log.receive(bericht)?.element);
    }
  }

  #unread() {
    this.frame.countUnread();
    if (!document.hidden) return;
    this.unseen = (this.unseen || 0) + 1;
    document.title = `(${this.unseen}) ${this.title}`;
  }

  async #restart() {
    const answer = await ask(byId("opnieuw"));
    if (answer === "bewaar") this.#save();
    if (answer !== "begin") return;
    this.storage.setToken(null);
    this.tabs.tell({ opnieuw: true });
    await this.#startOver();
    this.#opened();
  }

  /** Nothing of the conversation so far comes into the next one, also not what is on its way. */
  #startOver() {
    this.left = this.api.token;
    this.outbox.clear();
    return this.#begin();
  }

  /** The resident had all erased: here too only the farewell is left. What they type next opens a new conversation. */
  #end(farewell) {
    this.ended = true;
    this.listener.stop();
    if (this.storage.token() === this.api.token) this.storage.setToken(null);
    this.api.token = null;
    this.log.showTyping(false);
    this.log.clear();
    this.log.receive(farewell);
    this.log.toEnd();
  }

  async #saveOwnData() {
    try {
      download(await this.api.ownData(), `${this.words.ownDataFile}.json`, "application/json");
      this.notices.say(this.words.ownDataSaved);
    } catch {
      this.notices.say(this.words.ownDataFailed);
    }
  }

  /** Say once what a browser does with a voice. */
  async #mayListen() {
    const agreed = preference("inspreken");
    if (agreed.get() === "ja") return true;
    if ((await ask(byId("spraak"))) !== "ja") return false;
    agreed.set("ja");
    return true;
  }

  #readAloud() {
    this.reader.toggle(this.log.views);
    this.notices.say(this.reader.on ? this.words.readingOn : this.words.readingOff);
  }

  #save() {
    const now = new Date();
    const day = now.toLocaleDateString("sv-SE");
    const text = transcript(this.log.views, { words: this.words, municipalityName: this.municipalityName, now });
    download(text, `${this.words.transcriptFile}-${day}.txt`);
    this.notices.say(this.words.saved);
  }

  #nameMunicipality(name) {
    if (!name) return;
    this.municipalityName = name.replace(/^gemeente /i, "");
    this.log.municipalityName = this.municipalityName;
    byId("gemeente").textContent = this.words.municipality(this.municipalityName);
  }

  #online() {
    if (!this.outbox.failing) this.notices.clear(this.words.back);
  }

  #opened() {
    if (isTouch()) byId("titel").focus({ preventScroll: true });
    else this.composer.focus({ preventScroll: true });
    this.log.show();
  }

  #woken() {
    return new Promise((resolve) => (this.wake = resolve));
  }

  #setUpPage() {
    this.title = document.title;
    byId("menuknop").hidden = false;
    this.#nameMunicipality(this.settings.municipalityName);
    const menu = setUpMenu(byId("menuknop"), byId("menu"), {
      opnieuw: () => this.#restart(),
      bewaar: () => this.#save(),
      print: () => window.print(),
      letters: () => this.notices.say(this.letters.next()),
      voorlezen: () => this.#readAloud(),
    });
    byId("sluit").hidden = !this.frame.active;
    byId("sluit").addEventListener("click", () => this.frame.close());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      if (!menu.close()) this.frame.close();
    });
    const again = () => {
      this.wake?.();
      this.listener.wake();
      this.outbox.flush();
    };
    window.addEventListener("online", again);
    window.addEventListener("offline", () => this.notices.trouble(this.words.offline));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.unseen = 0;
      document.title = this.title;
      again();
    });
  }

  start() {
    byId("laadt").remove();
    this.frame.ready();
    this.#begin();
  }
}

const { gemeente, gemeenteNaam, campagne, taal, ingebed } = document.body.dataset;
applyColour(document.documentElement);
new Chat({
  municipality: gemeente,
  municipalityName: gemeenteNaam,
  campaign: campagne,
  language: taal || "nl",
  embedded: ingebed === "ja",
}).start();
