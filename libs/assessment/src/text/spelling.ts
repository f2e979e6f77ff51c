/**
 * British and American spellings of the same word. A family is a list of stems with its two
 * spellings and what may follow them, so that several hundred words take little room. A word that
 * is spelt one way on both sides (`advise`, `four`, `excellent`) is in none of them.
 */
interface Family {
  british: string;
  american: string;
  endings: string;
  stems: string;
}

const FAMILIES: Family[] = [
  {
    british: 'our',
    american: 'or',
    endings: '- s ed ing er ers ful fully less able ably ite ites hood hoods y',
    stems:
      'arm behavi cand clam col demean endeav fav ferv flav harb hon hum lab misdemean neighb od ' +
      'parl ranc rig rum sav savi splend succ tum val vap vig',
  },
  {
    british: 'is',
    american: 'iz',
    endings: 'e es ed ing er ers ation ations able',
    stems:
      'agon apolog author capital categor central character civil colon computer critic custom ' +
      'demoral digit dramat econom emphas energ equal familiar fantas fertil final general ' +
      'global harmon hospital human ideal immun industrial initial jeopard legal local maxim ' +
      'mechan memor minim mobil modern monopol neutral normal optim organ patron penal personal ' +
      'popular priorit privat public random rational real recogn reorgan revolution scrutin ' +
      'sensit social special stabil standard steril subsid summar symbol sympath synchron ' +
      'terror theor trivial util vandal victim visual',
  },
  { british: 'ys', american: 'yz', endings: 'e ed ing er', stems: 'anal breathal catal paral' },
  {
    british: 're',
    american: 'er',
    endings: '- s d',
    stems: 'calib cent centimet fib kilomet lit lust meag millimet och sab somb spect theat',
  },
  {
    british: 'll',
    american: 'l',
    endings: 'ed ing er ers',
    stems:
      'bevel cancel channel chisel counsel dial duel equal fuel funnel grovel initial jewel label ' +
      'level libel marshal marvel model panel pedal quarrel rival shovel shrivel signal snorkel ' +
      'spiral swivel total towel travel tunnel unravel yodel',
  },
  {
    british: 'l',
    american: 'll',
    endings: '- s ment ments',
    stems: 'appal distil enrol enthral fulfil instil',
  },
  {
    british: 'ogue',
    american: 'og',
    endings: '- s',
    stems: 'anal catal dial homol monol prol travel',
  },
  { british: 'ence', american: 'ense', endings: '- s less', stems: 'def off pret' },
];

const PAIRS =
  'grey:gray greyer:grayer greyish:grayish aeroplane:airplane aeroplanes:airplanes ' +
  'aluminium:aluminum moustache:mustache moustaches:mustaches pyjamas:pajamas ' +
  'jewellery:jewelry plough:plow ploughs:plows ploughed:plowed ploughing:plowing ' +
  'sceptic:skeptic sceptics:skeptics sceptical:skeptical scepticism:skepticism ' +
  'mould:mold moulds:molds mouldy:moldy moulded:molded moulding:molding smoulder:smolder ' +
  'cosy:cozy cosier:cozier cosiest:coziest cosily:cozily doughnut:donut doughnuts:donuts ' +
  'yoghurt:yogurt yoghurts:yogurts mum:mom mums:moms mummy:mommy maths:math ' +
  'omelette:omelet omelettes:omelets anaemia:anemia anaemic:anemic ' +
  'anaesthetic:anesthetic anaesthetics:anesthetics anaesthesia:anesthesia ' +
  'encyclopaedia:encyclopedia encyclopaedias:encyclopedias archaeology:archeology ' +
  'archaeologist:archeologist archaeologists:archeologists archaeological:archeological ' +
  'haemorrhage:hemorrhage leukaemia:leukemia mediaeval:medieval orthopaedic:orthopedic ' +
  'paediatric:pediatric paediatrician:pediatrician diarrhoea:diarrhea foetus:fetus ' +
  'foetal:fetal oestrogen:estrogen manoeuvre:maneuver manoeuvres:maneuvers ' +
  'manoeuvred:maneuvered manoeuvring:maneuvering gynaecologist:gynecologist ' +
  'skilful:skillful skilfully:skillfully wilful:willful woollen:woolen woollens:woolens ' +
  'marvellous:marvelous marvellously:marvelously chilli:chili chillies:chilies ageing:aging ' +
  'judgement:judgment judgements:judgments acknowledgement:acknowledgment ' +
  'acknowledgements:acknowledgments artefact:artifact artefacts:artifacts ' +
  'carburettor:carburetor kilogramme:kilogram kilogrammes:kilograms liquorice:licorice ' +
  'sulphur:sulfur tsar:czar favouritism:favoritism encyclopaedic:encyclopedic';

/**
 * Here one spelling is another word on one side of the ocean: `check` is right where a cheque is
 * meant, but `cheque` never where something is checked. The first may be expected and the second
 * given, not the other way round.
 */
const ONE_WAY =
  'cheque:check cheques:checks metre:meter metres:meters tyre:tire tyres:tires kerb:curb ' +
  'kerbs:curbs storey:story storeys:stories draught:draft draughts:drafts draughty:drafty ' +
  'programme:program programmes:programs licence:license licences:licenses ' +
  'practise:practice practises:practices practised:practiced practising:practicing ' +
  'towards:toward afterwards:afterward disc:disk discs:disks axe:ax ' +
  'learnt:learned dreamt:dreamed burnt:burned spelt:spelled leapt:leaped spoilt:spoiled';

const TO_AMERICAN = new Map<string, string>([
  ...FAMILIES.flatMap(({ british, american, endings, stems }) =>
    stems.split(' ').flatMap((stem) =>
      endings.split(' ').map((ending): [string, string] => {
        const rest = ending === '-' ? '' : ending;
        return [stem + british + rest, stem + american + rest];
      }),
    ),
  ),
  ...pairsIn(PAIRS),
]);
const AMERICAN = new Set(TO_AMERICAN.values());
const AMERICAN_FOR = new Map([...TO_AMERICAN, ...pairsIn(ONE_WAY)]);

function pairsIn(list: string): [string, string][] {
  return list.split(' ').map((pair) => pair.split(':') as [string, string]);
}

/**
 * A token that both spellings of a word share; a first look, not a decision. What is in capitals
 * is compared in lower case and only there.
 */
export function spellingKey(token: string): string {
  const american = AMERICAN_FOR.get(token.toLocaleLowerCase('en'));
  return american === undefined ? token : likeCapitals(american, token);
}

/** Whether `given` is the other side's spelling of the word `expected`. */
export function isOtherSpelling(expected: string, given: string): boolean {
  const american = AMERICAN_FOR.get(expected.toLocaleLowerCase('en'));
  if (american !== undefined && likeCapitals(american, expected) === given) return true;
  const back = TO_AMERICAN.get(given.toLocaleLowerCase('en'));
  return back !== undefined && likeCapitals(back, given) === expected;
}

/** Which side spells a word like this, or null for one that is spelt alike everywhere. */
export function spellingOf(token: string): 'en-GB' | 'en-US' | null {
  const lower = token.toLocaleLowerCase('en');
  if (TO_AMERICAN.has(lower)) return 'en-GB';
  return AMERICAN.has(lower) ? 'en-US' : null;
}

function likeCapitals(word: string, model: string): string {
  if (model === model.toLocaleUpperCase('en')) return word.toLocaleUpperCase('en');
  const first = model.charAt(0);
  const isCapital = first !== first.toLocaleLowerCase('en');
  return isCapital ? first + word.slice(1) : word;
}
