import type { AgsWorld } from './ags-door.js';
import { canBeGraded } from './directory.js';
import { jsonReply, pageReply, parseJson } from './http-door.js';
import type { Incoming, Reply } from './http-door.js';
import type { Grade, LineItem } from './line-items.js';
import { mediaTypes, refuseAccept, refuseContentType } from './media-types.js';
import { pageOf } from './paging.js';
import { readScore } from './score-rules.js';

/** Takes scores (AGS 2.0 section 3.4). */
export class ScoreEndpoint {
  readonly #world: AgsWorld;

  constructor(world: AgsWorld) {
    this.#world = world;
  }

  take(incoming: Incoming, item: LineItem): Reply {
    const { dialect, directory, lineItems, now } = this.#world;
    const wrongType = refuseContentType(incoming, dialect, mediaTypes.score);
    if (wrongType) return wrongType;
    const read = readScore(parseJson(incoming.body), dialect, now());
    if ('refusal' in read) {
      return this.#refuse(incoming, read.refusal.status, read.refusal.message);
    }
    const user = directory.user(read.score.userId);
    if (!user && dialect.name === 'moodle' && !/^\d+$/.test(read.score.userId)) {
      return { status: 0, delivery: 'statusless' };
    }
    if (!user || !canBeGraded(user)) {
      const message = 'The user is not known or cannot be graded here.';
      return this.#refuse(incoming, dialect.statuses.unknownUser, message);
    }
    if (lineItems.isStale(item, read.score)) {
      const message = 'A score with the same or a newer timestamp is already recorded.';
      return this.#refuse(incoming, dialect.statuses.staleScore, message);
    }
    lineItems.record(item, read.score);
    if (dialect.name !== 'canvas') return this.#accepted();
    return jsonReply(200, { resultUrl: lineItems.url(item, `/results/${read.score.userId}`) });
  }

  #accepted(): Reply {
    const status = this.#world.dialect.statuses.scoreAccepted;
    return status === 204
      ? { status }
      : { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '' };
  }

  #refuse(incoming: Incoming, status: number, message: string): Reply {
    if (!this.#world.dialect.refusesInReasonPhrase) {
      return jsonReply(status, { errors: [{ message }] });
    }
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    if (status !== 400) return { status, headers, body: '[]' };
    // A line break in the echoed request destroys the status line, and the default of 200 remains.
    if (incoming.body.includes('\n')) return { status: 200, headers, body: '[]' };
    const reasonPhrase = `${message} ${incoming.body}`.replace(/[^\x20-\x7e]/g, '?');
    return { status, headers, reasonPhrase, body: '[]' };
  }
}

/** Gives results back (AGS 2.0 section 3.3). */
export class ResultEndpoint {
  readonly #world: AgsWorld;

  constructor(world: AgsWorld) {
    this.#world = world;
  }

  list(incoming: Incoming, item: LineItem): Reply {
    const { dialect, lineItems } = this.#world;
    const refused = refuseAccept(incoming, dialect, mediaTypes.results);
    if (refused) return refused;
    const query = incoming.url.searchParams;
    if (dialect.brokenPaging && query.has('limit')) {
      return pageReply(404, '<!doctype html><title>Error</title><p>Error writing to database</p>');
    }
    const wantedUserId = query.get('user_id');
    const results = [...item.grades]
      .filter(([userId]) => wantedUserId === null || userId === wantedUserId)
      .filter(([, grade]) => grade.resultScore !== undefined || dialect.name === 'moodle')
      .map(([userId, grade]) => this.#wire(item, userId, grade));
    const { page, headers } = pageOf(results, incoming, lineItems.origin(), dialect);
    const reply = jsonReply(200, page, mediaTypes.results);
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }

  #wire(item: LineItem, userId: string, grade: Grade): Record<string, unknown> {
    const { dialect, lineItems } = this.#world;
    const id = lineItems.url(item, `/results/${encodeURIComponent(userId)}`);
    if (grade.resultScore === undefined) return { id, userId };
    const wire = {
      id,
      userId,
      scoreOf: lineItems.url(item),
      resultScore: grade.resultScore,
      resultMaximum: item.fields.scoreMaximum,
      comment: grade.comment,
      scoringUserId: grade.scoringUserId,
    };
    if (dialect.name !== 'moodle' || grade.scoredAtMs === undefined) return wire;
    return { ...wire, timestamp: new Date(grade.scoredAtMs).toISOString() };
  }
}
