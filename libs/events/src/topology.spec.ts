import { defineEvent } from './define.js';
import { EVENTS } from './registry.js';
import { topologyOf } from './topology.js';

describe('the topology', () => {
  const { topics, queues } = topologyOf(EVENTS, 'x');

  it('has one topic per producing service', () => {
    expect(topics.map((topic) => topic.name)).toEqual([
      'x-assignments-events',
      'x-content-events',
      'x-gradebook-events',
      'x-grading-events',
      'x-identity-events',
    ]);
  });

  it('has one queue per consumer and topic, filtered by its types', () => {
    const grading = queues.filter((queue) => queue.consumer === 'grading');
    expect(grading).toEqual([
      expect.objectContaining({
        name: 'x-grading-from-assignments',
        deadLetterName: 'x-grading-from-assignments-dlq',
        topicName: 'x-assignments-events',
        types: [
          'assignments.assignment-published.v1',
          'assignments.attempt-submitted.v1',
          'assignments.item-tried.v1',
        ],
      }),
      expect.objectContaining({
        name: 'x-grading-from-content',
        types: ['content.item-version-corrected.v1', 'content.scoring-spec-published.v1'],
      }),
      expect.objectContaining({
        name: 'x-grading-from-identity',
        types: ['identity.enrolment-changed.v1'],
      }),
    ]);
  });

  it('gives scoring specifications to grading alone', () => {
    const type = 'content.scoring-spec-published.v1';
    const consumers = queues.filter((queue) => queue.types.includes(type));
    expect(consumers.map((queue) => queue.consumer)).toEqual(['grading']);
  });

  it('has names SQS takes (80 characters of letters, digits, - and _)', () => {
    for (const queue of topologyOf(EVENTS).queues) {
      for (const name of [queue.name, queue.deadLetterName, queue.subscriptionDeadLetterName]) {
        expect(name).toMatch(/^[\w-]{1,80}$/);
      }
    }
  });
});

describe('an event', () => {
  const common = { data: Object, subject: 'id', summary: '' } as never;
  it('belongs to the service its type names', () => {
    const wrong = { ...(common as object), type: 'lti.x.v1', owner: 'grading', consumers: ['lti'] };
    expect(() => defineEvent(wrong as never)).toThrow(/must start with/);
  });
  it('needs a consumer', () => {
    const lonely = { ...(common as object), type: 'lti.x.v1', owner: 'lti', consumers: [] };
    expect(() => defineEvent(lonely as never)).toThrow(/no consumer/);
  });
});
