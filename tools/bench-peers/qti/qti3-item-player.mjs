// Scores items with qti3-item-player 1.1.20 (MIT), a certified QTI 3 player and the only engine for
// response processing in JavaScript with a permissive licence that the npm registry gave us.
//
// It is a player: items are mounted as Vue components, here in jsdom. What is timed is only its
// response processing (`processResponses(true)`, as its `scoreAttempt` calls it), without rendering
// and without collecting answers from interactions. To set answers without clicking, its internal
// store is made reachable when its file is loaded; nothing else of it is changed.
import { readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { JSDOM } from 'jsdom';

const require = createRequire(import.meta.url);
// It writes several lines for every answer; the cost of writing is not its own.
const silent = () => undefined;
Object.assign(console, { log: silent, info: silent, warn: silent });

const { window } = new JSDOM('<!doctype html><body><div id="app"></div></body>', {
  pretendToBeVisual: true,
  url: 'http://localhost/',
});
for (const key of Object.getOwnPropertyNames(window)) {
  if (!(key in globalThis)) globalThis[key] = window[key];
}
Object.assign(globalThis, { window, document: window.document });
// Its editor asks for this as soon as a page is there.
window.document.execCommand = () => false;

// Its items are templates that are compiled when they are shown: that takes Vue's full build.
process.env.NODE_ENV = 'production';
const Vue = require('vue/dist/vue.common.prod.js');
require('vue');
require.cache[require.resolve('vue')].exports = Vue;
window.Vue = Vue;

const Player = Vue.extend(loadPlayer());

function loadPlayer() {
  const file = require.resolve('qti3-item-player/dist/qti3Player.common.js');
  const text = readFileSync(file, 'utf8');
  if (!text.includes('const store_store = {')) throw new Error('qti3-item-player has changed.');
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(import.meta.dirname);
  module._compile(
    text.replace('const store_store = {', 'const store_store = globalThis.qtiStore = {'),
    file,
  );
  return module.exports.default ?? module.exports;
}

/** A function that scores the answers of one item and gives its SCORE. */
async function scorerOf(xml) {
  document.body.innerHTML = '<div id="app"></div>';
  const player = new Player({ propsData: { suppressAlertMessages: true } }).$mount('#app');
  player.loadItemFromXml(xml, { guid: 'bench', status: 'interacting' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { state } = globalThis.qtiStore;
  const score = state.outcomeDeclarations.find(({ identifier }) => identifier === 'SCORE');
  if (!player.item || !score) throw new Error('qti3-item-player did not load the item.');
  return (answers) => {
    for (const declaration of state.responseDeclarations) {
      if (declaration.identifier in answers) declaration.value = answers[declaration.identifier];
    }
    player.item.processResponses(true);
    return state.outcomeDeclarations.find(({ identifier }) => identifier === 'SCORE').value;
  };
}

parentPort.on('message', async ({ xml, answers, milliseconds }) => {
  try {
    const score = await scorerOf(xml);
    // Answers it cannot score (some with NULL) are left out of the time, and counted by the bench.
    const points = answers.map((one) => {
      try {
        return score(one);
      } catch {
        return 'fault';
      }
    });
    const sound = answers.filter((_, index) => points[index] !== 'fault');
    if (sound.length === 0) throw new Error('qti3-item-player can score none of the answers.');
    const began = performance.now();
    let items = 0;
    let elapsed = 0;
    while (elapsed < milliseconds) {
      for (const one of sound) score(one);
      items += sound.length;
      elapsed = performance.now() - began;
    }
    parentPort.postMessage({ points, rate: (items * 1000) / elapsed });
  } catch (error) {
    parentPort.postMessage({ fault: error.stack ?? String(error) });
  }
});
