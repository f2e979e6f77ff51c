import { associable, block, choice, key, mapping, number, outcome, prompt } from './fixture-xml.js';
import { response, rules, score, set, variable, when } from './fixture-xml.js';
import type { Fixture } from './fixture-xml.js';
import { entry, itemXml, manifestOf, template, zipOf } from './packages.js';
import { RULE_FIXTURES } from './rule-fixtures.js';

/** The smallest files that are what they say: a GIF of one pixel, and the start of an MP3. */
export const PICTURE = Buffer.from(
  'R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==',
  'base64',
);
export const SOUND = Buffer.from(`ID3\u0004${'\u0000'.repeat(20)}`, 'latin1');

const FIXTURES: Readonly<Record<string, Fixture>> = {
  ...RULE_FIXTURES,
  'single-choice': {
    declarations: response('single identifier', key('B')),
    body: block(
      'choice',
      'shuffle="true" max-choices="1"',
      prompt + choice('A') + choice('B') + choice('C', 'fixed="true"'),
    ),
  },
  'multiple-choice': {
    declarations: response(
      'multiple identifier',
      key('A', 'B') +
        mapping(
          'lower-bound="0" upper-bound="2" default-value="-2"',
          entry('A', 1),
          entry('B', 1),
          entry('C', -1),
        ),
    ),
    body: block('choice', 'max-choices="0"', choice('A') + choice('B') + choice('C') + choice('D')),
    processing: template('map_response'),
  },
  'inline-choice': {
    declarations: response('single identifier', key('Y')),
    body:
      '<p>Pick ' +
      block(
        'inline-choice',
        'shuffle="false"',
        '<qti-inline-choice identifier="X">x &amp; x</qti-inline-choice>' +
          '<qti-inline-choice identifier="Y">y</qti-inline-choice>',
      ) +
      ' now.</p>',
  },
  'text-entry': {
    declarations: response(
      'single string',
      key('York') + mapping('default-value="0"', entry('York', 1), entry('york', 0.5)),
    ),
    body: `<p>Gap: ${block('text-entry', 'expected-length="15"', '')}</p>`,
    processing: template('map_response'),
  },
  match: {
    declarations: response(
      'multiple directedPair',
      key('C R', 'D M', 'L M') +
        mapping(
          'default-value="-1" lower-bound="0"',
          entry('C R', 1),
          entry('D M', 0.5),
          entry('L M', 0.5),
        ),
    ),
    body: block(
      'match',
      'shuffle="false" max-associations="4"',
      `<qti-simple-match-set>${associable('C')}${associable('D')}${associable('L')}` +
        `</qti-simple-match-set><qti-simple-match-set>${associable('M', 'match-max="0"')}` +
        `${associable('R', 'match-max="2"')}</qti-simple-match-set>`,
    ),
    processing: template('map_response'),
  },
  'match-one': {
    declarations: response('single directedPair', key('C R')),
    body: block(
      'match',
      'max-associations="1"',
      `<qti-simple-match-set>${associable('C')}</qti-simple-match-set>` +
        `<qti-simple-match-set>${associable('M')}${associable('R')}</qti-simple-match-set>`,
    ),
  },
  associate: {
    declarations: response('multiple pair', key('A B', 'C D')),
    body: block(
      'associate',
      'max-associations="2"',
      ['A', 'B', 'C', 'D'].map((id) => associable(id)).join(''),
    ),
  },
  'gap-match': {
    declarations: response(
      'multiple directedPair',
      key('W G1', 'Su G2') +
        mapping('default-value="-1" lower-bound="0"', entry('W G1', 1), entry('Su G2', 2)),
    ),
    body: block(
      'gap-match',
      'shuffle="false"',
      prompt +
        ['W', 'Sp', 'Su', 'A']
          .map((id) => `<qti-gap-text identifier="${id}" match-max="1">${id}</qti-gap-text>`)
          .join('') +
        '<p>Now is the <qti-gap identifier="G1"/> of our discontent made glorious ' +
        '<qti-gap identifier="G2" required="true"/>.</p>',
    ),
    processing: template('map_response'),
  },
  hottext: {
    declarations: response('multiple identifier', key('A', 'C')),
    body: block(
      'hottext',
      'max-choices="0"',
      '<p>He <qti-hottext identifier="A">go</qti-hottext> to ' +
        '<qti-hottext identifier="B">school</qti-hottext> ' +
        '<qti-hottext identifier="C"><em>by</em> foot</qti-hottext>.</p>',
    ),
  },
  'hottext-one': {
    declarations: response('single identifier', key('A')),
    body: block(
      'hottext',
      'max-choices="1"',
      '<p>He <qti-hottext identifier="A">go</qti-hottext> ' +
        '<qti-hottext identifier="B">home</qti-hottext>.</p>',
    ),
    // A single value is compared with a single value, though the answer is a list here.
    processing: rules(
      when(
        `<qti-match>${variable('RESPONSE')}` +
          '<qti-base-value base-type="identifier">A</qti-base-value></qti-match>',
        set('SCORE', number(1)),
      ),
    ),
  },
  'select-point': {
    declarations: response(
      'multiple point',
      key('10 10') +
        '<qti-area-mapping default-value="0" upper-bound="1.5">' +
        '<qti-area-map-entry shape="circle" coords="10,10,5" mapped-value="1"/>' +
        '<qti-area-map-entry shape="rect" coords="50,50,60,60" mapped-value="1"/>' +
        '</qti-area-mapping>',
    ),
    body: block(
      'select-point',
      'max-choices="2"',
      '<object data="media/map.gif" type="image/gif" width="100" height="80">Map</object>',
    ),
    processing: template('map_response_point'),
  },
  slider: {
    declarations: response('single integer', key('7')),
    body: block('slider', 'lower-bound="0" upper-bound="10" step="1"', prompt),
  },
  listening: {
    declarations: response('single integer', '', 'PLAYS') + response('single identifier', key('A')),
    body:
      '<qti-media-interaction response-identifier="PLAYS" autostart="false" max-plays="2">' +
      '<audio src="media/talk.mp3"/></qti-media-interaction>' +
      '<p><img src="media/map.gif" alt="A map"/></p>' +
      block('choice', 'max-choices="1"', choice('A') + choice('B')),
  },
  upload: {
    declarations: response('single file'),
    body: block('upload', 'type="application/pdf"', prompt),
    processing: '',
    outcomes: outcome('SCORE', 'float', '', 'normal-maximum="4"'),
  },
};

export const FIXTURE_NAMES = Object.keys(FIXTURES);

/** The item of a name in QTI 3.0. */
export function fixtureXml(name: string): string {
  const fixture = FIXTURES[name];
  if (fixture === undefined) throw new Error(`no fixture ${name}`);
  return itemXml({
    identifier: name,
    outcomes: score,
    processing: template('match_correct'),
    ...fixture,
  });
}

const camel = (name: string) =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The same document as QTI 2 writes it. */
export function asQti2(xml: string, version: '2.1' | '2.2'): string {
  return xml
    .replace('imsqtiasi_v3p0', `imsqti_v${version.replace('.', 'p')}`)
    .replace(/(<\/?)qti-([a-z-]+)/g, (_, start: string, name: string) => start + camel(name))
    .replace(/ ([a-z]+(?:-[a-z]+)+)="/g, (_, name: string) => ` ${camel(name)}="`)
    .replaceAll('durationGte', 'durationGTE');
}

/** All fixtures and the files they need as one package. */
export function fixturePackage(change: (xml: string) => string = (xml) => xml): Buffer {
  const files = FIXTURE_NAMES.map((name) => [`${name}.xml`, change(fixtureXml(name))]);
  return zipOf({
    'imsmanifest.xml': manifestOf(FIXTURE_NAMES.map((name) => `${name}.xml`)),
    ...Object.fromEntries(files),
    'media/map.gif': PICTURE,
    'media/talk.mp3': SOUND,
  });
}
