import type { DeadLetter, LetterGroup } from '@parlance/messaging';
import type { LettersFound } from '../dead-letters.js';
import type { RunFilter } from '../domain/letter-run.js';
import { html, type Html } from './html.js';
import { document, instant } from './layout.js';
import { lettersText, orderForms } from './letter-forms.js';
import { filterList, letterLink, traceLink } from './letter-links.js';
import { kindText, reasonText } from './reasons.js';

/** Most letters one page lists. */
const MAX_LISTED = 100;

export interface LetterGroupPage {
  filter: RunFilter;
  found: LettersFound & { groups: LetterGroup[] };
  formToken: string;
}

/** The letters a filter means, and what can be done about them. */
export function letterGroupPage({ filter, found, formToken }: LetterGroupPage) {
  const [group, ...others] = found.groups;
  const title = group === undefined || others.length > 0 ? 'Letters' : group.errorCode;
  return document({
    title,
    signedIn: true,
    main: html`<h1>${title}: ${lettersText(found.letters.length)}</h1>
      ${filterList(filter)} ${group !== undefined && others.length === 0 && about(group)}
      ${!found.isComplete && html`<p class="notice">There may be more than could be looked at.</p>`}
      ${
        found.letters.length === 0
          ? html`<p class="notice">
              None is here, or no more. <a href="/dead-letters">All dead letters</a>
            </p>`
          : html`${letterTable(found.letters)} ${orderForms(filter, formToken)}`
      }`,
  });
}

function about(group: LetterGroup): Html {
  return html`<p>${reasonText(group.errorCode)}</p>
    <p class="quiet">
      Of ${group.institutions === 1 ? 'one institution' : `${group.institutions} institutions`};
      ${kindText(group.kind)}, and should have reached ${group.service}.
      ${group.tooOld > 0 && html`<span class="bad">${group.tooOld} are too old to redrive.</span>`}
    </p>`;
}

function letterTable(letters: readonly DeadLetter[]): Html {
  const shown = letters.slice(0, MAX_LISTED);
  const caption =
    shown.length < letters.length ? `The latest ${shown.length}` : 'All of them, the latest first';
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="letters">
    <table>
      <caption id="letters">
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">Letter</th>
          <th scope="col">Type</th>
          <th scope="col">Here since</th>
          <th scope="col">Event made</th>
          <th scope="col">Institution</th>
          <th scope="col">Trace</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (letter) =>
            html`<tr>
              <td>${letterLink(letter)}</td>
              <td>${letter.type ?? 'not known'}</td>
              <td>${instant(letter.arrivedAt)}</td>
              <td>${instant(letter.eventAt)}</td>
              <td><code>${letter.institutionId ?? 'not known'}</code></td>
              <td>${traceLink(letter.traceId)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
