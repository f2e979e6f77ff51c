import type { DeadLetter, LetterGroup } from '@parlance/messaging';
import type { LettersFound } from '../dead-letters.js';
import type { RunFilter } from '../domain/letter-run.js';
import { html, type Html } from './html.js';
import { document, instant } from './layout.js';
import { lettersText, orderForms, sentence } from './letter-forms.js';
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
  const isOneGroup = group !== undefined && others.length === 0;
  const title = isOneGroup ? `Failed with ${group.errorCode}` : 'Dead letters';
  return document({
    title,
    signedIn: true,
    main: html`<h1>${title}: ${lettersText(found.letters.length)}</h1>
      ${filterList(filter)} ${isOneGroup && about(group)}
      ${!found.isComplete && html`<p class="notice">There may be more than could be looked at.</p>`}
      ${
        found.letters.length === 0
          ? html`<p class="notice">
              None is here, or no more. <a href="/dead-letters">All dead letters</a>
            </p>`
          : html`<p><a href="#orders">Redrive or discard</a></p>
              ${letterTable(found.letters, !isOneGroup)}
              <h2 id="orders">Redrive or discard</h2>
              ${orderForms(filter, formToken)}`
      }`,
  });
}

function about(group: LetterGroup): Html {
  return html`<p>${reasonText(group.errorCode)}</p>
    <p class="quiet">
      Of ${group.institutions === 1 ? 'one institution' : `${group.institutions} institutions`}. Of
      each: ${kindText(group)}.
      ${
        group.tooOld > 0 &&
        html`<span class="bad"
          >${sentence(lettersText(group.tooOld))} too old to be redriven.</span
        >`
      }
    </p>`;
}

function letterTable(letters: readonly DeadLetter[], hasTypes: boolean): Html {
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
          ${hasTypes && html`<th scope="col">Type</th>`}
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
              <td class="keep">${letterLink(letter)}</td>
              ${hasTypes && html`<td>${letter.type ?? 'not known'}</td>`}
              <td class="keep">${instant(letter.arrivedAt)}</td>
              <td class="keep">${instant(letter.eventAt)}</td>
              <td class="keep"><code>${letter.institutionId ?? 'not known'}</code></td>
              <td class="keep">${traceLink(letter.traceId)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
