import type { ShownField } from '@parlance/messaging';
import type { LetterView } from '../dead-letters.js';
import { html, type Html } from './html.js';
import { document, instant } from './layout.js';
import { orderForms } from './letter-forms.js';
import { linkTo } from './letter-links.js';
import { kindText, reasonText } from './reasons.js';

export function letterPage(
  { letter, attributes, envelope, data, ...view }: LetterView,
  formToken: string,
) {
  const { id, queue, type, fingerprint } = letter;
  return document({
    title: `Letter ${id}`,
    signedIn: true,
    main: html`<h1>Letter <code>${id}</code></h1>
      <p>${reasonText(letter.errorCode)}</p>
      <dl>
        ${fact('failed with', html`${letter.errorCode} <code>${fingerprint}</code>`)}
        ${fact('lies in', html`<code>${queue}</code>: ${kindText(letter)}`)}
        ${fact('type', html`${type ?? 'not known'}`)}
        ${fact('event', html`<code>${letter.eventId ?? 'not known'}</code>`)}
        ${fact('event made', instant(letter.eventAt))}
        ${fact('here since', instant(letter.arrivedAt))}
        ${fact('institution', html`<code>${letter.institutionId ?? 'not known'}</code>`)}
        ${received(letter.receiveCount)} ${fact('trace', wholeTrace(letter.traceId))}
        ${fact('size', html`${letter.bytes} bytes`)}
        ${
          view.waitingBehind !== null &&
          fact('waiting behind it', html`${view.waitingBehind} later events of its key`)
        }
      </dl>
      <p>
        <a href="${linkTo('/dead-letters/group', { queue, type, fingerprint })}">Others like it</a>
      </p>
      ${fieldTable(letter.kind === 'unpublished' ? 'In the outbox' : 'Envelope', envelope)}
      ${fieldTable('Attributes', attributes)} ${fieldTable('Data', data, false)}
      <p class="quiet">What people wrote is never shown here: of data only names and sizes.</p>
      <h2>This letter alone</h2>
      ${orderForms({ queue, id }, formToken)}`,
  });
}

function received(count: number | null): Html {
  if (count === null) return html``;
  return fact('received', html`${count === 1 ? 'once' : `${count} times`}`);
}

function wholeTrace(traceId: string | null): Html {
  if (traceId === null) return html`<span class="quiet">not known</span>`;
  return html`<a href="/traces/${traceId}"><code>${traceId}</code></a>`;
}

function fact(name: string, value: Html): Html {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

function fieldTable(title: string, fields: readonly ShownField[], hasValues = true): Html {
  if (fields.length === 0) return html``;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">
    <table>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col" class="num">Bytes</th>
          ${hasValues && html`<th scope="col">Value</th>`}
        </tr>
      </thead>
      <tbody>
        ${fields.map(
          ({ name, bytes, value }) =>
            html`<tr>
              <td><code>${name}</code></td>
              <td class="num">${bytes}</td>
              ${
                hasValues &&
                html`<td>
                  ${value === null ? html`<span class="quiet">not shown</span>` : html`<code>${value}</code>`}
                </td>`
              }
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
