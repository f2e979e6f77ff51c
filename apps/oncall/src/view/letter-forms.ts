import type { LetterRun, RunFilter } from '../domain/letter-run.js';
import type { DryRun, RunOrder } from '../letter-runs.js';
import { html, type Html } from './html.js';
import { document } from './layout.js';
import { filterFields, filterList, linkTo } from './letter-links.js';

/** The two things that can be done about letters; each is shown before it is done. */
export function orderForms(filter: RunFilter, formToken: string): Html {
  return html`<div class="forms">
    ${orderForm('redrive', filter, formToken)} ${orderForm('discard', filter, formToken)}
  </div>`;
}

function orderForm(action: LetterRun['action'], filter: RunFilter, formToken: string): Html {
  const isDiscard = action === 'discard';
  return html`<form method="post" action="/dead-letters/check" aria-labelledby="${action}">
    <h3 id="${action}">${isDiscard ? 'Discard' : 'Redrive'}</h3>
    <p class="quiet">
      ${
        isDiscard
          ? 'Deletes the letters. Their events never reach the consumer.'
          : 'Puts the letters back where they came from, as they were.'
      }
    </p>
    <input type="hidden" name="form" value="${formToken}" />
    <input type="hidden" name="action" value="${action}" />
    ${filterFields(filter)}
    <label
      >Your name, for the record
      <input name="operator" required maxlength="80" autocomplete="name" />
    </label>
    <label
      >${isDiscard ? 'Why they may be lost' : 'Reason (may be left out)'}
      <input name="reason" maxlength="500" ${isDiscard && html`required`} autocomplete="off" />
    </label>
    <label
      >Letters per second
      <input name="ratePerSecond" type="number" min="1" max="500" value="50" required />
    </label>
    <button>${isDiscard ? 'See what would be discarded' : 'See what would be redriven'}</button>
  </form>`;
}

/** What an order would do, and the button that does it. */
export function checkPage(order: RunOrder, dryRun: DryRun, formToken: string) {
  const isRedrive = order.action === 'redrive';
  const count = dryRun.matched - (isRedrive ? dryRun.tooOld : 0);
  const verb = isRedrive ? 'Redrive' : 'Discard';
  return document({
    title: `${verb}?`,
    signedIn: true,
    main: html`<h1>${verb} ${lettersText(count)}?</h1>
      <p>Nothing has been touched yet. These letters are meant:</p>
      ${filterList(order.filter)} ${dryRun.groups.length > 0 && dryRunTable(dryRun)}
      ${
        isRedrive &&
        dryRun.tooOld > 0 &&
        html`<p class="notice bad">
          ${sentence(lettersText(dryRun.tooOld))} will stay: older than the consumers remember, so
          that the effect could come twice.
        </p>`
      }
      ${
        !dryRun.isComplete &&
        html`<p class="notice">
          There may be more that could not be looked at. A run takes up to 10,000 letters of a
          queue.
        </p>`
      }
      ${
        count === 0
          ? html`<p class="notice">There is nothing to ${order.action}.</p>`
          : confirmation(order, `${verb} ${lettersText(count)}`, formToken)
      }
      <p>
        <a href="${linkTo('/dead-letters/group', { ...order.filter })}"
          >Back to the letters, without doing anything</a
        >
      </p>`,
  });
}

function confirmation(order: RunOrder, label: string, formToken: string): Html {
  const { action, operator, reason, ratePerSecond, filter } = order;
  return html`<form method="post" action="/dead-letters/runs">
    <input type="hidden" name="form" value="${formToken}" />
    <input type="hidden" name="action" value="${action}" />
    <input type="hidden" name="operator" value="${operator}" />
    <input type="hidden" name="reason" value="${reason ?? ''}" />
    <input type="hidden" name="ratePerSecond" value="${ratePerSecond}" />
    ${filterFields(filter)}
    <p>
      ${operator}, at most ${ratePerSecond} a
      second${reason !== null && html`, because: ${reason}`}.
    </p>
    <button class="${action === 'discard' && 'danger'}">${label}</button>
  </form>`;
}

function dryRunTable({ groups }: DryRun): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Letters by group">
    <table>
      <thead>
        <tr>
          <th scope="col">Queue</th>
          <th scope="col">Type</th>
          <th scope="col">Failed with</th>
          <th scope="col" class="num">Letters</th>
          <th scope="col" class="num">Too old</th>
        </tr>
      </thead>
      <tbody>
        ${groups.map(
          (group) =>
            html`<tr>
              <td class="keep"><code>${group.queue}</code></td>
              <td>${group.type ?? 'not known'}</td>
              <td>${group.errorCode} <code class="quiet">${group.fingerprint}</code></td>
              <td class="num">${group.count}</td>
              <td class="num">${group.tooOld}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function lettersText(count: number): string {
  return count === 1 ? 'one letter' : `${count} letters`;
}

export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
