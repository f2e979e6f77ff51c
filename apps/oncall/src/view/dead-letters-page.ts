import type { LetterGroup } from '@parlance/messaging';
import type { LettersFound, PlaceReport } from '../dead-letters.js';
import type { RunFilter } from '../domain/letter-run.js';
import type { PauseReport, ServicePause } from '../paused-types.js';
import { html, type Html } from './html.js';
import { document, instant } from './layout.js';
import { linkTo } from './letter-links.js';

export interface DeadLettersPage {
  filter: RunFilter;
  /** Undefined: SQS did not answer. */
  found: (LettersFound & { groups: LetterGroup[] }) | undefined;
  /** Every place there is, for the filter. */
  places: readonly string[];
  pauses: PauseReport;
  formToken: string;
}

export function deadLettersPage(page: DeadLettersPage) {
  return document({
    title: 'Dead letters',
    signedIn: true,
    main: html`<h1>Dead letters</h1>
      <p class="quiet">
        Messages that could not be handled, delivered or published. They stay until they are
        redriven or discarded, but in a queue for 14 days at most.
        <a href="/dead-letters/audit">What was redriven and discarded</a>
      </p>
      ${pauseSection(page.pauses, page.formToken)} ${filterForm(page)}
      ${page.found === undefined ? QUEUES_AWAY : foundSection(page.found)}`,
  });
}

const QUEUES_AWAY = html`<p class="notice bad" role="alert">
  SQS does not answer: the dead letters cannot be looked at now.
</p>`;

function filterForm({ filter, places }: DeadLettersPage): Html {
  return html`<form class="row" method="get" action="/dead-letters" aria-label="Filter">
    <label
      >Queue
      <select name="queue">
        <option value="">all</option>
        ${places.map(
          (name) =>
            html`<option value="${name}" ${name === filter.queue && html`selected`}>
              ${name}
            </option>`,
        )}
      </select>
    </label>
    <label
      >Type of event
      <input name="type" value="${filter.type}" maxlength="200" spellcheck="false" />
    </label>
    <label
      >Institution
      <input name="institutionId" value="${filter.institutionId}" maxlength="36" />
    </label>
    <button>Show</button>
  </form>`;
}

function foundSection({
  groups,
  places,
  letters,
  isComplete,
}: NonNullable<DeadLettersPage['found']>) {
  const counted = letters.length === 1 ? 'One letter' : `${letters.length} letters`;
  return html`${placeNotices(places)}
  ${
    groups.length === 0
      ? html`<p class="notice">
          No dead letter ${isComplete ? '' : 'that could be looked at '}fits.
        </p>`
      : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="groups">
          <table>
            <caption id="groups">
              ${counted}${!isComplete && ' and perhaps more'}, by what they failed with
            </caption>
            <thead>
              <tr>
                <th scope="col" class="num">Letters</th>
                <th scope="col">Failed with</th>
                <th scope="col">Type and queue</th>
                <th scope="col" class="num">Institutions</th>
                <th scope="col">First and last</th>
              </tr>
            </thead>
            <tbody>
              ${groups.map(groupRow)}
            </tbody>
          </table>
        </div>`
  }`;
}

function groupRow(group: LetterGroup): Html {
  const { queue, type, fingerprint, errorCode } = group;
  return html`<tr>
    <td class="num">${group.count}</td>
    <td>
      <a href="${linkTo('/dead-letters/group', { queue, type, fingerprint })}">${errorCode}</a
      ><br /><code class="quiet">${fingerprint}</code>
    </td>
    <td>${type ?? 'type not known'}<br /><code class="quiet">${queue}</code></td>
    <td class="num">${group.institutions}</td>
    <td class="keep">${instant(group.firstAt)}<br />${instant(group.lastAt)}</td>
  </tr>`;
}

function placeNotices(places: readonly PlaceReport[]): Html {
  const named = (state: PlaceReport['state']) =>
    places.filter((place) => place.state === state).map(({ name }) => name);
  const [missing, away, busy] = [named('missing'), named('away'), named('busy')];
  return html`${
    busy.length > 0 &&
    html`<p class="notice">A redrive or discard is at work in ${busy.join(', ')}.</p>`
  }
  ${
    away.length > 0 &&
    html`<p class="notice bad">These services could not be asked: ${away.join(', ')}.</p>`
  }
  ${
    missing.length > 0 &&
    html`<p class="notice bad">There are no such queues: ${missing.join(', ')}.</p>`
  }`;
}

function pauseSection({ pauses, away }: PauseReport, formToken: string): Html {
  return html`${
    pauses.length > 0 &&
    html`<h2 id="pauses">Paused types</h2>
      <p>
        These types are not handled now, because message after message failed in the same way. One
        is tried now and then, and the first that succeeds ends the pause.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="pauses">
        <table>
          <thead>
            <tr>
              <th scope="col">Type</th>
              <th scope="col">Service</th>
              <th scope="col">Failed with</th>
              <th scope="col">Paused</th>
              <th scope="col">Handle again</th>
            </tr>
          </thead>
          <tbody>
            ${pauses.map((pause) => pauseRow(pause, formToken))}
          </tbody>
        </table>
      </div>`
  }
  ${
    away.length > 0 &&
    html`<p class="notice">Whether types are paused is not known of: ${away.join(', ')}.</p>`
  }`;
}

function pauseRow({ type, service, fingerprint, messages, pausedAt }: ServicePause, token: string) {
  return html`<tr>
    <td>${type}</td>
    <td>${service}</td>
    <td>${messages} messages, <code>${fingerprint}</code></td>
    <td>${instant(pausedAt)}</td>
    <td>
      <form class="row" method="post" action="/dead-letters/resume">
        <input type="hidden" name="form" value="${token}" />
        <input type="hidden" name="type" value="${type}" />
        <label
          >Your name
          <input name="operator" required maxlength="80" autocomplete="name" />
        </label>
        <button aria-label="Resume ${type}">Resume</button>
      </form>
    </td>
  </tr>`;
}
