import type { Try } from '../load/history.js';
import { check } from './check.js';
import type { Facts } from './facts.js';
import { soundFacts, submission, TRACE_OF } from './sound-facts.js';

/** Kind and invariant of everything found in sound facts that were changed. */
function found(change: (facts: Facts) => void): string[] {
  const facts = soundFacts();
  change(facts);
  return check(facts).map(({ kind, invariant }) => `${kind} ${invariant}`);
}

/** The first of a list that must not be empty. */
function first<T>(items: readonly T[]): T {
  if (items[0] === undefined) throw new Error('There is none.');
  return items[0];
}

const cellOf = (facts: Facts) => first(facts.cells);
const unanswered: Try = { at: '', outcome: 'unknown', status: 0, code: '', requestId: '' };
const refused: Try = {
  at: '',
  outcome: 'fail',
  status: 409,
  code: 'already-submitted',
  requestId: 'x',
};

test('in sound facts nothing is wrong', () => {
  expect(found(() => undefined)).toEqual([]);
});

describe('lost is', () => {
  test('a submission that was accepted and is not submitted', () => {
    const kinds = found((facts) => {
      first(facts.attempts).status = 'in-progress';
    });
    expect(kinds).toContain('lost I1');
  });

  test('an attempt that was answered and is not there', () => {
    expect(found((facts) => facts.attempts.shift())).toContain('lost I1');
  });

  test('a submission without a score, with another than the answers give, or not a final one', () => {
    expect(found((facts) => facts.scores.shift())).toContain('lost I1');
    expect(
      found((facts) => {
        first(facts.operations).expectedPoints = 2;
      }),
    ).toEqual(['lost I1']);
    expect(
      found((facts) => {
        first(facts.scores).status = 'provisional';
      }),
    ).toEqual(['lost I1']);
  });

  test('a score that is not in the gradebook', () => {
    expect(found((facts) => delete cellOf(facts).attempts.first)).toEqual(['lost I1']);
  });

  test('a committed event nobody applied, unless it is a dead letter of that consumer', () => {
    const isLost = (facts: Facts) => {
      facts.applications = facts.applications.filter(({ eventId }) => eventId !== 'changed-second');
    };
    expect(found(isLost)).toEqual(['lost I2']);
    const letter = {
      eventId: 'changed-second',
      code: 'schema',
      body: '',
      attributes: {},
    };
    const buriedIn = (queue: string) =>
      found((facts) => {
        isLost(facts);
        facts.letters.push({ ...letter, queue });
      });
    // As a letter it is not lost, but nobody planted it.
    expect(buriedIn('parlance-lti-from-gradebook-dlq')).toEqual(['letter I6']);
    expect(buriedIn('parlance-grading-from-gradebook-dlq')).toEqual(['lost I2', 'letter I6']);
  });

  test('an answer: a retry with the key of the submission itself was refused', () => {
    const kinds = found((facts) => {
      facts.operations = [
        submission('first', 1, { outcome: 'unknown', tries: [unanswered, refused] }),
        submission('second', 2),
      ];
    });
    expect(kinds).toEqual(['lost I1']);
  });

  test('a cell that lti never heard of', () => {
    expect(found((facts) => facts.knownCells.pop())).toEqual(['lost I3']);
  });
});

describe('phantom is', () => {
  test('a submission that was refused and happened all the same', () => {
    const kinds = found((facts) => {
      facts.operations = [
        submission('first', 1, { by: 'stranger', outcome: 'fail', tries: [refused] }),
        submission('second', 2),
      ];
    });
    expect(kinds).toContain('phantom I1');
  });

  test('a submission of nobody, or with a key of nobody', () => {
    expect(found((facts) => (facts.operations = [submission('second', 2)]))).toContain(
      'phantom I1',
    );
    expect(
      found((facts) => {
        first(facts.attempts).submissionKey = 'another';
      }),
    ).toContain('phantom I1');
  });

  test('an applied event that nobody committed, but not one that was planted', () => {
    const made = { consumer: 'lti', eventId: 'made-up', type: 't', traceId: null, times: 1 };
    expect(found((facts) => facts.applications.push(made))).toEqual(['phantom I4']);
    const kinds = found((facts) => {
      facts.applications.push(made);
      const rest = { name: 'odd', deadLetterQueue: undefined, codes: [], body: '', attributes: {} };
      facts.planted.push({ ...rest, eventId: 'made-up' });
    });
    expect(kinds).toEqual([]);
  });

  test('an event whose cause nobody applied', () => {
    const kinds = found((facts) => {
      facts.events.push({
        ...first(facts.events),
        eventId: 'odd',
        type: 'of.no.consumer',
        causationId: 'never-applied',
      });
    });
    expect(kinds).toEqual(['phantom I4']);
  });

  test('a score without a submission, and a cell without a score', () => {
    expect(
      found((facts) => {
        first(facts.attempts).status = 'in-progress';
      }),
    ).toContain('phantom I4');
    expect(found((facts) => facts.scores.shift())).toContain('phantom I4');
  });

  test('a version that nobody committed', () => {
    expect(
      found((facts) => {
        first(facts.projections).version = 3;
      }),
    ).toEqual(['phantom I3']);
  });
});

describe('duplicate is', () => {
  test('an event that was applied twice', () => {
    expect(
      found((facts) => {
        first(facts.applications).times = 2;
      }),
    ).toEqual(['duplicate I2']);
  });

  test('an attempt that was scored twice', () => {
    const kinds = found((facts) => {
      const score = first(facts.scores);
      score.versions.push({ ...first(score.versions), version: 2 });
    });
    expect(kinds).toEqual(['duplicate I1']);
  });

  test('a submission that was accepted under two keys', () => {
    const kinds = found((facts) => {
      const again = submission('first', 1, { by: 'owner-again', key: 'another' });
      facts.operations = [...facts.operations, again];
    });
    expect(kinds).toEqual(['duplicate I1']);
  });

  test('a version that stands twice in a history', () => {
    const kinds = found((facts) => {
      const { history } = cellOf(facts);
      history.splice(1, 0, first(history));
    });
    expect(kinds).toEqual(['duplicate I3']);
  });
});

describe('overtaken is', () => {
  test('a projection with an older version than was committed', () => {
    expect(
      found((facts) => {
        first(facts.projections).version = 1;
      }),
    ).toEqual(['overtaken I3']);
  });

  test('a cell that fell back to what its attempt scored before', () => {
    const kinds = found((facts) => {
      first(facts.scores).version = 2;
      const rescored = facts.events.find(({ eventId }) => eventId === 'scored-first');
      if (rescored) rescored.version = 2;
    });
    expect(kinds).toEqual(['overtaken I1']);
  });

  test('a cell of lti that is not the newest', () => {
    const kinds = found((facts) => {
      Object.assign(first(facts.knownCells), { version: 1, points: 1 });
    });
    expect(kinds).toEqual(['overtaken I3']);
  });

  test('a history with a gap, or one that ends elsewhere', () => {
    expect(found((facts) => cellOf(facts).history.shift())).toEqual(['overtaken I3']);
    const kinds = found((facts) => cellOf(facts).history.reverse());
    expect(kinds).toEqual(['overtaken I3']);
  });
});

describe('of an operation nobody knows the end of', () => {
  const unknown = submission('first', 1, { outcome: 'unknown', tries: [unanswered] });

  test('both ends are right', () => {
    expect(found((facts) => (facts.operations = [unknown, submission('second', 2)]))).toEqual([]);
    const kinds = found((facts) => {
      facts.operations = [submission('third', 0, { ...unknown, attemptId: 'third' })].concat(
        facts.operations as never,
      );
      facts.attempts.push({
        ...first(facts.attempts),
        attemptId: 'third',
        status: 'in-progress',
        submissionKey: null,
        traceId: null,
      });
    });
    expect(kinds).toEqual([]);
  });

  test('but not half of one', () => {
    const kinds = found((facts) => {
      facts.operations = [unknown, submission('second', 2)];
      facts.scores.shift();
      delete cellOf(facts).attempts.first;
    });
    expect(kinds).toEqual(['lost I1']);
  });
});

test('a trace that breaks off is found at every step', () => {
  expect(found((facts) => (first(facts.attempts).traceId = 'other'))).toContain('trace I5');
  expect(found((facts) => (first(first(facts.scores).versions).traceId = 'other'))).toEqual([
    'trace I5',
  ]);
  expect(found((facts) => (first(cellOf(facts).history).traceId = 'other'))).toEqual(['trace I5']);
  expect(found((facts) => (first(facts.applications).traceId = 'other'))).toEqual(['trace I5']);
  const event = (facts: Facts) => facts.events.find(({ eventId }) => eventId === 'changed-first');
  expect(found((facts) => Object.assign(event(facts) ?? {}, { traceId: 'other' }))).toEqual([
    'trace I5',
    'trace I5',
  ]);
  // A try that was not answered left the client without an id to compare with.
  const kinds = found((facts) => {
    const tries = [unanswered, { ...unanswered, outcome: 'ok' as const, requestId: 'retry' }];
    facts.operations = [submission('first', 1, { tries }), submission('second', 2)];
  });
  expect(kinds).toEqual([]);
});

describe('a dead letter', () => {
  const planted = {
    name: 'bad JSON',
    deadLetterQueue: 'q-dlq',
    codes: ['not-json'],
    eventId: 'e',
    body: '{',
    attributes: { ce_id: 'e' },
  };
  const letter = {
    queue: 'q-dlq',
    eventId: 'e',
    code: 'not-json',
    body: '{',
    attributes: { ce_id: 'e', error_code: 'not-json', receive_count: '1' },
  };
  const lettersOf = (...letters: Facts['letters']) =>
    found((facts) => {
      facts.planted.push(planted);
      facts.letters.push(...letters);
    });

  test('is as it was sent, once or twice', () => {
    expect(lettersOf(letter)).toEqual([]);
    expect(lettersOf(letter, letter)).toEqual([]);
  });

  test('must not be missing, changed, poorer, richer or there for another reason', () => {
    expect(lettersOf()).toEqual(['letter I6']);
    expect(lettersOf({ ...letter, body: '{ ' })).toEqual(['letter I6', 'letter I6']);
    expect(lettersOf({ ...letter, attributes: { error_code: 'not-json' } })).toEqual(['letter I6']);
    const richer = { ...letter.attributes, added: 'x' };
    expect(lettersOf({ ...letter, attributes: richer })).toEqual(['letter I6']);
    expect(lettersOf({ ...letter, code: 'schema' })).toEqual(['letter I6']);
  });

  test('must be handled where it should be', () => {
    const handled = { ...planted, deadLetterQueue: undefined };
    expect(found((facts) => facts.planted.push(handled))).toEqual(['letter I6']);
  });
});

test('sums are compared: best of the attempts, and total of the cells', () => {
  expect(found((facts) => (first(facts.totals).points = 3))).toEqual(['sum I7']);
  const kinds = found((facts) => {
    const cell = cellOf(facts);
    cell.points = 1;
    cell.attemptId = 'first';
    first(facts.totals).points = 1;
  });
  expect(kinds).toContain('sum I7');
});

test('what is found says what to look for', () => {
  const facts = soundFacts();
  facts.scores.shift();
  expect(check(facts)[0]).toMatchObject({
    about: 'attempt first was never scored',
    lookFor: 'first',
  });
  expect(TRACE_OF('first')).toBe('trace-of-first');
});
