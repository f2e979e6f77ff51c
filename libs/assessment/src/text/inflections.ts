import { isKnownWord } from './known-words.js';

/** Verbs with an irregular past: base, past, participle; forms with a slash are both in use. */
const VERBS =
  'be was/were been,become became become,begin began begun,bend bent bent,bet bet bet,' +
  'bite bit bitten,bleed bled bled,blow blew blown,break broke broken,bring brought brought,' +
  'build built built,burst burst burst,buy bought bought,catch caught caught,' +
  'choose chose chosen,come came come,cost cost cost,creep crept crept,cut cut cut,' +
  'deal dealt dealt,dig dug dug,do did done,draw drew drawn,drink drank drunk,' +
  'drive drove driven,eat ate eaten,fall fell fallen,feed fed fed,feel felt felt,' +
  'fight fought fought,find found found,flee fled fled,fly flew flown,forbid forbade forbidden,' +
  'forget forgot forgotten,forgive forgave forgiven,freeze froze frozen,get got got/gotten,' +
  'give gave given,go went gone,grow grew grown,hang hung hung,have had had,hear heard heard,' +
  'hide hid hidden,hit hit hit,hold held held,hurt hurt hurt,keep kept kept,know knew known,' +
  'lay laid laid,lead led led,leave left left,lend lent lent,let let let,lie lay lain,' +
  'light lit lit,lose lost lost,make made made,mean meant meant,meet met met,pay paid paid,' +
  'put put put,quit quit quit,read read read,ride rode ridden,ring rang rung,rise rose risen,' +
  'run ran run,say said said,see saw seen,seek sought sought,sell sold sold,send sent sent,' +
  'set set set,shake shook shaken,shine shone shone,shoot shot shot,show showed shown,' +
  'shrink shrank shrunk,shut shut shut,sing sang sung,sink sank sunk,sit sat sat,' +
  'sleep slept slept,slide slid slid,speak spoke spoken,spend spent spent,spin spun spun,' +
  'split split split,spread spread spread,spring sprang sprung,stand stood stood,' +
  'steal stole stolen,stick stuck stuck,sting stung stung,strike struck struck,' +
  'swear swore sworn,sweep swept swept,swell swelled swollen,swim swam swum,swing swung swung,' +
  'take took taken,teach taught taught,tear tore torn,tell told told,think thought thought,' +
  'throw threw thrown,understand understood understood,wake woke woken,wear wore worn,' +
  'weave wove woven,weep wept wept,win won won,wind wound wound,write wrote written';

const PLURALS =
  'child children,man men,woman women,person people,foot feet,tooth teeth,goose geese,' +
  'mouse mice,louse lice,ox oxen,knife knives,life lives,wife wives,leaf leaves,half halves,' +
  'shelf shelves,thief thieves,loaf loaves,wolf wolves,calf calves,self selves,' +
  'crisis crises,analysis analyses,phenomenon phenomena,criterion criteria';

const COMPARED = 'good better best,bad worse worst,far farther/further farthest/furthest';

/** Every form of each irregular word, by each of its forms. */
const IRREGULAR = new Map<string, string[]>();
for (const entry of [VERBS, PLURALS, COMPARED].flatMap((list) => list.split(','))) {
  const forms = entry.split(/[ /]/);
  for (const form of forms) {
    IRREGULAR.set(form, [...new Set([...(IRREGULAR.get(form) ?? []), ...forms])]);
  }
}

/** Endings that make another form of the same word. `ly` makes another word, and is not one. */
export const INFLECTIONS = ['s', 'ed', 'ing', 'er', 'est'] as const;
export type Inflection = (typeof INFLECTIONS)[number];

export function endsIn(token: string, inflection: Inflection): boolean {
  if (inflection === 's' && /(ss|us|is)$/.test(token)) return false;
  return token.endsWith(inflection);
}

/**
 * The ending with which a token has been formed of a word there is, or null: `informations`,
 * `goed` and `taked` are formed, `recieve` and `beautifull` are not.
 */
export function inflectionOf(token: string): Inflection | null {
  return (
    INFLECTIONS.find((one) => endsIn(token, one) && stemsOf(token, one).some(isKnownWord)) ?? null
  );
}

/** What a word may have been before its ending: bare, with e, with y for i, undoubled. */
function stemsOf(token: string, inflection: Inflection): string[] {
  const bare = token.slice(0, -inflection.length);
  if (bare.length < 2) return [];
  const stems = [bare];
  if (inflection !== 's') stems.push(`${bare}e`);
  if (inflection === 's' && bare.endsWith('e')) stems.push(bare.slice(0, -1));
  if (bare.endsWith('i')) stems.push(`${bare.slice(0, -1)}y`);
  if (bare.endsWith('ie')) stems.push(`${bare.slice(0, -2)}y`);
  if (bare.at(-1) === bare.at(-2)) stems.push(bare.slice(0, -1));
  return stems;
}

/** The words there are that are forms of the same word as this one, without it. */
export function otherForms(token: string): string[] {
  const stems = INFLECTIONS.filter((one) => endsIn(token, one)).flatMap((one) =>
    stemsOf(token, one).filter(isKnownWord),
  );
  const irregular = [token, ...stems].flatMap((one) => IRREGULAR.get(one) ?? []);
  const forms = [...stems, ...irregular, ...[token, ...stems, ...irregular].flatMap(formsOf)];
  return [...new Set(forms)].filter((one) => one !== token && isKnownWord(one));
}

function formsOf(stem: string): string[] {
  const last = stem.at(-1) ?? '';
  const starts = [stem, stem + last];
  if (last === 'e') starts.push(stem.slice(0, -1));
  if (last === 'y') starts.push(`${stem.slice(0, -1)}i`);
  return starts.flatMap((start) => [...INFLECTIONS, 'es'].map((ending) => start + ending));
}
