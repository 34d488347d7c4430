/* nlp.js as its own quickstart uses it: `train FOLDER` makes a model there, `answer FOLDER` puts messages to it.
 *
 * FOLDER holds examples.json (pairs of label and text) and messages.json; training leaves trained.json, answering
 * answers.json. Two processes, so that what training took does not count as memory of the model.
 */
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { dockStart } = require("@nlpjs/basic");
const { LangNl } = require("@nlpjs/lang-nl");

const LANGUAGE = "nl";
const NOTHING = "None"; // the label of nlp.js for what it does not know

const read = (folder, name) => fs.readFileSync(path.join(folder, name), "utf8");
const write = (folder, name, value) => fs.writeFileSync(path.join(folder, name), JSON.stringify(value));

/** Everything as it comes. Settings given at the start would replace all of its own, the threshold among them. */
async function start() {
  const dock = await dockStart({ use: ["Basic"] }, false);
  const nlp = dock.get("nlp");
  nlp.settings.autoSave = false; // it would leave a file in the current folder
  nlp.container.use(LangNl);
  nlp.addLanguage(LANGUAGE);
  return nlp;
}

/** Counts the seconds from handing over the first example to the written model. */
async function train(folder) {
  const examples = JSON.parse(read(folder, "examples.json"));
  const nlp = await start();
  const started = performance.now();
  for (const [label, text] of examples) nlp.addDocument(LANGUAGE, text, label);
  await nlp.train();
  fs.writeFileSync(path.join(folder, "model.json"), nlp.export(true));
  write(folder, "trained.json", { seconds: (performance.now() - started) / 1000 });
}

/** Loads, looks at the memory, then puts one message at a time. A first message that is not counted warms up. */
async function answer(folder) {
  const nlp = await start();
  nlp.import(read(folder, "model.json"));
  const memory = process.memoryUsage().rss / 1e6;
  const messages = JSON.parse(read(folder, "messages.json"));
  await nlp.process(LANGUAGE, messages[0]);
  const answers = [];
  for (const message of messages) {
    const started = performance.now();
    const found = await nlp.process(LANGUAGE, message);
    const milliseconds = performance.now() - started;
    const ranking = found.classifications.map((one) => one.intent).filter((label) => label !== NOTHING);
    answers.push([ranking, found.intent !== NOTHING, milliseconds]);
  }
  const threshold = { score: nlp.settings.threshold };
  if (!(threshold.score > 0)) throw new Error("nlp.js has no threshold: it would answer everything");
  write(folder, "answers.json", { memory_mb: memory, threshold, remarks: [], answers });
}

const [what, folder] = process.argv.slice(2);
({ train, answer })[what](folder).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
