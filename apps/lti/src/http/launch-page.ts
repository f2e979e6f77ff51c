import type { FastifyReply } from 'fastify';
import type { AcceptedLaunch } from '../launches.js';
import { html, jsonScript, sendPage } from './page.js';
import { textsFor } from './page-texts.js';

/** The page of an accepted launch: a title for people, and for the client what it needs to start. */
export function sendLaunchPage(reply: FastifyReply, launch: AcceptedLaunch, apiBase: string): void {
  const texts = textsFor(launch.locale);
  const { assertion, assignmentId, role } = launch;
  const title = launch.title ?? 'Parlance';
  const told =
    role === null ? texts.noRole : assignmentId === null ? texts.noAssignment : texts.opening;
  sendPage(reply, {
    status: 200,
    lang: texts.lang,
    title,
    main: html`<h1>${title}</h1>
      <p role="status">${told}</p>`,
    data: jsonScript('launch', { assertion, assignmentId, apiBase }),
    frameAncestors: launch.frameAncestors,
  });
}
