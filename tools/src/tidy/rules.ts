/** One file of the repository as a rule sees it. */
export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  path: string;
  text: string;
}

export interface Fault {
  path: string;
  line: number;
  message: string;
}

type Rule = (file: SourceFile) => Fault[];

const isTypeScript = (path: string) => /\.tsx?$/.test(path);
const isSpec = (path: string) => /\.spec\.tsx?$/.test(path);

/** A rule that looks for a pattern line by line. */
function linesMatching(applies: (path: string) => boolean, pattern: RegExp, message: string): Rule {
  return ({ path, text }) => {
    if (!applies(path)) return [];
    return text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [{ path, line: index + 1, message }] : []));
  };
}

/** Names that say nothing about what is inside. */
const EMPTY_NAME = /(^|[/.-])(utils?|helpers?|common|managers?|base|misc|shared)([/.-]|$)/i;

function namesSayWhat({ path }: SourceFile): Fault[] {
  if (!isTypeScript(path) || !EMPTY_NAME.test(path)) return [];
  return [{ path, line: 1, message: 'this name says nothing about what is inside' }];
}

/** Folders a service's src may have beside its use cases; whoever knows one service knows all. */
const SERVICE_FOLDERS = [
  'domain',
  'db',
  'http',
  'events',
  'qti',
  'csv',
  'protocol',
  'delivery',
  'view',
];

function servicesLookAlike({ path }: SourceFile): Fault[] {
  const folder = /^apps\/(?!web\/)[^/]+\/src\/([^/]+)\//.exec(path)?.[1];
  if (folder === undefined || SERVICE_FOLDERS.includes(folder)) return [];
  return [
    { path, line: 1, message: `a service has no folder "${folder}" (see docs/ARCHITECTURE.md)` },
  ];
}

function handlersAreNamedAfterEvents({ path }: SourceFile): Fault[] {
  if (!/^apps\/[^/]+\/src\/events\//.test(path)) return [];
  if (/\/on-[a-z-]+(\.spec)?\.ts$/.test(path)) return [];
  return [{ path, line: 1, message: 'a file here is on-<event>.ts, one per event consumed' }];
}

// Put together from halves, so that this file does not match itself.
const UNFINISHED = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`,
);
const FOREIGN_PLACE = new RegExp(
  ['registry\\.npm' + 'js', 'deb\\.deb' + 'ian', '/wo' + 'rk/', '/ro' + 'ot/'].join('|'),
);

const RULES: Rule[] = [
  namesSayWhat,
  servicesLookAlike,
  handlersAreNamedAfterEvents,
  linesMatching(isTypeScript, UNFINISHED, 'finish it or leave it out'),
  linesMatching(() => true, FOREIGN_PLACE, 'a path or host that only exists on one machine'),
  linesMatching(
    (path) =>
      isTypeScript(path) && !/config\.m?ts$/.test(path) && !path.startsWith('tools/test/global-'),
    /^export default /,
    'exports have names',
  ),
  linesMatching(isSpec, /\b(it|test|describe)\.only\b/, 'leaves out the other tests'),
  linesMatching(isSpec, /\bx(it|test|describe)\(|\.todo\(/, 'a test that does not run'),
  linesMatching(
    isSpec,
    /setTimeout\((resolve|done|r|res)\b|timers\/promises/,
    'a test waits on a message or a state, not on time',
  ),
  linesMatching(isTypeScript, /eslint-disable(?!.* -- \S)/, 'say why the rule is off, after --'),
  linesMatching(isTypeScript, /@ts-(ignore|nocheck)/, 'the compiler is not switched off'),
  linesMatching(
    (path) => isTypeScript(path) && /^(apps|libs)\//.test(path) && !isSpec(path),
    /class \w+(<[^>]*>)? extends (?!\w*(Error|Refusal|Server|PageQuery|RpcException)\b)/,
    'no inheritance but for errors, page queries and what Nest asks',
  ),
];

export function faultsIn(files: readonly SourceFile[]): Fault[] {
  return files.flatMap((file) => RULES.flatMap((rule) => rule(file)));
}
