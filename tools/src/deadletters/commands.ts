import type { DryRun, Groups, Letters, LetterView, Pauses, Run } from './answers.js';
import type { OncallClient } from './oncall-client.js';
import type { Options } from './options.js';
import {
  auditText,
  countsText,
  dryRunText,
  groupsText,
  isClean,
  letterText,
  lettersTable,
  runText,
} from './report.js';

/** What a command has to say: text, the same as data, and whether all went well. */
export interface Outcome {
  lines: string[];
  json: unknown;
  isGood: boolean;
}

/** Told while a run is at work. */
export type Progress = (text: string) => void;

const LOOK_EVERY_MS = 500;
const MOST_LETTERS = 200;

/** Throws OncallSaidNo. */
export function runCommand(
  client: OncallClient,
  options: Options,
  progress: Progress,
): Promise<Outcome> {
  switch (options.command) {
    case 'ls':
      return options.letters ? listLetters(client, options) : listGroups(client, options);
    case 'show':
      return show(client, options);
    case 'redrive':
    case 'discard':
      return move(client, options, options.command, progress);
    case 'resume':
      return resume(client, options);
    case 'audit':
      return audit(client);
  }
}

async function listGroups(client: OncallClient, { filter }: Options): Promise<Outcome> {
  const [found, pauses] = await Promise.all([
    client.get<Groups>('', filter),
    client.get<Pauses>('/pauses'),
  ]);
  const json = { ...found, pauses: pauses.pauses };
  return { lines: groupsText(found, pauses), json, isGood: true };
}

async function listLetters(client: OncallClient, { filter }: Options): Promise<Outcome> {
  const found = await client.get<Letters>('/letters', { ...filter, limit: MOST_LETTERS });
  return { lines: lettersTable(found), json: found, isGood: true };
}

async function show(client: OncallClient, { subject, filter }: Options): Promise<Outcome> {
  const { queue } = filter;
  const path = `/letters/${encodeURIComponent(subject)}`;
  const view = await client.get<LetterView>(path, queue === undefined ? {} : { queue });
  return { lines: letterText(view), json: view, isGood: true };
}

async function move(
  client: OncallClient,
  options: Options,
  action: Run['action'],
  progress: Progress,
): Promise<Outcome> {
  const { filter, ratePerSecond, operator, reason, yes } = options;
  const order = { filter, ratePerSecond, operator, ...(reason && { reason }) };
  if (options.dryRun || !yes) {
    const dryRun = await client.post<DryRun>(`/${action}s`, { ...order, dryRun: true });
    const hint =
      yes || options.dryRun || dryRun.matched === 0 ? [] : ['', `Add --yes to ${action} them.`];
    return { lines: [...dryRunText(action, dryRun), ...hint], json: dryRun, isGood: true };
  }
  let run = await client.post<Run>(`/${action}s`, { ...order, dryRun: false });
  while (run.state === 'running') {
    progress(`${action}: ${countsText(run)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    run = await client.get<Run>(`/${action}s/${run.id}`);
  }
  return { lines: runText(run), json: run, isGood: isClean(run) };
}

async function resume(client: OncallClient, { subject, operator }: Options): Promise<Outcome> {
  const answer = await client.post<{ services: string[] }>('/resumes', { type: subject, operator });
  const lines = [`${subject} is handled again by ${answer.services.join(', ')}.`];
  return { lines, json: answer, isGood: true };
}

async function audit(client: OncallClient): Promise<Outcome> {
  const { runs } = await client.get<{ runs: Run[] }>('/audit');
  return { lines: auditText(runs), json: { runs }, isGood: true };
}
